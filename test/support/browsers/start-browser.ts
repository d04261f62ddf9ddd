import { BROWSER } from './browser-name.js';
import { startPuppeteerBrowser } from './puppeteer-browser.js';
import type { BrowserDriver } from './tab-driver.js';
import { startWebKitBrowser } from './webkit-browser.js';

/** @param flags as Chromium names them; of these the others understand `--ignore-certificate-errors`. */
export const startBrowser = (flags: readonly string[]): Promise<BrowserDriver> =>
  BROWSER === 'webkit' ? startWebKitBrowser(flags) : startPuppeteerBrowser(flags);
