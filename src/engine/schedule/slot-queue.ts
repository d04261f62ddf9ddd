/**
 * Limits the data requests to one origin, for all engines of the page. The owner with the fewest running requests gets
 * the next slot, so that a small file does not wait behind the parts of a big one. Control requests, such as opening
 * and completing an upload, never wait. The line model sets how many requests run at once.
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

export interface SlotQueueInit {
  readonly clock: Clock;
  /** Measurements of an earlier page, as `onLearned` reported them. */
  readonly memory?: Readonly<Record<string, number>> | null;
  /** Protocol of the connections as the browser names it (`h2`, `http/1.1`); empty while unknown. */
  readonly nextHop?: () => string;
  /** Called at each measurement; `read` returns the values that a later page can start with. */
  readonly onLearned?: (read: () => Readonly<Record<string, number>>) => void;
}

interface Waiter extends AcquireOptions {
  readonly owner: object;
  readonly resolve: (slot: Slot | null) => void;
}

/** Interval at which `nextHop` is called until it returns the protocol, in milliseconds. */
const HOP_MS = 500;
/** Largest body that counts as small, in bytes: its round trip takes longer than its bytes. */
const SMALL_BODY = 1 << 20;
/** Maximum lanes by kind of connection: where connections are multiplexed, small bodies gain from more lanes. */
const MAX_LANES_PER_ORIGIN = {
  multiplexed: { small: 32, large: 10 },
  unknown: { small: 32, large: CONNECTIONS },
  single: { small: CONNECTIONS, large: CONNECTIONS },
} as const;

type Connection = keyof typeof MAX_LANES_PER_ORIGIN;

export class SlotQueue implements SlotSource {
  readonly #clock: Clock;
  readonly #init: SlotQueueInit;
  readonly #waiting = new Set<Waiter>();
  readonly #running = new Map<object, number>();
  #line: LineModel;
  #data = 0;
  #control = 0;
  /** Sum of the durations of all data requests, in milliseconds, up to `#requestMsAt`. */
  #requestMs = 0;
  #requestMsAt = 0;
  /** Data requests start no earlier than this, by `clock.now()`. */
  #quietUntil = 0;
  #hop = '';
  #hopAskedAt = Number.NEGATIVE_INFINITY;

  constructor(init: SlotQueueInit) {
    this.#init = init;
    this.#clock = init.clock;
    this.#line = init.memory ? recalled(init.memory) : UNKNOWN_LINE;
  }

  /** Data requests in flight. */
  get running(): number {
    return this.#data;
  }

  /** Requests that wait for a slot. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Measurements of the line to the origin. */
  get line(): LineModel {
    return this.#line;
  }

  /** When data requests may start again, by `clock.now()`; null when they may now. */
  get quietUntil(): number | null {
    return this.#isQuiet() ? this.#quietUntil : null;
  }

  /** This owner's share of the lanes. */
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
        resolve: (slot) => {
          signal.removeEventListener('abort', onAbort);
          resolve(slot);
        },
      };
      signal.addEventListener('abort', onAbort);
      this.#waiting.add(waiter);
      this.#pump();
    });
  }

  dismiss(owner: object): void {
    for (const waiter of this.#waiting) {
      if (waiter.owner !== owner) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(null);
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

  /** Starts no data request for `ms` milliseconds, because the server throttled. */
  pauseFor(ms: number): void {
    const until = this.#clock.now() + ms;
    if (until <= this.#quietUntil) return;
    this.#quietUntil = until;
    this.#clock.delay(ms, { signal: never() }).then(() => {
      if (this.#quietUntil !== until) return;
      // Browsers round the clock, so that it may still show an earlier time when the timer fires.
      this.#quietUntil = 0;
      this.#pump();
    });
  }

  #pump(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#waiting.delete(next);
      next.resolve(this.#slotFor(next));
    }
  }

  #isQuiet(): boolean {
    return this.#clock.now() < this.#quietUntil;
  }

  #next(): Waiter | undefined {
    if (this.#waiting.size === 0 || this.#isQuiet()) return undefined;
    const connection = this.#connection();
    // Otherwise a further request would wait for a connection.
    const isFree = connection === 'multiplexed' || this.#data + this.#control < Math.max(CONNECTIONS, this.#line.lanes);
    if (!isFree) return undefined;
    let best: Waiter | undefined;
    for (const waiter of this.#waiting) {
      if (this.#data >= Math.min(waiter.limit, this.#line.lanes, this.#most(waiter, connection))) continue;
      if (best === undefined || this.#runningOf(waiter.owner) < this.#runningOf(best.owner)) best = waiter;
    }
    return best;
  }

  #connection(): Connection {
    const now = this.#clock.now();
    if (this.#hop === '' && now >= this.#hopAskedAt + HOP_MS) {
      this.#hop = this.#init.nextHop?.() ?? '';
      this.#hopAskedAt = now;
    }
    if (this.#hop === '') return 'unknown';
    return /^h[23]/.test(this.#hop) ? 'multiplexed' : 'single';
  }

  /** An explicit `parallel` option may exceed the table: the page's author knows the server. */
  #most({ limit, bytes = 0 }: Pick<Waiter, 'limit' | 'bytes'>, connection = this.#connection()): number {
    const most = MAX_LANES_PER_ORIGIN[connection][bytes > SMALL_BODY ? 'large' : 'small'];
    return limit === Number.POSITIVE_INFINITY ? most : Math.max(most, limit);
  }

  #slotFor({ owner, limit, bytes: expected = 0 }: Waiter): Slot {
    this.#count(owner, 1);
    const startedAt = this.#clock.now();
    const requestMsBefore = this.#requestMs;
    let isReleased = false;
    const most = this.#most({ limit, bytes: expected });
    return {
      confirmed: (bytes) => {
        const now = this.#measure();
        const concurrency = now > startedAt ? (this.#requestMs - requestMsBefore) / (now - startedAt) : this.#data;
        // Ignores requests that started before the pause.
        if (!this.#isQuiet()) {
          this.#learn(confirmed(this.#line, { startedAt, now, bytes, concurrency, most }));
        }
      },
      failed: (failure, sentBytes, bytes = expected) => this.#failed(failure, { startedAt, sentBytes, bytes }),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#count(owner, -1);
        this.#pump();
      },
    };
  }

  #failed(failure: UploadError, what: { startedAt: number; sentBytes: number; bytes: number }): void {
    const now = this.#clock.now();
    if (reasonFor(failure) === 'throttled') {
      // Requests in flight together are throttled together, which counts once.
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

  /** Updates the sum of durations, and returns the current time. */
  #measure(): number {
    const now = this.#clock.now();
    this.#requestMs += (now - this.#requestMsAt) * this.#data;
    this.#requestMsAt = now;
    return now;
  }
}
