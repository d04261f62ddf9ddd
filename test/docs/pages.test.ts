/** Every page of the documentation, opened in the browser under test. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../support/browsers/start-browser.js';
import type { BrowserDriver, TabDriver, Visitor } from '../support/browsers/tab-driver.js';
import { SITE, type SiteServer, serveSite } from './site-server.js';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

const NARROW = 320;

const pagePaths = readdirSync(SITE, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.html'))
  .sort();

interface AxeWindow {
  readonly axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

const complaintsOf = (tab: TabDriver) =>
  tab.evaluate(() => (globalThis as unknown as { complaints: readonly string[] }).complaints);

const findingsOf = (tab: TabDriver) =>
  tab.evaluate(async (axe) => {
    document.head.append(Object.assign(document.createElement('script'), { textContent: axe }));
    const { violations } = await (globalThis as unknown as AxeWindow).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, AXE);

const linksOf = (tab: TabDriver) =>
  tab.evaluate(() => Array.from(document.querySelectorAll<HTMLAnchorElement>('a[href]'), ({ href }) => href));

/** In a frame, because not every browser makes its window so narrow. */
const overflowAt = (tab: TabDriver, width: number) =>
  tab.evaluate(async (pixels) => {
    const frame = document.createElement('iframe');
    frame.style.cssText = `position: fixed; inset: 0 auto auto 0; border: 0; inline-size: ${pixels}px; block-size: 700px`;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    frame.src = location.href;
    document.body.append(frame);
    await loaded;
    return (frame.contentDocument?.documentElement.scrollWidth ?? Number.POSITIVE_INFINITY) - pixels;
  }, width);

describe('a page of the documentation', () => {
  let site: SiteServer;
  let browser: BrowserDriver;
  let visitor: Visitor;
  let tab: TabDriver;

  before(async () => {
    site = await serveSite();
    browser = await startBrowser([]);
    visitor = await browser.newVisitor();
    tab = await visitor.newTab();
  });

  after(async () => {
    await browser.close();
    site.close();
  });

  for (const path of pagePaths) {
    it(`has no error, no finding of axe, no dead link, and fits 320 pixels: ${path}`, async () => {
      await tab.visit(site.base + path);
      const findings = await findingsOf(tab);
      const links = await linksOf(tab);
      const overflow = await overflowAt(tab, NARROW);
      assert.deepEqual(await complaintsOf(tab), []);
      assert.deepEqual(site.missing.splice(0), []);
      assert.deepEqual(findings, []);
      assert.deepEqual(deadLinks(links, site.base), []);
      assert.ok(overflow <= 0, `${overflow} pixels too wide at ${NARROW}`);
    });
  }
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
