import type { ElementHandle, Page } from 'puppeteer-core';

const LOOK_MS = 50;

/** The first match inside of the page's element, once it is there: puppeteer's own wait hears of no change in a shadow root. */
export const insideElement = async <Found extends Element = HTMLElement>(
  page: Page,
  css: string,
): Promise<ElementHandle<Found>> => {
  const find = (selector: string): Element | null =>
    document.querySelector('fastio-upload')?.shadowRoot?.querySelector(selector) ?? null;
  const handle = await page.waitForFunction(find, { polling: LOOK_MS }, css);
  // The wait ends with an element only.
  return handle as ElementHandle<Found>;
};
