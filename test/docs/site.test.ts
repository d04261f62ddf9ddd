/** The documentation as it is built: every page is opened in a browser, and every link of it is followed. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { CHROMIUM_FLAGS, requireBrowser } from '../tools/browsers.mjs';

const SITE = fileURLToPath(new URL('../../demo/docs/site/', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** In a folder of the server, as static hosts have it. */
const FOLDER = '/some/folder/';

const serveSite = async (): Promise<Server> => {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    try {
      if (!pathname.startsWith(FOLDER)) throw new Error('outside of the site');
      const content = readFileSync(join(SITE, normalize(pathname.slice(FOLDER.length))));
      response.setHeader('Content-Type', TYPES[extname(pathname)] ?? 'application/octet-stream').end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

const pagePaths = readdirSync(SITE, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.html'))
  .sort();

describe('the documentation', () => {
  let server: Server;
  let browser: Browser;
  let base = '';

  before(async () => {
    server = await serveSite();
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}${FOLDER}`;
    browser = await puppeteer.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] });
  });

  after(async () => {
    await browser.close();
    server.close();
    server.closeAllConnections();
  });

  /** Opens a page, and tells what it complained of. */
  const open = async (path: string, width = 1280): Promise<{ page: Page; complaints: string[] }> => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    await page.setViewport({ width, height: 900 });
    await page.goto(base + path, { waitUntil: 'networkidle0' });
    return { page, complaints };
  };

  for (const path of pagePaths) {
    it(`${path} has no error, no finding of axe, no dead link, and fits 320 pixels`, async () => {
      const { page, complaints } = await open(path);
      await page.evaluate(AXE);
      const findings = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      const links = await page.$$eval('a[href]', (anchors) => anchors.map(({ href }) => href));
      await page.setViewport({ width: 320, height: 700 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await page.close();
      assert.deepEqual(complaints, []);
      assert.deepEqual(findings, []);
      assert.deepEqual(deadLinks(links, base), []);
      assert.ok(overflow <= 0, `${overflow} pixels too wide at 320`);
    });
  }

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

/** Links within the site whose page or place is missing. */
const deadLinks = (links: readonly string[], base: string): string[] =>
  links.filter((link) => {
    if (!link.startsWith(base)) return false;
    const { pathname, hash } = new URL(link);
    const path = pathname.slice(new URL(base).pathname.length);
    try {
      const text = readFileSync(join(SITE, path), 'utf8');
      return hash !== '' && !text.includes(`id="${decodeURIComponent(hash.slice(1))}"`);
    } catch {
      return true;
    }
  });
