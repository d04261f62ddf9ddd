/**
 * The budget of data requests to one origin. Parts and whole files of every engine on the page draw from it; whoever has
 * fewest requests running is served first, so that a small file passes the parts of a big one. Knows nothing of uploads.
 */

import { never } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';

/** Gives the slot back. Calling it twice does nothing. */
export type Release = () => void;

interface Waiter {
  readonly owner: object;
  readonly limit: number;
  readonly grant: (release: Release) => void;
}

export interface AcquireOptions {
  /** Most requests that may run to this origin, this one included. */
  readonly limit: number;
  /** Aborting leaves the queue and rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

export class SlotQueue {
  readonly #clock: Clock;
  #waiting: Waiter[] = [];
  readonly #running = new Map<object, number>();
  #total = 0;
  /** Lowered when the server says that we are too fast. */
  #ceiling = Number.POSITIVE_INFINITY;
  #successes = 0;
  /** Nothing starts before this moment of the clock. */
  #quietUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Requests in flight. */
  get running(): number {
    return this.#total;
  }

  /** Requests that wait for a slot. */
  get waiting(): number {
    return this.#waiting.length;
  }

  acquire(owner: object, { limit, signal }: AcquireOptions): Promise<Release> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        owner,
        limit,
        grant: (release) => {
          signal.removeEventListener('abort', onAbort);
          resolve(release);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#pump();
    });
  }

  /** The server asked for less: nothing starts for `ms`, then at half the width. */
  throttle(ms: number): void {
    // Requests that were in flight together are told together: that is one wish, not several.
    if (!this.#isQuiet()) this.#ceiling = Math.max(1, Math.floor(Math.min(this.#ceiling, this.#total + 1) / 2));
    this.#successes = 0;
    this.pauseFor(ms);
  }

  /** The server said that its budget is spent: nothing starts for `ms`. */
  pauseFor(ms: number): void {
    const until = this.#clock.now() + ms;
    if (until <= this.#quietUntil) return;
    this.#quietUntil = until;
    this.#clock.delay(ms, { signal: never() }).then(() => {
      if (this.#quietUntil !== until) return;
      // The timer decides: browsers round the clock, which may still show a moment before.
      this.#quietUntil = 0;
      this.#pump();
    });
  }

  /** A request went through: after a full round of them, one more may run again. One from before the quiet proves nothing. */
  succeeded(): void {
    if (this.#isQuiet() || this.#ceiling === Number.POSITIVE_INFINITY || ++this.#successes < this.#ceiling) return;
    this.#successes = 0;
    this.#ceiling += 1;
    if (this.#ceiling > WIDEST) this.#ceiling = Number.POSITIVE_INFINITY;
    this.#pump();
  }

  #pump(): void {
    while (!this.#isQuiet()) {
      const next = this.#next();
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((waiter) => waiter !== next);
      this.#start(next);
    }
  }

  #isQuiet(): boolean {
    return this.#clock.now() < this.#quietUntil;
  }

  #next(): Waiter | undefined {
    let best: Waiter | undefined;
    for (const waiter of this.#waiting) {
      if (this.#total >= Math.min(waiter.limit, this.#ceiling)) continue;
      if (best === undefined || this.#runningOf(waiter.owner) < this.#runningOf(best.owner)) best = waiter;
    }
    return best;
  }

  #start({ owner, grant }: Waiter): void {
    this.#count(owner, 1);
    let released = false;
    grant(() => {
      if (released) return;
      released = true;
      this.#count(owner, -1);
      this.#pump();
    });
  }

  #runningOf(owner: object): number {
    return this.#running.get(owner) ?? 0;
  }

  #count(owner: object, change: 1 | -1): void {
    const running = this.#runningOf(owner) + change;
    this.#total += change;
    if (running > 0) this.#running.set(owner, running);
    else this.#running.delete(owner);
  }
}

/** Past this width a throttled origin counts as healed; it is the largest `parallel` a user can ask for. */
const WIDEST = 16;
