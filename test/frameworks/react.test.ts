import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { FastioUpload, type FastioUploadProps } from '../../src/react.js';
import { EDITED } from './edit-form.js';
import { type FrameworkPage, openFrameworkPage } from './framework-page.js';
import type { ReactPage } from './react-page.js';

interface ReactWindow {
  readonly page: ReactPage;
}

describe('the React component', () => {
  let application: FrameworkPage;
  let page: Page;

  before(async () => {
    application = await openFrameworkPage('react-page.ts');
    page = application.page;
  });

  after(() => application?.close());

  it('is on a server the tag with all settings that an attribute can say, and nothing else', () => {
    const props: FastioUploadProps = {
      endpoint: '/api/uploads',
      className: 'wide',
      maxFiles: 5,
      noAuto: true,
      multiple: false,
      metadata: { album: 'summer' },
      headers: () => ({ Authorization: 'secret' }),
      onUploadComplete: () => {},
    };
    assert.equal(
      renderToString(createElement(FastioUpload, props)),
      '<fastio-upload endpoint="/api/uploads" max-files="5" no-auto="" ' +
        'metadata="{&quot;album&quot;:&quot;summer&quot;}" class="wide"></fastio-upload>',
    );
  });

  it('sets properties of every kind', async () => {
    const set = await page.evaluate(() => {
      const element = (window as unknown as ReactWindow).page.ref.current;
      return [element?.className, element?.maxFiles, element?.noAuto, element?.engine.options.endpoint];
    });
    assert.deepEqual(set, ['wide', 2, true, '/grants']);
  });

  it('hears each event once, although StrictMode mounts twice', async () => {
    const heard = await page.evaluate(() => {
      const { ref, heard } = (window as unknown as ReactWindow).page;
      ref.current?.addFiles([new File(['x'], 'a.txt')]);
      return heard;
    });
    assert.deepEqual(heard, ['a.txt']);
  });

  it('takes back what is no longer given', async () => {
    const { given, taken } = await page.evaluate(() => (window as unknown as ReactWindow).page.seeTaken());
    assert.deepEqual(given, {
      isBrought: true,
      maxFiles: 2,
      noAuto: true,
      checksums: true,
      headers: { 'X-Tenant': 'ada' },
      strings: { chooseFiles: 'Pick' },
      name: 'pictures',
    });
    assert.deepEqual(taken, {
      isBrought: false,
      maxFiles: null,
      noAuto: false,
      checksums: false,
      headers: {},
      strings: {},
      name: '',
    });
  });

  it('takes it back also before the tag has its class', async () => {
    const set = await page.evaluate(() => {
      const element = (window as unknown as ReactWindow).page.hastyRef.current;
      return [element?.maxFiles, element?.noAuto, element?.noResume, element?.strings, element?.endpoint];
    });
    assert.deepEqual(set, [null, false, true, {}, '/grants']);
  });

  it('brings the ids of an edit form, whose stored files are a new list at each rendering', async () => {
    const entries = await page.evaluate(() => (window as unknown as ReactWindow).page.seeEdited());
    assert.deepEqual(entries, EDITED);
  });

  it('cleans a callback ref up in the way that the ref asks for', async () => {
    const told = await page.evaluate(() => (window as unknown as ReactWindow).page.seeRefs());
    assert.deepEqual(told, ['cleaned', 'fastio-upload', 'null']);
  });
});
