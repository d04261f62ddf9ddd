/**
 * The budget of requests to one origin. Parts and whole files of every engine on the page draw from it; what has fewest
 * requests running is served first, so that a small file passes the parts of a big one. Small requests that move an upload
 * on, such as opening and completing it, never wait. How many run at once follows from what the line was seen to carry.
 */

import { never } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';
import type { UploadError } from '../../ports/errors.js';
import type { AcquireOptions, Slot, SlotSource } from '../../ports/slots.js';
import {
  answered,
  CONNECTIONS,
  confirmed,
  failed,
  type LineModel,
  memoryOf,
  recalled,
  throttled,
  UNKNOWN_LINE,
} from './line-model.js';
import { reasonFor } from './retry-policy.js';

/** What a budget may know before it has seen a request, and where to look for what it cannot measure. */
export interface SlotQueueInit {
  readonly clock: Clock;
  /** What an earlier page has learnt, as `onLearned` was given it. */
  readonly memory?: Readonly<Record<string, number>> | null;
  /** Protocol of the connections as the browser names it (`h2`, `http/1.1`); empty while it does not say. */
  readonly nextHop?: () => string;
  /** Called at each measurement; `read` gives what a later page may go by. */
  readonly onLearned?: (read: () => Readonly<Record<string, number>>) => void;
}

interface Waiter extends AcquireOptions {
  readonly owner: object;
  readonly grant: (slot: Slot | null) => void;
}

/** How often the browser is asked for the protocol until it says it, in milliseconds. */
const HOP_MS = 500;
/** Bodies up to this many bytes are small: their round trips cost more than their bytes. */
const SMALL_BODY = 1 << 20;
/** Most lanes by what one connection carries: where it carries many requests, small ones gain from more. */
const MOST_LANES = {
  multiplexed: { small: 32, large: 10 },
  unknown: { small: 32, large: CONNECTIONS },
  single: { small: CONNECTIONS, large: CONNECTIONS },
} as const;

export class SlotQueue implements SlotSource {
  readonly #clock: Clock;
  readonly #init: SlotQueueInit;
  readonly #waiting = new Set<Waiter>();
  readonly #running = new Map<object, number>();
  #line: LineModel;
  #data = 0;
  #control = 0;
  /** Milliseconds, each times the data requests that ran. */
  #area = 0;
  #areaAt = 0;
  /** No data starts before this moment of the clock. */
  #quietUntil = 0;
  #hop = '';
  #hopAskedAt = Number.NEGATIVE_INFINITY;

  constructor(init: SlotQueueInit) {
    this.#init = init;
    this.#clock = init.clock;
    this.#line = init.memory ? recalled(init.memory) : UNKNOWN_LINE;
  }

  /** Requests in flight that carry data. */
  get running(): number {
    return this.#data;
  }

  /** Requests that wait for a slot. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** What is known of the way to the origin. */
  get line(): LineModel {
    return this.#line;
  }

  /** When data may start again, on the clock that never jumps; null while it may. */
  get quietUntil(): number | null {
    return this.#isQuiet() ? this.#quietUntil : null;
  }

  /** Lanes for one of those that send now. */
  lanesFor(owner: object, limit: number): number {
    const owners = this.#running.size + (this.#running.has(owner) ? 0 : 1);
    return Math.max(1, Math.floor(Math.min(limit, this.#line.lanes, this.#most({ limit, bytes: Infinity })) / owners));
  }

  acquire(owner: object, options: AcquireOptions): Promise<Slot | null> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const onAbort = () => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        ...options,
        owner,
        grant: (slot) => {
          signal.removeEventListener('abort', onAbort);
          resolve(slot);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
      this.#pump();
    });
  }

  dismiss(owner: object): void {
    for (const waiter of this.#waiting) {
      if (waiter.owner !== owner) continue;
      this.#waiting.delete(waiter);
      waiter.grant(null);
    }
  }

  async control<T>(request: () => Promise<T>): Promise<T> {
    const startedAt = this.#clock.now();
    this.#control += 1;
    try {
      const answer = await request();
      this.#line = answered(this.#line, this.#clock.now() - startedAt);
      return answer;
    } finally {
      this.#control -= 1;
      this.#pump();
    }
  }

  /** The server said that its budget is spent: no data starts for `ms`. */
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

  #pump(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#waiting.delete(next);
      next.grant(this.#slotFor(next));
    }
  }

