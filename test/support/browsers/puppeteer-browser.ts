/** Chromium by its DevTools, Firefox by WebDriver BiDi. */

import assert from 'node:assert/strict';
import puppeteer, { type Browser, type BrowserContext, type CDPSession, type Page } from 'puppeteer-core';
import { CHROMIUM_FLAGS, requireBrowser } from '../../tools/browsers.mjs';
import { BROWSER, HAS_DEVTOOLS } from './browser-name.js';
import { type BrowserDriver, needsDevTools, type TabDriver, type Visitor } from './tab-driver.js';

/** A page may be busy for minutes; each wait has a limit of its own. */
const LONGEST_CALL_MS = 480_000;
/** Until a page is there. */
const READY_MS = 120_000;
export const FILE_INPUT = 'fastio-upload >>> input.files-input';

class PuppeteerTab implements TabDriver {
  readonly page: Page;
  readonly #cdp: CDPSession | null;

  constructor(page: Page, cdp: CDPSession | null) {
    this.page = page;
    this.#cdp = cdp;
    page.setDefaultTimeout(READY_MS);
    // The element asks before its page is left in the middle of an upload; these visitors mean it.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => {}));
  }

  get isOpen(): boolean {
    return !this.page.isClosed() && this.page.browser().connected;
  }

  get cdp(): CDPSession {
    if (this.#cdp === null) throw needsDevTools();
    return this.#cdp;
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.waitForSelector(FILE_INPUT);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.waitForSelector(FILE_INPUT);
  }

  async choose(paths: readonly string[]): Promise<void> {
    const input = await this.page.waitForSelector(FILE_INPUT);
    assert.ok(input, 'the element has a file input');
    // The type of the handle cannot be known from the selector.
    await (input as unknown as { uploadFile(...files: string[]): Promise<void> }).uploadFile(...paths);
  }

  evaluate: TabDriver['evaluate'] = (act, ...args) => this.page.evaluate(act as never, ...args) as Promise<never>;

  async close(): Promise<void> {
    await this.page.close();
  }
}

export const puppeteerVisitor = (context: Pick<BrowserContext, 'newPage' | 'close'>): Visitor => ({
  async newTab() {
    const page = await context.newPage();
    return new PuppeteerTab(page, HAS_DEVTOOLS ? await page.createCDPSession() : null);
  },
  close: () => context.close(),
});

const launch = (flags: readonly string[]): Promise<Browser> => {
  const common = { headless: true, protocolTimeout: LONGEST_CALL_MS, executablePath: requireBrowser(BROWSER) };
  return puppeteer.launch(
    BROWSER === 'firefox'
      ? { ...common, browser: 'firefox', acceptInsecureCerts: flags.includes('--ignore-certificate-errors') }
      : { ...common, args: [...CHROMIUM_FLAGS, ...flags] },
  );
};

export const startPuppeteerBrowser = async (flags: readonly string[]): Promise<BrowserDriver> => {
  const browser = await launch(flags);
  return {
    newVisitor: async () => puppeteerVisitor(await browser.createBrowserContext()),
    close: () => browser.close(),
  };
};
