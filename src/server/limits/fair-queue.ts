/**
 * A first-in, first-out queue of waiting requests that also works on Workers, where each waiter belongs to a request. A
 * request must not touch another one's timers and signals there, so waiters wake each other only by resolving a
 * promise; it needs a timer of its own while it waits, or the runtime ends it as hung; and its code may just stop when
 * its client disconnects, so a waiter that has not woken in time is dropped.
 */

import { abortableDelay } from '../../lib/abortable.js';
import { joinSignals } from '../../lib/joint-signal.js';

/** How often the waiters behind check whether the first one still exists, in milliseconds. */
const CHECK_MS = 1000;
/** A waiter that is late by this many milliseconds has been stopped. */
const STOPPED_AFTER_MS = 3000;

interface Waiter {
  /** Latest time at which it wakes, in milliseconds since 1970. */
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
   * Calls `enter` when the caller is first and `waitMs` returns 0, synchronously after it. Rejects when `waitMs`
   * throws, and with the signal's reason when it is aborted.
   */
  async pass<T>(waitMs: () => number, enter: () => T, signal: AbortSignal): Promise<T> {
    const waiter: Waiter = { dueAt: 0, wake: () => {} };
    try {
      for (;;) {
        signal.throwIfAborted();
        const ms = this.#checkIn(waiter) ? waitMs() : CHECK_MS;
        if (ms === 0) return enter();
        await sleep(waiter, ms, signal);
      }
    } finally {
      this.#waiters.delete(waiter);
      this.wakeFirst();
    }
  }

  /** Wakes the first waiter, which then checks `waitMs` again. */
  wakeFirst(): void {
    this.#first()?.wake();
  }

  /** Marks the waiter as running, and returns whether it is the first. */
  #checkIn(waiter: Waiter): boolean {
    waiter.dueAt = Date.now();
    // If it had been dropped, it joins again at the end.
    this.#waiters.add(waiter);
    return this.#first() === waiter;
  }

  #first(): Waiter | undefined {
    for (const waiter of this.#waiters) {
      if (waiter.dueAt + STOPPED_AFTER_MS > Date.now()) return waiter;
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
