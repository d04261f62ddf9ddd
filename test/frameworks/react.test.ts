import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { build } from 'vite';
import type { FastioUpload as FastioUploadElement } from '../../src/index.js';
import { FastioUpload } from '../../src/react.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../tools/browsers.mjs';

interface ReactWindow {
  readonly page: { readonly ref: { readonly current: FastioUploadElement | null }; readonly heard: readonly string[] };
}

/** The page as one script, as an application's bundler makes it. */
const bundle = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        input: fileURLToPath(new URL('react-page.ts', import.meta.url)),
        output: { codeSplitting: false },
      },
    },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  return outputs.map((output) => (output.type === 'chunk' ? output.code : '')).join('');
};

describe('the React component', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const script = await bundle();
    server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' });
      response.end(isScript ? script : '<!doctype html><body><script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await puppeteer.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => document.querySelector('fastio-upload')?.shadowRoot?.querySelector('.choose'));
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

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
