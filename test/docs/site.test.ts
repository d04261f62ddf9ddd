/** What the documentation does in a browser beyond being read. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { BROWSER } from '../support/browsers/browser-name.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../tools/browsers.mjs';
import { type SiteServer, serveSite } from './site-server.js';

const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));

describe('the documentation', { skip: BROWSER !== 'chromium' }, () => {
  let site: SiteServer;
  let browser: Browser;
  let base = '';

  before(async () => {
    site = await serveSite();
    base = site.base;
    browser = await puppeteer.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] });
  });

  after(async () => {
    await browser.close();
    site.close();
  });

  const open = async (path: string): Promise<{ page: Page }> => {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(base + path, { waitUntil: 'networkidle0' });
    return { page };
  };

  it('finds what is searched for, and leads there', async () => {
    const { page } = await open('index.html');
    await page.keyboard.press('/');
    await page.type('.search-dialog input', 'expired grant');
    await page.waitForSelector('.search-dialog li a');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.notEqual(page.url(), `${base}index.html`);
    await page.close();
  });

  it('pins the script by the hash that the browser finds', async () => {
    const { page } = await open('frameworks/plain.html');
    const text = await page.$eval('article', ({ textContent }) => textContent ?? '');
    const [, version, integrity] = /fastio-upload@([\d.]+)\/dist\S+\s+integrity="([^"]+)"/.exec(text) ?? [];
    assert.equal(version, JSON.parse(readFileSync(PACKAGE, 'utf8')).version);
    const load = (hash: string) =>
      page.evaluate(
        (src, value) =>
          new Promise<boolean>((resolve) => {
            const script = Object.assign(document.createElement('script'), { src, integrity: value, type: 'module' });
            script.addEventListener('load', () => resolve(true));
            script.addEventListener('error', () => resolve(false));
            document.head.append(script);
          }),
        `${base}element/fastio-upload.js`,
        hash,
      );
    assert.equal(await load(`sha384-${'A'.repeat(64)}`), false);
    assert.equal(await load(integrity ?? ''), true);
    await page.close();
  });

  it('has an element on its first screen that uploads', async () => {
    const { page } = await open('index.html');
    const frame = await (await page.waitForSelector('.live iframe'))?.contentFrame();
    await frame?.waitForFunction(() => customElements.get('fastio-upload') !== undefined);
    const stored = await frame?.evaluate(async () => {
      const element = document.querySelector('fastio-upload') as HTMLElement & { addFiles(files: File[]): void };
      const done = new Promise((resolve) => element.addEventListener('upload-complete', resolve, { once: true }));
      element.addFiles([new File(['hello'], 'hello.txt')]);
      await done;
      return true;
    });
    assert.equal(stored, true);
    await page.close();
  });
});
