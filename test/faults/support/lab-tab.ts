/** One tab on the laboratory's page, with the acts of a user and of fate. */

import assert from 'node:assert/strict';
import type { BrowserContext, CDPSession, Page } from 'puppeteer-core';
import type { UploadSnapshot } from '../../../src/preset.js';
import { dropFiles } from '../../e2e/support/drop-files.js';
import type { Recorder } from './recorder.js';

const FILE_INPUT = 'fastio-upload >>> input.files-input';

export interface TabOptions {
  readonly recorder: Recorder;
  readonly url: string;
  /** Run in the page before its own scripts, each time it loads. */
  readonly beforeScripts?: readonly string[];
}

export class LabTab {
  readonly page: Page;
  readonly cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.cdp = cdp;
    // The element asks before its page is left in the middle of an upload; these visitors mean it.
    page.on('dialog', (dialog) => void dialog.accept());
  }

  static async open(
    visitor: Pick<BrowserContext, 'newPage'>,
    { recorder, url, beforeScripts = [] }: TabOptions,
  ): Promise<LabTab> {
    const page = await visitor.newPage();
    const tab = new LabTab(page, await recorder.watch(page));
    for (const script of beforeScripts) await page.evaluateOnNewDocument(script);
    await page.goto(url);
    await tab.ready();
    return tab;
  }

  get isOpen(): boolean {
    return !this.page.isClosed() && this.page.browser().connected;
  }

  async ready(): Promise<void> {
    await this.page.waitForSelector(FILE_INPUT);
  }

  async choose(...paths: string[]): Promise<void> {
    const input = await this.page.waitForSelector(FILE_INPUT);
    assert.ok(input, 'the element has a file input');
    // The type of the handle cannot be known from the selector.
    await (input as unknown as { uploadFile(...files: string[]): Promise<void> }).uploadFile(...paths);
  }

  /** A real drop, which carries handles that outlive the page. */
  async drop(...paths: string[]): Promise<void> {
    await dropFiles(this.page, paths, { cdp: this.cdp });
  }

  uploads(): Promise<readonly UploadSnapshot[]> {
    return this.page.evaluate(() => window.lab.element.uploads);
  }

  /** A method of the element, on all uploads. */
  async act(method: 'pause' | 'resume' | 'cancel' | 'retry' | 'start'): Promise<void> {
    await this.page.evaluate((name) => window.lab.element[name](), method);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** The renderer dies. Nobody gets to say a word. */
  async crash(): Promise<void> {
    const gone = new Promise((resolve) => this.page.once('error', resolve));
    this.cdp.send('Page.crash').catch(() => {});
    await gone;
    await this.page.close({ runBeforeUnload: false });
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  async setOffline(offline: boolean): Promise<void> {
    const none = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this.cdp.send('Network.enable');
    await this.cdp.send('Network.emulateNetworkConditions', { offline, ...none });
  }

  /** Records and locks of uploads that are still there. */
  leftovers(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.lab.leftovers());
  }
}
