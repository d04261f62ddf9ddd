/** A real browser on the demo's page, with the acts of a user: choose files, drop a folder, wait, reload. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import type { UploadSnapshot, WaitReason } from '../../../src/engine/snapshot.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../../tools/browsers.mjs';
import { BrowserQuestions } from './browser-questions.js';
import { dropFiles } from './drop-files.js';

const FILE_INPUT = 'fastio-upload >>> input[type=file]:not([webkitdirectory])';

/** A gigabyte takes its time; each wait has a limit of its own. */
const LONGEST_CALL_MS = 900_000;

export const IS_FIREFOX = process.env.TEST_BROWSER === 'firefox';

export type DemoProtocol = 'auto' | 'presigned' | 'chunked' | 'fastio';

interface UploadElement extends HTMLElement {
  readonly uploads: readonly UploadSnapshot[];
}

const launch = (profile: string, flags: readonly string[]): Promise<Browser> => {
  const common = { headless: true, userDataDir: profile, protocolTimeout: LONGEST_CALL_MS };
  return puppeteer.launch(
    IS_FIREFOX
      ? { ...common, browser: 'firefox', executablePath: requireBrowser('firefox') }
      : { ...common, executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS, ...flags] },
  );
};

/** A browser with a profile of its own. */
export class TestBrowser {
  readonly #profile: string;
  readonly #flags: readonly string[];
  #browser: Browser;

  private constructor(browser: Browser, profile: string, flags: readonly string[]) {
    this.#browser = browser;
    this.#profile = profile;
    this.#flags = flags;
  }

  /**
   * The browser that `TEST_BROWSER` names; Chromium without it. Firefox speaks WebDriver BiDi and knows no CDP.
   * @param flags for Chromium, besides the usual ones.
   */
  static async start(flags: readonly string[] = []): Promise<TestBrowser> {
    const profile = await mkdtemp(join(tmpdir(), 'fastio-upload-profile-'));
    return new TestBrowser(await launch(profile, flags), profile, flags);
  }

  /** Kills the browser as a crash does, and starts it again over the profile as it was left. */
  async crash(): Promise<void> {
    const process = this.#browser.process();
    const gone = new Promise((resolve) => process?.once('exit', resolve));
    process?.kill('SIGKILL');
    await gone;
    this.#browser = await launch(this.#profile, this.#flags);
  }

  /** What the browser asks its user; it has to run with `BrowserQuestions.FLAGS`. */
  questions(): Promise<BrowserQuestions> {
    return BrowserQuestions.of(this.#profile);
  }

  /** For the visitor whose storage is that of the profile, and outlives the browser. */
  openOwn(origin: string, protocol: DemoProtocol): Promise<DemoPage> {
    return DemoPage.open(this.#browser.defaultBrowserContext(), `${origin}/?protocol=${protocol}`);
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
    await dropFiles(this.page, paths);
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

  /** Until `count` uploads wait for the same thing. */
  async waiting(reason: WaitReason, count = 1, timeoutMs = 30_000): Promise<void> {
    const isWaiting = ([wanted, least]: readonly [WaitReason, number]): boolean => {
      const { uploads } = document.querySelector('fastio-upload') as UploadElement;
      return uploads.filter((upload) => upload.reason === wanted).length >= least;
    };
    await this.#waitFor(isWaiting, [reason, count] as const, timeoutMs);
  }

  /** Until the records of all uploads together have so many confirmed parts: what a page that dies now leaves behind. */
  async recorded(parts: number, timeoutMs = 30_000): Promise<void> {
    const isRecorded = async (wanted: number): Promise<boolean> => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('fastio-upload');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const records = await new Promise<readonly { readonly receipts: readonly unknown[] }[]>((resolve) => {
        const request = database.transaction('uploads').objectStore('uploads').getAll();
        request.onsuccess = () => resolve(request.result);
      });
      database.close();
      return records.reduce((sum, { receipts }) => sum + receipts.length, 0) >= wanted;
    };
    await this.#waitFor(isRecorded, parts, timeoutMs);
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

  async #waitFor<T>(condition: (value: T) => boolean | Promise<boolean>, value: T, timeoutMs: number): Promise<void> {
    try {
      const check = condition as (value: unknown) => boolean | Promise<boolean>;
      await this.page.waitForFunction(check, { polling: 100, timeout: timeoutMs }, value);
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
