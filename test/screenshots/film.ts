/**
 * `npm run film`: `demo/film.gif`, the moving picture of the README. A real upload to the emulator over a slow line, with
 * a reload in the middle of it.
 */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import puppeteer, { type Page } from 'puppeteer-core';
import { startBackend } from '../../src/testing/index.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../tools/browsers.mjs';
import { animate, type Picture } from './animation.js';
import { ROOT, serve } from './serve.js';

const SIZE = { width: 760, height: 460 };
const FRAME_MS = 125;
const BYTES_PER_SECOND = 4_200_000;

/** Takes pictures until it is stopped; those that show nothing new are left out. */
class Film {
  readonly pictures: Picture[] = [];
  readonly #page: Page;
  readonly #began = performance.now();

  constructor(page: Page) {
    this.#page = page;
  }

  /** @param isOver Ends it, when given; else after the time. */
  async roll(milliseconds: number, isOver = async (): Promise<boolean> => false): Promise<void> {
    const until = performance.now() + milliseconds;
    while (performance.now() < until && !(await isOver())) {
      const at = performance.now() - this.#began;
      const png = await this.#page.screenshot({ optimizeForSpeed: true });
      const last = this.pictures.at(-1);
      if (last === undefined || Buffer.compare(last.png, png) !== 0) this.pictures.push({ png, at });
      await delay(Math.max(0, FRAME_MS - (performance.now() - this.#began - at)));
    }
  }
}

const progressOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const uploads = document.querySelector('fastio-upload')?.uploads ?? [];
    const done = uploads.reduce((sum, { confirmedBytes }) => sum + confirmedBytes, 0);
    const size = uploads.reduce((sum, upload) => sum + upload.size, 0);
    return size === 0 ? 0 : done / size;
  });

const site = await serve();
const backend = await startBackend();
const browser = await puppeteer.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] });
const page = await browser.newPage();
// The browser asks before a page with uploads is left.
page.on('dialog', (dialog) => void dialog.accept());
await page.setViewport(SIZE);
await page.emulateNetworkConditions({ upload: BYTES_PER_SECOND, download: 10_000_000, latency: 40 });
const open = async (action: () => Promise<unknown>) => {
  await action();
  await page.waitForFunction(() => document.title === 'ready');
};
await open(() =>
  page.goto(`${site.origin}/test/screenshots/film.html?endpoint=${encodeURIComponent(backend.endpoint)}`),
);
const film = new Film(page);
await film.roll(1000);
await page.evaluate('void chooseAll()');
await film.roll(20_000, async () => (await progressOf(page)) > 0.42);
await open(() => page.reload());
await film.roll(30_000, async () => (await progressOf(page)) === 1);
await film.roll(1500);
await writeFile(join(ROOT, 'demo/film.gif'), animate(film.pictures, SIZE));
await browser.close();
await backend.close();
await site.close();
