import { waitUntil } from '@open-wc/testing';

/** Waits for a condition as long as a slow, busy machine may need; a second, the runner's own limit, is less than that. */
export const until = (condition: () => unknown, what?: string): Promise<void> =>
  waitUntil(condition, what, { timeout: 30_000 });
