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
  /** Opens a page and waits for the element in it. */
  goto(url: string): Promise<void>;
  /** Opens a page that may have no element. */
  visit(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Chooses files with the element's own input, once that is there. */
  choose(paths: readonly string[]): Promise<void>;
  evaluate<Args extends readonly unknown[], Result>(
    act: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;
  /** Uncaught errors and unhandled rejections so far, through reloads; in WebKit those after each page was ready. */
  errors(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Has storage of its own, which its tabs share. */
export interface Visitor {
  newTab(): Promise<TabDriver>;
  close(): Promise<void>;
}

export interface BrowserDriver {
  /** Folder with what the browser keeps. @throws CannotRun where it has none that outlives it. */
  readonly profile: string;
  newVisitor(): Promise<Visitor>;
  /** The visitor whose storage is in the profile. @throws CannotRun as `profile`. */
  ownVisitor(): Visitor;
  /** Kills the browser as a crash does, and starts it again over the profile as it was left. @throws CannotRun */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export const needsDevTools = (): CannotRun => new CannotRun(`needs DevTools, which ${BROWSER} does not have`);

export const needsProfile = (): CannotRun => new CannotRun(`needs a profile, and ${BROWSER} has none under a driver`);
