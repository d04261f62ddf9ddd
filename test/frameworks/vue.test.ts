import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { createSSRApp, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { FastioUpload as FastioUploadElement } from '../../src/index.js';
import fastioUpload from '../../src/vue.js';
import { EDITED } from './edit-form.js';
import { type FrameworkPage, openFrameworkPage } from './framework-page.js';

interface VueWindow {
  readonly page: {
    readonly element: { readonly value: FastioUploadElement };
    readonly settings: { disabled: boolean };
    readonly heard: readonly string[];
    readonly seeEdited: () => Promise<unknown>;
  };
}

describe('the Vue plugin', () => {
  let application: FrameworkPage;
  let page: Page;

  before(async () => {
    application = await openFrameworkPage('vue-page.ts', { vue: 'vue/dist/vue.esm-bundler.js' });
    page = application.page;
  });

  after(() => application?.close());

  it('is the tag alone on a server', async () => {
    const app = createSSRApp({ render: () => h('fastio-upload', { endpoint: '/api/uploads', disabled: false }) });
    assert.equal(
      await renderToString(app.use(fastioUpload)),
      '<fastio-upload endpoint="/api/uploads"></fastio-upload>',
    );
  });

  it('sets properties of every kind when it mounts', async () => {
    const set = await page.evaluate(() => {
      const { value } = (window as unknown as VueWindow).page.element;
      const { disabled, noAuto, maxFiles, headers, metadata, strings, engine } = value;
      const button = value.shadowRoot?.querySelector('.choose')?.textContent?.trim();
      return { disabled, noAuto, maxFiles, headers, metadata, strings, button, endpoint: engine.options.endpoint };
    });
    assert.deepEqual(set, {
      disabled: false,
      noAuto: true,
      maxFiles: 2,
      headers: { 'X-Tenant': 'ada' },
      metadata: { album: 'summer' },
      strings: { chooseFiles: 'Pick' },
      button: 'Pick',
      endpoint: '/grants',
    });
  });

  it('follows what changes', async () => {
    const disabled = await page.evaluate(async () => {
      const { element, settings } = (window as unknown as VueWindow).page;
      const seen: boolean[] = [];
      for (const wanted of [true, false]) {
        settings.disabled = wanted;
        // Vue renders in a microtask.
        await new Promise((resolve) => setTimeout(resolve));
        seen.push(element.value.disabled);
      }
      return seen;
    });
    assert.deepEqual(disabled, [true, false]);
  });

  it('hears each event once', async () => {
    const heard = await page.evaluate(() => {
      const { element, heard } = (window as unknown as VueWindow).page;
      element.value.addFiles([new File(['x'], 'a.txt')]);
      return heard;
    });
    assert.deepEqual(heard, ['a.txt']);
  });

  it('brings the ids of an edit form, whose stored files are a new list at each rendering', async () => {
    const entries = await page.evaluate(() => (window as unknown as VueWindow).page.seeEdited());
    assert.deepEqual(entries, EDITED);
  });
});
