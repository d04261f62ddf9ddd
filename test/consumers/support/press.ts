import type { Page } from 'puppeteer-core';

/**
 * Presses a button of the application as the keyboard would: at its element, not at a place on the screen, because rows
 * that appear or leave above it move it while a pointer is on its way.
 */
export const press = (page: Page, selector: string): Promise<void> =>
  page.$eval(selector, (button) => (button as HTMLElement).click());

/** Waits for something on a page. @throws Error with what the page shows and what its console said. */
export const until = async (page: Page, said: readonly string[], isThere: () => unknown): Promise<void> => {
  try {
    await page.waitForFunction(isThere);
  } catch (error) {
    const html = await page.evaluate(() => document.body.outerHTML.slice(0, 2000)).catch(() => '');
    throw new Error(`${error}\nconsole: ${said.join('\n')}\npage: ${html}`);
  }
};
