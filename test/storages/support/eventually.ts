import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/** Asks until it is so, for as long as a busy machine may need. */
export const eventually = async (isSo: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> => {
  const endsAt = performance.now() + timeoutMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < endsAt, 'waited in vain');
    await delay(100);
  }
};
