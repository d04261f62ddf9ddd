/** A real browser on the demo's page, with the acts of a user: choose files, drop a folder, wait, reload. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { EngineOptions } from '../../../src/engine/options.js';
import type { UploadSnapshot, WaitReason } from '../../../src/engine/upload/snapshot.js';
import { startBrowser } from '../../support/browsers/start-browser.js';
import type { BrowserDriver, TabDriver, Visitor } from '../../support/browsers/tab-driver.js';
import { BrowserQuestions } from './browser-questions.js';
import { dropFiles } from './drop-files.js';

const LOOK_MS = 100;

export type DemoProtocol = 'auto' | 'presigned' | 'chunked' | 'fastio' | 'multipart' | 'form' | 's3' | 'tus';

interface UploadElement extends HTMLElement {
  readonly uploads: readonly UploadSnapshot[];
}

/** The browser under test, with a profile of its own where it can have one. */
export class TestBrowser {
  readonly #driver: BrowserDriver;

  private constructor(driver: BrowserDriver) {
    this.#driver = driver;
  }

  /**
   * The browser that `TEST_BROWSER` names; Chromium without it.
   * @param flags for Chromium, besides the usual ones.
   */
  static async start(flags: readonly string[] = []): Promise<TestBrowser> {
    return new TestBrowser(await startBrowser(flags));
  }

  /**
   * Kills the browser as a crash does, and starts it again over the profile as it was left.
   * @throws CannotRun in WebKit.
   */
  crash(): Promise<void> {
    return this.#driver.crash();
  }

