import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import type { FastioUpload as FastioUploadElement } from '../../src/index.js';
import { FastioUpload } from '../../src/react.js';
import { type FrameworkPage, openFrameworkPage } from './framework-page.js';

interface ReactWindow {
  readonly page: { readonly ref: { readonly current: FastioUploadElement | null }; readonly heard: readonly string[] };
}

describe('the React component', () => {
  let application: FrameworkPage;
  let page: Page;

  before(async () => {
    application = await openFrameworkPage('react-page.ts');
    page = application.page;
  });

  after(() => application?.close());

  it('is the tag alone on a server', () => {
    const props = { endpoint: '/api/uploads', className: 'wide', onUploadComplete: () => {} };
    assert.equal(renderToString(createElement(FastioUpload, props)), '<fastio-upload class="wide"></fastio-upload>');
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
});
