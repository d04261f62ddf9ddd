/**
 * Those who wait for the same thing, in the order they came. On Workers each of them belongs to a request, with two
 * consequences. A request touches no timer and no signal but its own, so others only resolve a promise; and it keeps a
 * timer while it waits, without which the runtime takes it for hung and ends it. And when its client leaves, its code may
 * just stop: who has not shown up for a while is taken for gone.
 */

import { abortableDelay } from '../../lib/abortable.js';
import { joinSignals } from '../../lib/joint-signal.js';

/** How often those behind look whether the first is still there, in milliseconds. */
const LOOK_MS = 1000;
/** Who is late by so much is gone. */
const LATE_MS = 3000;

interface Waiter {
  /** When it wakes up at the latest, in milliseconds since 1970. */
  dueAt: number;
  wake: () => void;
}

export class FairQueue {
  readonly #waiters = new Set<Waiter>();

  get length(): number {
    this.#first();
    return this.#waiters.size;
  }

  /**
   * Calls `enter` once all before have gone and `waitMs` says 0, in the same moment. A `waitMs` that throws ends the wait;
   * aborting leaves the line and rejects with the signal's reason.
   */
  async pass<T>(waitMs: () => number, enter: () => T, signal: AbortSignal): Promise<T> {
    const waiter: Waiter = { dueAt: 0, wake: () => {} };
    try {
      for (;;) {
        signal.throwIfAborted();
        const ms = this.#isFirst(waiter) ? waitMs() : LOOK_MS;
        if (ms === 0) return enter();
        await sleep(waiter, ms, signal);
      }
    } finally {
      this.#waiters.delete(waiter);
      this.nudge();
    }
  }

  /** Lets the first look again whether it may go. */
  nudge(): void {
    this.#first()?.wake();
  }

  #isFirst(waiter: Waiter): boolean {
    waiter.dueAt = Date.now();
    // At the end, if it was taken for gone.
    this.#waiters.add(waiter);
    return this.#first() === waiter;
  }

  #first(): Waiter | undefined {
    for (const waiter of this.#waiters) {
      if (waiter.dueAt + LATE_MS > Date.now()) return waiter;
      this.#waiters.delete(waiter);
    }
    return undefined;
  }
}

const sleep = async (waiter: Waiter, ms: number, signal: AbortSignal): Promise<void> => {
  waiter.dueAt = Date.now() + ms;
  const timer = joinSignals(signal);
  const woken = new Promise<void>((resolve) => {
    waiter.wake = resolve;
  });
  try {
    await Promise.race([woken, abortableDelay(ms, timer.signal)]);
  } finally {
    timer.abort();
    timer.release();
  }
};
