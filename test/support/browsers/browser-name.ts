/** Which browser the tests drive: those of the fault laboratory and the end-to-end tests. */

export const BROWSER_NAMES = ['chromium', 'firefox', 'webkit'] as const;
export type BrowserName = (typeof BROWSER_NAMES)[number];

const wanted = process.env.TEST_BROWSER ?? 'chromium';

const found = BROWSER_NAMES.find((name) => name === wanted);
if (found === undefined) throw new Error(`TEST_BROWSER is ${wanted}; known: ${BROWSER_NAMES.join(', ')}.`);

export const BROWSER: BrowserName = found;

/** The protocol of Chromium's DevTools: faults of pages and of the browser, and every word at once. */
export const HAS_DEVTOOLS = BROWSER === 'chromium';
