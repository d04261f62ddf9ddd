/** Has a page send files, and waits for the server's confirmation of the last one. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { Lab } from './lab.js';

export interface Load {
  readonly count: number;
  /** Of each file, in bytes. */
  readonly size: number;
}

/** A single file comes from the disk, as the user's do; many small ones are made on the page. */
const prepare = async (lab: Lab, page: Page, { count, size }: Load): Promise<void> => {
  if (count === 1) await lab.choose(page, size);
  await page.evaluate(
    (files, length) => {
      const bytes = crypto.getRandomValues(new Uint8Array(files === 1 ? 0 : length));
      const chosen = (document.querySelector('#chosen') as HTMLInputElement).files ?? [];
      const made = Array.from(
        { length: files },
        (_, index) => new File([bytes], `file-${index}.bin`, { lastModified: 1_700_000_000_000 + index }),
      );
      Object.assign(globalThis, { filesToSend: files === 1 ? [...chosen] : made });
    },
    count,
    size,
  );
};

interface Outcome {
  readonly ms: number;
  readonly error: string | null;
}

/** Looks for the end instead of awaiting it: no call to the browser may last for minutes. */
const POLL_MS = 250;

/** @throws Error when a file failed, or when it takes longer than `longestMs`. */
export const sendLoad = async (lab: Lab, page: Page, load: Load, longestMs: number): Promise<number> => {
  await prepare(lab, page, load);
  await page.evaluate(() => {
    const target = globalThis as typeof globalThis & { filesToSend: File[]; outcome?: Outcome };
    performance.mark('bench:sent');
    const startedAt = performance.now();
    const end = (error: string | null) => {
      performance.mark('bench:stored');
      target.outcome = { ms: performance.now() - startedAt, error };
    };
    Promise.resolve(globalThis.contender?.send?.(target.filesToSend)).then(
      () => end(null),
      (error: unknown) => end(error instanceof Error ? error.message : String(error)),
    );
  });
  const deadline = performance.now() + longestMs;
  while (performance.now() < deadline) {
    const outcome = await page.evaluate(() => (globalThis as { outcome?: Outcome }).outcome ?? null);
    if (outcome?.error) throw new Error(outcome.error);
    if (outcome) return outcome.ms;
    await delay(POLL_MS);
  }
  throw new Error(`not done after ${Math.round(longestMs / 1000)} s`);
};
