/** What an upload costs the page: heap and blocked time, as Chromium itself measures them. */

import type { CDPSession, Page } from 'puppeteer-core';

const SAMPLE_MS = 1000;

export interface PageCost {
  /** Highest growth of the JS heap (ArrayBuffers included) over the start, in bytes. */
  readonly heapGrowth: number;
  /** Longest task of the main thread in milliseconds; 0 when none passed 50 ms. */
  readonly longestTaskMs: number;
}

interface Metered {
  longestTaskMs: number;
}

/** Begins to measure; the function that it gives ends that. */
export const meterPage = async (page: Page): Promise<() => Promise<PageCost>> => {
  await page.evaluate(() => {
    const metered = globalThis as unknown as Metered;
    metered.longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) metered.longestTaskMs = Math.max(metered.longestTaskMs, duration);
    }).observe({ type: 'longtask' });
  });
  const session = await page.createCDPSession();
  const start = await liveHeap(session);
  let highest = start;
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(async () => {
      highest = Math.max(highest, await liveHeap(session));
    });
  }, SAMPLE_MS);
  return async () => {
    clearInterval(timer);
    await sampling;
    const longestTaskMs = await page.evaluate(() => (globalThis as unknown as Metered).longestTaskMs);
    return { heapGrowth: Math.max(highest, await liveHeap(session)) - start, longestTaskMs };
  };
};

/** Bytes in use right now. */
const liveHeap = async (session: CDPSession): Promise<number> => {
  const usage = await session.send('Runtime.getHeapUsage');
  const { usedSize, backingStorageSize = 0 } = usage as { usedSize: number; backingStorageSize?: number };
  return usedSize + backingStorageSize;
};
