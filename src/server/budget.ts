/**
 * Pacing towards the upstream, for all users of the key together: its rate limits count by key, so one user's storm
 * would stop all others. Two bounds: requests until a moment, as its headers tell (sources: the vendor's client, the
 * concurrency article), and requests at once, which a 429 halves and successes let grow back. Who has no turn waits in
 * order; a queue that is full, or a wait that is long, is answered with 429 and `Retry-After` instead.
 */

import { abortable, abortableDelay } from '../lib/abortable.js';
import { MAX_RETRY_AFTER_MS, parseInstant, readBackoff } from '../wire/headers.js';
import { HttpError } from './http-error.js';

/** Once the bound has grown this far, it is none: slow clients must not use up places that nobody is short of. */
const MOST_AT_ONCE = 256;
const LEAST_AT_ONCE = 2;
/** A browser gives up a mint or a part sooner than this queue empties. */
const MAX_WAITING = 256;
/** Longer than this, the browser is the better place to wait: it can show it. */
const MAX_WAIT_MS = 5000;
/** A 429 that does not say how long, and a window of which nothing was heard yet, count as this long. */
const UNKNOWN_MS = 1000;
/** A clock nearer than this to the upstream's is right: its `Date` is cut to seconds. */
const SAME_CLOCK_MS = 2000;

export interface BudgetAnswer {
  readonly status: number;
  readonly headers: Headers;
}

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** A long poll costs a request but keeps nobody busy. @default false */
  readonly isPoll?: boolean;
}

export class Budget {
  #atOnce = Number.POSITIVE_INFINITY;
  #busy = 0;
  /** Requests that may still begin before `#resetAt`. */
  #allowed = Number.POSITIVE_INFINITY;
  #perWindow = Number.POSITIVE_INFINITY;
  #resetAt = 0;
  /** The end of the window in the upstream's words, which tells windows apart. */
  #toldReset = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  #onFree: () => void = () => {};

  /** Runs `request` when its turn comes. @throws HttpError 429 when that would take too long. */
  async run<Answer extends BudgetAnswer>(request: () => Promise<Answer>, options: TurnOptions): Promise<Answer> {
    const weight = options.isPoll === true ? 0 : 1;
    await this.#turn(weight, options);
    try {
      const answer = await request();
      this.#heed(answer);
      return answer;
    } finally {
      this.#busy -= weight;
      this.#onFree();
    }
  }

  /** One after the other, so that nobody is overtaken. */
  async #turn(weight: number, { signal = new AbortController().signal }: TurnOptions): Promise<void> {
    if (this.#waiting >= MAX_WAITING || this.#pauseMs() > MAX_WAIT_MS) throw this.#busyError();
    const before = this.#last;
    let leave = (): void => {};
    this.#last = new Promise((resolve) => {
      leave = resolve;
    });
    this.#waiting += 1;
    try {
      await abortable(before, signal);
      await this.#free(signal);
      // At once, before whoever is behind looks.
      this.#allowed -= 1;
      this.#busy += weight;
    } finally {
      this.#waiting -= 1;
      // Whoever is behind waits for those before, even when one in the middle has left.
      void before.then(leave);
    }
  }

  async #free(signal: AbortSignal): Promise<void> {
    for (;;) {
      const pauseMs = this.#pauseMs();
      if (pauseMs > MAX_WAIT_MS) throw this.#busyError();
      if (pauseMs > 0) await abortableDelay(pauseMs, signal);
      else if (this.#busy >= this.#atOnce) await abortable(this.#nextFree(), signal);
      else return;
    }
  }

  /** Only the first in the queue listens. */
  #nextFree(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFree = resolve;
    });
  }

  #pauseMs(): number {
    if (this.#allowed > 0) return 0;
    const now = Date.now();
    if (now < this.#resetAt) return this.#resetAt - now;
    // A new window, of which no answer has told yet.
    this.#allowed = this.#perWindow;
    this.#resetAt = now + UNKNOWN_MS;
    return 0;
  }

  #busyError(): HttpError {
    const seconds = Math.max(1, Math.ceil(this.#pauseMs() / 1000));
    const headers = { 'Retry-After': String(seconds) };
    return new HttpError(429, 'rate-limited', 'the storage service is busy with other requests', { headers });
  }

  #heed({ status, headers }: BudgetAnswer): void {
    const header = (name: string) => headers.get(name);
    const upstreamNow = upstreamTime(header('date'));
    if (status === 429) {
      this.#atOnce = Math.max(LEAST_AT_ONCE, Math.floor(Math.min(this.#atOnce, this.#busy) / 2));
      this.#allowed = 0;
      this.#resetAt = Math.max(this.#resetAt, Date.now() + (readBackoff(header, upstreamNow) ?? UNKNOWN_MS));
      return;
    }
    this.#atOnce = this.#atOnce >= MOST_AT_ONCE ? Number.POSITIVE_INFINITY : this.#atOnce + 1 / 2;
    const available = toCount(header('x-ve-limit-avail') ?? header('x-rate-limit-available'));
    const reset = parseInstant(header('x-ve-limit-expires') ?? header('x-rate-limit-expiry'));
    if (available === undefined || reset === undefined || reset < this.#toldReset) return;
    this.#perWindow = toCount(header('x-ve-limit-max') ?? header('x-rate-limit-max')) ?? this.#perWindow;
    if (reset === this.#toldReset) {
      this.#allowed = Math.min(this.#allowed, available);
      return;
    }
    // What is in flight may not be in the upstream's count yet; the one that told this is.
    this.#allowed = available - Math.max(0, this.#busy - 1);
    this.#toldReset = reset;
    this.#resetAt = Date.now() + Math.min(Math.max(reset - upstreamNow, 0), MAX_RETRY_AFTER_MS);
  }
}

/** Milliseconds since 1970, by the upstream's clock where that is far from ours. */
const upstreamTime = (date: string | null): number => {
  const ours = Date.now();
  const theirs = parseInstant(date) ?? ours;
  return Math.abs(theirs - ours) < SAME_CLOCK_MS ? ours : theirs;
};

const toCount = (value: string | null): number | undefined => {
  const count = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(count) ? count : undefined;
};
