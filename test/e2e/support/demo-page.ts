/** A real browser on the demo's page, with the acts of a user: choose files, drop a folder, wait, reload. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import type { UploadSnapshot } from '../../../src/engine/snapshot.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../../tools/browsers.mjs';

const FILE_INPUT = 'fastio-upload >>> input[type=file]:not([webkitdirectory])';

/** A gigabyte takes its time; each wait has a limit of its own. */
const LONGEST_CALL_MS = 900_000;

export const IS_FIREFOX = process.env.TEST_BROWSER === 'firefox';

export type DemoProtocol = 'auto' | 'presigned' | 'chunked' | 'fastio';

interface UploadElement extends HTMLElement {
  readonly uploads: readonly UploadSnapshot[];
}

/** A browser with a profile of its own. */
export class TestBrowser {
  readonly #browser: Browser;
  readonly #profile: string;

  private constructor(browser: Browser, profile: string) {
    this.#browser = browser;
    this.#profile = profile;
  }

  /** The browser that `TEST_BROWSER` names; Chromium without it. Firefox speaks WebDriver BiDi and knows no CDP. */
  static async start(): Promise<TestBrowser> {
    const profile = await mkdtemp(join(tmpdir(), 'fastio-upload-profile-'));
    const common = { headless: true, userDataDir: profile, protocolTimeout: LONGEST_CALL_MS };
    const browser = await puppeteer.launch(
      IS_FIREFOX
        ? { ...common, browser: 'firefox', executablePath: requireBrowser('firefox') }
        : { ...common, executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] },
    );
    return new TestBrowser(browser, profile);
  }

  /** For a visitor of its own, with storage of its own. @param origin of the demo, without a slash at its end. */
  async open(origin: string, protocol: DemoProtocol): Promise<DemoPage> {
    const visitor = await this.#browser.createBrowserContext();
    return DemoPage.open(visitor, `${origin}/?protocol=${protocol}`);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class DemoPage {
  readonly page: Page;
  readonly #visitor: BrowserContext;
  readonly #errors: string[] = [];

  private constructor(page: Page, visitor: BrowserContext) {
    this.page = page;
    this.#visitor = visitor;
    // The element asks before its page is left in the middle of an upload; these visitors mean it.
    page.on('dialog', (dialog) => void dialog.accept());
    page.on('pageerror', (error) => this.#errors.push(error instanceof Error ? error.message : String(error)));
  }

  static async open(visitor: BrowserContext, url: string): Promise<DemoPage> {
    const page = new DemoPage(await visitor.newPage(), visitor);
    await page.page.goto(url);
    await page.ready();
    return page;
  }

  /** Closes the tab; the same visitor comes back in a new one. */
  async reopen(): Promise<DemoPage> {
    const url = this.page.url();
    await this.page.close();
    return DemoPage.open(this.#visitor, url);
  }

  /** The element is defined and has rendered its input. */
  async ready(): Promise<void> {
    await this.page.waitForSelector(FILE_INPUT);
  }

  /** Through the element's own file input. */
  async choose(...paths: string[]): Promise<void> {
    const input = await this.page.waitForSelector(FILE_INPUT);
    assert.ok(input, 'the element has a file input');
    // The type of the handle cannot be known from the selector.
    await (input as unknown as { uploadFile(...files: string[]): Promise<void> }).uploadFile(...paths);
  }

  /** A real drop of files and folders, as the browser does it. */
  async drop(...paths: string[]): Promise<void> {
    const element = await this.page.waitForSelector('fastio-upload');
    const box = await element?.boundingBox();
    assert.ok(box, 'the element is visible');
    const session = await this.page.createCDPSession();
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 40), data };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, ...at });
    }
    await session.detach();
  }

  uploads(): Promise<readonly UploadSnapshot[]> {
    return this.page.$eval('fastio-upload', (element) => [...(element as UploadElement).uploads]);
  }

  /** Until `count` uploads are on the list and none of them has anything left to do. */
  async settled(count: number, timeoutMs = 90_000): Promise<readonly UploadSnapshot[]> {
    const isSettled = (wanted: number): boolean => {
      const { uploads } = document.querySelector('fastio-upload') as UploadElement;
      return uploads.length >= wanted && uploads.every(({ state }) => ['done', 'failed', 'canceled'].includes(state));
    };
    await this.#waitFor(isSettled, count, timeoutMs);
    return this.uploads();
  }

  /** Until the only upload has this share of its bytes confirmed. */
  async confirmed(share: number, timeoutMs = 90_000): Promise<void> {
    const isConfirmed = (wanted: number): boolean => {
      const upload = (document.querySelector('fastio-upload') as UploadElement).uploads[0];
      return upload !== undefined && upload.confirmedBytes >= upload.totalBytes * wanted;
    };
    await this.#waitFor(isConfirmed, share, timeoutMs);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Uncaught errors and unhandled rejections so far. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  async close(): Promise<void> {
    await this.#visitor.close();
  }

  async #waitFor(condition: (value: number) => boolean, value: number, timeoutMs: number): Promise<void> {
    try {
      await this.page.waitForFunction(condition, { polling: 100, timeout: timeoutMs }, value);
    } catch (cause) {
      const states = (await this.uploads()).map(({ name, state, reason, ratio, error }) => ({
        name,
        state,
        reason,
        ratio,
        error,
      }));
      throw new Error(`waited in vain; the list is ${JSON.stringify(states.slice(0, 20))}`, { cause });
    }
  }
}
