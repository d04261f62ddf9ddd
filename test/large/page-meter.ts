/** What an upload costs the page: heap and blocked time, as Chromium itself measures them. */

import type { CDPSession, Page } from 'puppeteer-core';

const SAMPLE_MS = 1000;
/** Left in the trace by the page that is measured: the browser's own pages have threads of the same name. */
const MARK = 'page-meter';

export interface PageCost {
  /** Highest growth of the JS heap (ArrayBuffers included) over the start, in bytes. */
  readonly heapGrowth: number;
  /**
   * Longest task of the main thread in milliseconds of its own work. Time in which the machine ran something else does
   * not count: the storage and the browser's other processes share its cores, and the page cannot help that.
   */
  readonly longestTaskMs: number;
  /** The same by the clock on the wall, for the reader. */
  readonly longestWallMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds by the clock on the wall. */
  readonly dur?: number;
  /** Microseconds of the thread's own work. */
  readonly tdur?: number;
}

/** Begins to measure; the function that it gives ends that. */
export const meterPage = async (page: Page): Promise<() => Promise<PageCost>> => {
  const session = await page.createCDPSession();
  await page.tracing.start({ categories: ['toplevel', 'blink.user_timing'] });
  await page.evaluate((name) => void performance.mark(name), MARK);
  const start = await heapOf(session);
  let highest = start;
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(async () => {
      highest = Math.max(highest, await heapOf(session));
    });
  }, SAMPLE_MS);
  return async () => {
    clearInterval(timer);
    await sampling;
    highest = Math.max(highest, await heapOf(session));
    return { heapGrowth: highest - start, ...longestTask(await page.tracing.stop()) };
  };
};

/** Bytes in use right now. */
const heapOf = async (session: CDPSession): Promise<number> => {
  const usage = await session.send('Runtime.getHeapUsage');
  const { usedSize, backingStorageSize = 0 } = usage as { usedSize: number; backingStorageSize?: number };
  return usedSize + backingStorageSize;
};

const longestTask = (trace: Uint8Array | undefined): Pick<PageCost, 'longestTaskMs' | 'longestWallMs'> => {
  const { traceEvents: events }: { traceEvents: TraceEvent[] } = JSON.parse(new TextDecoder().decode(trace));
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const mark = events.find(({ name }) => name === MARK);
  const main = mark && threadOf(mark);
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && threadOf(event) === main);
  if (tasks.length === 0) throw new Error('the trace holds no task of the page');
  const longest = (times: readonly (number | undefined)[]): number =>
    times.reduce<number>((most, time = 0) => Math.max(most, time / 1000), 0);
  return {
    longestTaskMs: longest(tasks.map(({ tdur }) => tdur)),
    longestWallMs: longest(tasks.map(({ dur }) => dur)),
  };
};
