import type { ElementHandle, Page } from 'puppeteer-core';

const LOOK_MS = 50;

/** Runs in the page. A bar without a known end never stops, and in a hidden page no animation does. */
const isStill = (): boolean => {
  if (document.hidden) return true;
  const animations = document.querySelector('fastio-upload')?.shadowRoot?.getAnimations() ?? [];
  return animations.every(({ effect }) => effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY);
};

/**
 * The first match inside of the page's element, once it is there and where it stays: puppeteer's own wait hears of no
 * change in a shadow root, and its click would miss what is still gliding.
 */
export const insideElement = async <Found extends Element = HTMLElement>(
  page: Page,
  css: string,
): Promise<ElementHandle<Found>> => {
  const find = (selector: string): Element | null =>
    document.querySelector('fastio-upload')?.shadowRoot?.querySelector(selector) ?? null;
  const handle = await page.waitForFunction(find, { polling: LOOK_MS }, css);
  await page.waitForFunction(isStill, { polling: LOOK_MS });
  // The wait ends with an element only.
  return handle as ElementHandle<Found>;
};
