/** The tag as Lit renders it on a server: what a page shows before its scripts come. */

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';
import { FastioUpload } from '../../src/element/fastio-upload.js';

const warnings: string[] = [];
const onWarning = ({ message }: Error) => warnings.push(message);

describe('the tag rendered on a server', () => {
  before(() => customElements.define('fastio-upload', FastioUpload));

  it('is the empty element with the limits of its attributes', async () => {
    const page = await collectResult(render(html`<fastio-upload endpoint="/api" max-files="3"></fastio-upload>`));
    assert.match(page, /<fastio-upload[^>]*><template shadowroot="open"/);
    assert.match(page, /part="choose-button"|choose-button"/);
    assert.match(page, /3 files/);
  });

  it('never prints a function, and writes no warning, however many tags there are', async () => {
    process.on('warning', onWarning);
    const headers = () => ({ Authorization: 'secret-token' });
    const tags = Array.from(
      { length: 20 },
      () => html`<fastio-upload endpoint="/api" .headers=${headers}></fastio-upload>`,
    );
    const page = await collectResult(render(html`${tags}`));
    // Node tells warnings in a later task.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    assert.ok(!page.includes('secret-token') && !page.includes('=&gt;') && !page.includes('headers='));
    assert.deepEqual(warnings, []);
  });

  it('creates no engine, which would listen and look for records', async () => {
    let made = 0;
    class Counted extends FastioUpload {
      override get engine(): FastioUpload['engine'] {
        made += 1;
        return super.engine;
      }

      protected override ready(): FastioUpload['engine'] {
        made += 1;
        return super.ready();
      }
    }
    customElements.define('counted-upload', Counted);
    await collectResult(
      render(html`<counted-upload endpoint="/api" .stored=${[{ fileId: 'a', name: 'a.txt' }]}></counted-upload>`),
    );
    assert.equal(made, 0);
  });
});
