/** One tab on the laboratory's page, with the acts of a user and of fate. */

import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, Page } from 'puppeteer-core';
import type { UploadSnapshot } from '../../../src/preset.js';
import { dropFiles } from '../../e2e/support/drop-files.js';
import { insideElement } from '../../support/browsers/inside-element.js';
import type { TabDriver, Visitor } from '../../support/browsers/tab-driver.js';
import { PATIENCE_MS, type Recorder } from './recorder.js';
import { TooLate } from './too-late.js';

const LOOK_MS = 50;
const FIND_MS = 10_000;

export interface TabOptions {
  readonly recorder: Recorder;
  readonly url: string;
}

const briefly = ({ id, name, state, reason, parts, error }: UploadSnapshot): string => {
  const cause = reason ?? error?.code ?? 'no reason';
  return `${name} (${id.slice(0, 8)}) ${state}, ${cause}, ${parts?.confirmed ?? 0} of ${parts?.total ?? 0} parts`;
};

export class LabTab {
  readonly #driver: TabDriver;

  private constructor(driver: TabDriver) {
    this.#driver = driver;
  }

  static async open(visitor: Pick<Visitor, 'newTab'>, { recorder, url }: TabOptions): Promise<LabTab> {
    const driver = await visitor.newTab();
    await recorder.watch(driver);
    await driver.goto(url);
    return new LabTab(driver);
  }

  get isOpen(): boolean {
    return this.#driver.isOpen;
  }

  /** @throws CannotRun where puppeteer does not drive the browser. */
  get page(): Page {
    return this.#driver.page;
  }

  /** @throws CannotRun where there are no DevTools. */
  get cdp(): CDPSession {
    return this.#driver.cdp;
  }

  evaluate: TabDriver['evaluate'] = (act, ...args) => this.#driver.evaluate(act, ...args);

  async choose(...paths: string[]): Promise<void> {
    await this.#driver.choose(paths);
  }

  /** A real drop, which carries handles that outlive the page. */
  async drop(...paths: string[]): Promise<void> {
    await dropFiles(this.page, paths, { cdp: this.cdp });
  }

  uploads(): Promise<readonly UploadSnapshot[]> {
    return this.evaluate(() => window.lab.element.uploads);
  }

  /** Until the element has looked for what an earlier page left. */
  async restored(): Promise<void> {
    await this.evaluate(() => window.lab.element.engine.restore());
  }

  /** Until every upload of this tab is done. */
  async allDone(timeoutMs = PATIENCE_MS): Promise<void> {
    const endsAt = Date.now() + timeoutMs;
    let uploads = await this.uploads();
    while (uploads.length === 0 || uploads.some(({ state }) => state !== 'done')) {
      if (Date.now() > endsAt) throw new TooLate(`not done: ${uploads.map(briefly).join('; ')}`);
      await delay(LOOK_MS);
      uploads = await this.uploads();
    }
  }

  /** Until the only upload has this reason; answers with the milliseconds that took. */
  async shows(reason: string, timeoutMs = PATIENCE_MS): Promise<number> {
    const startedAt = Date.now();
    for (;;) {
      const [upload] = await this.uploads();
      if (upload?.reason === reason) return Date.now() - startedAt;
      if (Date.now() - startedAt > timeoutMs) throw new TooLate(`${upload?.reason} instead of ${reason}`);
      await delay(LOOK_MS);
    }
  }

  /** The first upload once the page has found it and no other page drives it; what there is after a moment, else. */
  async found(): Promise<UploadSnapshot | undefined> {
    const endsAt = Date.now() + FIND_MS;
    for (;;) {
      const [upload] = await this.uploads();
      const isFound = upload !== undefined && upload.reason !== 'other-tab';
      if (isFound || Date.now() > endsAt) return upload;
      await delay(LOOK_MS);
    }
  }

  /** On something inside the element. */
  async click(selector: string): Promise<void> {
    const found = await insideElement(this.page, selector);
    await found.click();
  }

  /** A method of the element, on all uploads. */
  async act(method: 'pause' | 'resume' | 'cancel' | 'retry' | 'start'): Promise<void> {
    await this.evaluate((name) => window.lab.element[name](), method);
  }

  async reload(): Promise<void> {
    await this.#driver.reload();
  }

  /** The renderer dies, without any event before it. */
  async crash(): Promise<void> {
    const { page, cdp } = this;
    const gone = new Promise((resolve) => page.once('error', resolve));
    cdp.send('Page.crash').catch(() => {});
    await gone;
    await page.close({ runBeforeUnload: false });
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  async setOffline(offline: boolean): Promise<void> {
    const none = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this.cdp.send('Network.enable');
    await this.cdp.send('Network.emulateNetworkConditions', { offline, ...none });
  }

  /** Records and locks of uploads that are still there. */
  leftovers(): Promise<readonly string[]> {
    return this.evaluate(() => window.lab.leftovers());
  }
}
