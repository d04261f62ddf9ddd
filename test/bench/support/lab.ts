/** A real browser on the pages of the contenders. Every run has a visitor of its own: cold caches, cold connections. */

import { randomFillSync } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../../tools/browsers.mjs';
import { buildPages } from './build-pages.js';
import type { Profile } from './profile.js';
import { type Site, startSite } from './site.js';

/** One way to send files: a page, and a setting of the library in it. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly page: string;
  readonly variant: string;
}

/** No contender gets longer for one run. */
const MAX_CALL_MS = 80_000;

/** What went wrong in a run, in words for the table. */
export const explain = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return /timed out/.test(message) ? `page blocked for more than ${MAX_CALL_MS / 1000} s` : message;
};

export class Lab {
  readonly site: Site;
  readonly #pages: string;
  readonly #folder: string;
  readonly #files = new Map<number, string>();

  private constructor(site: Site, folder: string, pages: string) {
    this.site = site;
    this.#folder = folder;
    this.#pages = pages;
  }

  /** @param earlier a checkout of an earlier version, if that is to be measured as well. */
  static async open(earlier: string | null = null): Promise<Lab> {
    const folder = await makeScratchFolder('bench');
    const pages = join(folder, 'pages');
    await buildPages(pages, earlier);
    return new Lab(await startSite(pages), folder, pages);
  }

  /** The same pages behind a line of their own. */
  async beside(): Promise<Lab> {
    return new Lab(await startSite(this.#pages), await makeScratchFolder('bench'), this.#pages);
  }

  /** Where scenarios may leave files; removed at the end. */
  get folder(): string {
    return this.#folder;
  }

  /** @param longestCallMs gives up on a page that does not answer for so long. */
  async browser(longestCallMs = MAX_CALL_MS): Promise<Browser> {
    return puppeteer.launch({
      executablePath: requireBrowser('chromium'),
      headless: true,
      args: [...CHROMIUM_FLAGS],
      protocolTimeout: longestCallMs,
      acceptInsecureCerts: true,
    });
  }

  /** The contender's page, ready to send, on this line. */
  async visit(
    browser: Browser,
    { page: name, variant }: Pick<Entry, 'page' | 'variant'>,
    line: Profile,
  ): Promise<Page> {
    this.site.use(line);
    const visitor = await browser.createBrowserContext();
    const page = await visitor.newPage();
    page.setDefaultTimeout(MAX_CALL_MS);
    // tsx wraps named functions in a helper of its own, which pages lack when they are handed one.
    await page.evaluateOnNewDocument('globalThis.__name = (target) => target');
    await page.goto(`${this.site.origin}/page/${name}?variant=${encodeURIComponent(variant)}`);
    await page.waitForFunction(() => globalThis.contender !== undefined);
    this.site.sink.reset();
    return page;
  }

  /** A file of random bytes, chosen in the page's own input. */
  async choose(page: Page, size: number): Promise<void> {
    const input = (await page.$('#chosen')) as ElementHandle<HTMLInputElement> | null;
    await input?.uploadFile(await this.#file(size));
  }

  async close(): Promise<void> {
    await this.site.close();
    await removeScratchFolder(this.#folder);
  }

  async #file(size: number): Promise<string> {
    const known = this.#files.get(size);
    if (known !== undefined) return known;
    const path = join(this.#folder, `${size}.bin`);
    const file = await open(path, 'w');
    const block = Buffer.allocUnsafe(1 << 20);
    for (let written = 0; written < size; written += block.length) {
      await file.write(randomFillSync(block), 0, Math.min(block.length, size - written));
    }
    await file.close();
    this.#files.set(size, path);
    return path;
  }
}
