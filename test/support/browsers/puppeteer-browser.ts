/** Chromium by its DevTools, Firefox by WebDriver BiDi. */

import puppeteer, { type Browser, type BrowserContext, type CDPSession, type Page } from 'puppeteer-core';
import { LEAN_CHROMIUM_FLAGS, requireBrowser } from '../../tools/browsers.mjs';
import { makeScratchFolder, removeScratchFolder } from '../scratch-folder.js';
import { BROWSER, HAS_DEVTOOLS } from './browser-name.js';
import { insideElement } from './inside-element.js';
import { type BrowserDriver, needsDevTools, type TabDriver, type Visitor } from './tab-driver.js';

/** A page may be busy for minutes; each wait has a limit of its own. */
const MAX_CALL_MS = 480_000;
/** Until a page is there. */
const READY_MS = 120_000;
const FILE_INPUT = 'input.files-input';

class PuppeteerTab implements TabDriver {
  readonly page: Page;
  readonly #cdp: CDPSession | null;
  readonly #errors: string[] = [];

  constructor(page: Page, cdp: CDPSession | null) {
    this.page = page;
    this.#cdp = cdp;
    page.setDefaultTimeout(READY_MS);
    // The element asks before its page is left in the middle of an upload; these visitors mean it.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => {}));
    page.on('pageerror', (error) => this.#errors.push(error instanceof Error ? error.message : String(error)));
  }

  get isOpen(): boolean {
    return !this.page.isClosed() && this.page.browser().connected;
  }

  get cdp(): CDPSession {
    if (this.#cdp === null) throw needsDevTools();
    return this.#cdp;
  }

  async visit(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async goto(url: string): Promise<void> {
    await this.visit(url);
    await insideElement(this.page, FILE_INPUT);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await insideElement(this.page, FILE_INPUT);
  }

  async choose(paths: readonly string[]): Promise<void> {
    const input = await insideElement<HTMLInputElement>(this.page, FILE_INPUT);
    await input.uploadFile(...paths);
  }

  evaluate: TabDriver['evaluate'] = (act, ...args) => this.page.evaluate(act as never, ...args) as Promise<never>;

  async errors(): Promise<readonly string[]> {
    return this.#errors;
  }

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

const launch = (profile: string, flags: readonly string[]): Promise<Browser> => {
  const common = {
    headless: true,
    userDataDir: profile,
    protocolTimeout: MAX_CALL_MS,
    executablePath: requireBrowser(BROWSER),
  };
  return puppeteer.launch(
    BROWSER === 'firefox'
      ? { ...common, browser: 'firefox', acceptInsecureCerts: flags.includes('--ignore-certificate-errors') }
      : { ...common, args: [...LEAN_CHROMIUM_FLAGS, ...flags] },
  );
};

export const startPuppeteerBrowser = async (flags: readonly string[]): Promise<BrowserDriver> => {
  const profile = await makeScratchFolder('profile');
  let browser = await launch(profile, flags);
  return {
    profile,
    newVisitor: async () => puppeteerVisitor(await browser.createBrowserContext()),
    ownVisitor: () => puppeteerVisitor(browser.defaultBrowserContext()),
    async crash() {
      const process = browser.process();
      const gone = new Promise((resolve) => process?.once('exit', resolve));
      process?.kill('SIGKILL');
      await gone;
      browser = await launch(profile, flags);
    },
    async close() {
      await browser.close();
      await removeScratchFolder(profile);
    },
  };
};
