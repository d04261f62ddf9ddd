/** Files and folders dropped as a user's hand does it: the page gets real handles to what is on the disk. Chromium only. */

import assert from 'node:assert/strict';
import type { CDPSession, Page } from 'puppeteer-core';

/**
 * Drops everything at `paths` on the first element that the selector finds.
 * @param cdp of this page, if there is one already.
 */
export const dropFiles = async (
  page: Page,
  paths: readonly string[],
  { selector = 'fastio-upload', cdp }: { readonly selector?: string; readonly cdp?: CDPSession } = {},
): Promise<void> => {
  const box = await (await page.waitForSelector(selector))?.boundingBox();
  assert.ok(box, `${selector} is visible`);
  const session = cdp ?? (await page.createCDPSession());
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 40), data };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at });
  }
  if (cdp === undefined) await session.detach();
};