  #isQuiet(): boolean {
    return this.#clock.now() < this.#quietUntil;
  }

  #next(): Waiter | undefined {
    if (this.#waiting.size === 0 || this.#isQuiet() || this.#isFull()) return undefined;
    let best: Waiter | undefined;
    for (const waiter of this.#waiting) {
      if (this.#data >= Math.min(waiter.limit, this.#line.lanes, this.#most(waiter))) continue;
      if (best === undefined || this.#runningOf(waiter.owner) < this.#runningOf(best.owner)) best = waiter;
    }
    return best;
  }

  /** Whether a further request would wait for a connection. */
  #isFull(): boolean {
    const isShared = this.#connection() === 'multiplexed';
    return !isShared && this.#data + this.#control >= Math.max(CONNECTIONS, this.#line.lanes);
  }

  #connection(): keyof typeof MOST_LANES {
    const now = this.#clock.now();
    if (this.#hop === '' && now >= this.#hopAskedAt + HOP_MS) {
      this.#hop = this.#init.nextHop?.() ?? '';
      this.#hopAskedAt = now;
    }
    if (this.#hop === '') return 'unknown';
    return /^h[23]/.test(this.#hop) ? 'multiplexed' : 'single';
  }

  /** A user who asks for more than that knows the server. */
  #most({ limit, bytes = 0 }: Pick<Waiter, 'limit' | 'bytes'>): number {
    const most = MOST_LANES[this.#connection()][bytes > SMALL_BODY ? 'large' : 'small'];
    return limit === Number.POSITIVE_INFINITY ? most : Math.max(most, limit);
  }

  #slotFor({ owner, limit, bytes: expected }: Waiter): Slot {
    this.#count(owner, 1);
    const startedAt = this.#clock.now();
    const areaBefore = this.#area;
    const most = this.#most({ limit, bytes: expected ?? 0 });
    return {
      confirmed: (bytes) => {
        const now = this.#measure();
        const concurrency = now > startedAt ? (this.#area - areaBefore) / (now - startedAt) : this.#data;
        // One from before the pause says nothing of what may go after it.
        if (!this.#isQuiet()) {
          this.#learn(confirmed(this.#line, { startedAt, now, bytes, concurrency, most }));
        }
      },
      failed: (failure, sentBytes, bytes = expected ?? 0) => this.#failed(failure, { startedAt, sentBytes, bytes }),
      release: once(() => {
        this.#count(owner, -1);
        this.#pump();
      }),
    };
  }

  #failed(failure: UploadError, what: { startedAt: number; sentBytes: number; bytes: number }): void {
    const now = this.#clock.now();
    if (reasonFor(failure) === 'throttled') {
      // Requests that were in flight together are told together: that is one wish, not several.
      if (!this.#isQuiet()) this.#learn(throttled(this.#line, this.#data + 1, now));
      this.pauseFor(failure.retryAfterMs ?? 0);
    } else if (failure.code === 'network' || failure.code === 'timeout') {
      this.#learn(failed(this.#line, { ...what, now }));
    }
  }

  #learn(line: LineModel): void {
    const hasMoreLanes = line.lanes > this.#line.lanes;
    this.#line = line;
    this.#init.onLearned?.(() => memoryOf(line));
    if (hasMoreLanes) this.#pump();
  }

  #runningOf(owner: object): number {
    return this.#running.get(owner) ?? 0;
  }

  #count(owner: object, change: 1 | -1): void {
    this.#measure();
    const running = this.#runningOf(owner) + change;
    this.#data += change;
    if (running > 0) this.#running.set(owner, running);
    else this.#running.delete(owner);
  }

  /** Answers with the moment up to which requests in flight are summed up. */
  #measure(): number {
    const now = this.#clock.now();
    this.#area += (now - this.#areaAt) * this.#data;
    this.#areaAt = now;
    return now;
  }
}

const once = (act: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
};
