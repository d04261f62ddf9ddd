/** A page of a framework's application, bundled as applications are and opened in a real browser. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Page } from 'puppeteer-core';
import { build } from 'vite';
import { CHROMIUM_FLAGS, requireBrowser } from '../tools/browsers.mjs';

/** The page as one script. `alias` as in Vite. */
const bundle = async (file: string, alias: Readonly<Record<string, string>>): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: { alias },
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        // Registering the tag is an effect, of which `package.json` speaks for the published files only.
        treeshake: false,
        input: fileURLToPath(new URL(file, import.meta.url)),
        output: { codeSplitting: false },
      },
    },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  return outputs.map((output) => (output.type === 'chunk' ? output.code : '')).join('');
};

export interface FrameworkPage {
  readonly page: Page;
  close(): Promise<void>;
}

/** Opens the application once its element shows its button. */
export const openFrameworkPage = async (
  file: string,
  alias: Readonly<Record<string, string>> = {},
): Promise<FrameworkPage> => {
  const script = await bundle(file, alias);
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      request
        .resume()
        .on('end', () => response.setHeader('Content-Type', 'application/json').end('{"fileId":"stored"}'));
      return;
    }
    const isScript = request.url === '/page.js';
    response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><body><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await puppeteer.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] });
  const close = async () => {
    await browser.close();
    server.close();
  };
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => document.querySelector('fastio-upload')?.shadowRoot?.querySelector('.choose'));
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
};
