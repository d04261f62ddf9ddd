/** What the fault laboratory and the end-to-end tests need of a browser, whichever protocol drives it. */

import type { CDPSession, Page } from 'puppeteer-core';
import { BROWSER } from './browser-name.js';
import { CannotRun } from './cannot-run.js';

export interface TabDriver {
  readonly isOpen: boolean;
  /** @throws CannotRun where puppeteer does not drive the browser. */
  readonly page: Page;
  /** @throws CannotRun where there are no DevTools. */
  readonly cdp: CDPSession;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Chooses files with the element's own input, once that is there. */
  choose(paths: readonly string[]): Promise<void>;
  evaluate<Args extends readonly unknown[], Result>(
    act: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;
  close(): Promise<void>;
}

/** Has storage of its own, which its tabs share. */
export interface Visitor {
  newTab(): Promise<TabDriver>;
  close(): Promise<void>;
}

export interface BrowserDriver {
  newVisitor(): Promise<Visitor>;
  close(): Promise<void>;
}

export const needsDevTools = (): CannotRun => new CannotRun(`needs DevTools, which ${BROWSER} does not have`);