  /** What Chromium asks its user; it has to run with `BrowserQuestions.FLAGS`. */
  questions(): Promise<BrowserQuestions> {
    return BrowserQuestions.of(this.#driver.profile);
  }

  /** For the visitor whose storage is that of the profile, and outlives the browser. @throws CannotRun in WebKit. */
  openOwn(origin: string, protocol: DemoProtocol): Promise<DemoPage> {
    return DemoPage.open(this.#driver.ownVisitor(), `${origin}/?protocol=${protocol}`);
  }

  /** For a visitor of its own, with storage of its own. @param origin of the demo, without a slash at its end. */
  async open(origin: string, protocol: DemoProtocol): Promise<DemoPage> {
    return DemoPage.open(await this.#driver.newVisitor(), `${origin}/?protocol=${protocol}`);
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}

/** Runs in the page: whether the uploads that have a record have so many confirmed parts; null asks that none has one. */
const areRecorded = async (parts: number | null): Promise<boolean> => {
  const database = await new Promise<IDBDatabase | null>((resolve) => {
    const request = indexedDB.open('fastio-upload');
    // An empty database would be made where there is none yet, and the page would find no table in it.
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
  if (database === null) return parts === null;
  const records = await new Promise<readonly { readonly receipts: readonly unknown[] }[]>((resolve) => {
    const request = database.transaction('uploads').objectStore('uploads').getAll();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return parts === null
    ? records.length === 0
    : records.reduce((sum, { receipts }) => sum + receipts.length, 0) >= parts;
};

export class DemoPage {
  readonly #tab: TabDriver;
  readonly #visitor: Visitor;
  readonly #url: string;

  private constructor(tab: TabDriver, visitor: Visitor, url: string) {
    this.#tab = tab;
    this.#visitor = visitor;
    this.#url = url;
  }

  static async open(visitor: Visitor, url: string): Promise<DemoPage> {
    const tab = await visitor.newTab();
    await tab.goto(url);
    return new DemoPage(tab, visitor, url);
  }

  /** @throws CannotRun where puppeteer does not drive the browser. */
  get page(): Page {
    return this.#tab.page;
  }

  /** Closes the tab; the same visitor comes back in a new one. */
  async reopen(): Promise<DemoPage> {
    await this.#tab.close();
    return DemoPage.open(this.#visitor, this.#url);
  }

  /** Through the element's own file input. */
  async choose(...paths: string[]): Promise<void> {
    await this.#tab.choose(paths);
  }

  /** A real drop of files and folders, as the browser does it. @throws CannotRun where there are no DevTools. */
  async drop(...paths: string[]): Promise<void> {
    await dropFiles(this.page, paths, { cdp: this.#tab.cdp });
  }

  /** Properties of the element. */
  async set(properties: Partial<EngineOptions>): Promise<void> {
    await this.#tab.evaluate((values) => {
      Object.assign(document.querySelector('fastio-upload') as UploadElement, values);
    }, properties);
  }

  /** With the menu of the page. @param user as that names them. */
  async signInAs(user: string): Promise<void> {
    await this.#tab.evaluate((name) => {
      const menu = document.querySelector('#user') as HTMLSelectElement;
      menu.value = name;
      menu.dispatchEvent(new Event('change', { bubbles: true }));
    }, user);
  }

  /** All words of the element. */
  text(): Promise<string> {
    return this.#tab.evaluate(() => document.querySelector('fastio-upload')?.shadowRoot?.textContent ?? '');
  }

  uploads(): Promise<readonly UploadSnapshot[]> {
    return this.#tab.evaluate(() => [...(document.querySelector('fastio-upload') as UploadElement).uploads]);
  }

  /** Until `count` uploads are on the list and none of them has anything left to do. */
  async settled(count: number, timeoutMs = 180_000): Promise<readonly UploadSnapshot[]> {
    const isSettled = (wanted: number): boolean => {
      const { uploads } = document.querySelector('fastio-upload') as UploadElement;
      return uploads.length >= wanted && uploads.every(({ state }) => ['done', 'failed', 'canceled'].includes(state));
    };
    await this.#until(isSettled, count, timeoutMs);
    return this.uploads();
  }

  /** Until the only upload has this share of its bytes confirmed. */
  async confirmed(share: number, timeoutMs = 180_000): Promise<void> {
    const isConfirmed = (wanted: number): boolean => {
      const upload = (document.querySelector('fastio-upload') as UploadElement).uploads[0];
      return upload !== undefined && upload.confirmedBytes >= upload.totalBytes * wanted;
    };
    await this.#until(isConfirmed, share, timeoutMs);
  }

  /** Until `count` uploads wait for the same thing. */
  async waiting(reason: WaitReason, count = 1, timeoutMs = 90_000): Promise<void> {
    const isWaiting = ([wanted, least]: readonly [WaitReason, number]): boolean => {
      const { uploads } = document.querySelector('fastio-upload') as UploadElement;
      return uploads.filter((upload) => upload.reason === wanted).length >= least;
    };
    await this.#until(isWaiting, [reason, count] as const, timeoutMs);
  }

  /** Until the records of all uploads together have so many confirmed parts: what a page that dies now leaves behind. */
  recorded(parts: number, timeoutMs = 90_000): Promise<void> {
    return this.#until(areRecorded, parts, timeoutMs);
  }

  /** Until no upload has a record. */
  unrecorded(timeoutMs = 90_000): Promise<void> {
    return this.#until(areRecorded, null, timeoutMs);
  }

  reload(): Promise<void> {
    return this.#tab.reload();
  }

  /** Uncaught errors and unhandled rejections so far; in WebKit those after the page was ready. */
  errors(): Promise<readonly string[]> {
    return this.#tab.errors();
  }

  async close(): Promise<void> {
    await this.#visitor.close();
  }

  /** @param isTrue is asked in the page, because a list of thousands is too much to send again and again. */
  async #until<T>(isTrue: (wanted: T) => boolean | Promise<boolean>, wanted: T, timeoutMs: number): Promise<void> {
    const endsAt = Date.now() + timeoutMs;
    while (!(await this.#tab.evaluate(isTrue, wanted))) {
      if (Date.now() > endsAt) throw new Error(`waited in vain; the list is ${await this.#states()}`);
      await delay(LOOK_MS);
    }
  }

  async #states(): Promise<string> {
    const uploads = (await this.uploads()).slice(0, 20);
    return JSON.stringify(
      uploads.map(({ name, state, reason, ratio, error }) => ({ name, state, reason, ratio, error })),
    );
  }
}
