/**
 * Limits the requests per key in fixed windows. Documented: the two families of headers (the vendor's client and
 * guides), an expiry as epoch seconds (client) or as a UTC date (guide), `Retry-After` (the concurrency article only),
 * 429, a separate bucket for batches. Assumed: windows that start with the first request; no source has numbers.
 */

import { CODES, CurrentError } from './current-error.js';

/** `retry-after` sends no header until the limit is reached. */
export type RateHeaders = 've-epoch' | 've-date' | 'legacy-epoch' | 'legacy-date' | 'retry-after';

export interface RateLimit {
  readonly requests: number;
  /** Milliseconds. */
  readonly windowMs: number;
  /** @default 've-epoch' */
  readonly headers?: RateHeaders;
}

interface Window {
  readonly endsAt: number;
  left: number;
}

const NAMES = {
  ve: ['x-ve-limit-avail', 'x-ve-limit-max', 'x-ve-limit-expires'],
  legacy: ['X-Rate-Limit-Available', 'X-Rate-Limit-Max', 'X-Rate-Limit-Expiry'],
} as const;

/** `2026-04-24 23:49:04 UTC` */
const formatDate = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export class RateLimiter {
  readonly #limit: RateLimit | null;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(limit: RateLimit | undefined, now: () => number) {
    this.#limit = limit ?? null;
    this.#now = now;
  }

  /** Counts a request of the bucket. Returns the headers for its answer, and the refusal when the limit is reached. */
  count(bucket: string): { headers: Readonly<Record<string, string>>; refusal: CurrentError | null } {
    if (this.#limit === null) return { headers: {}, refusal: null };
    const window = this.#windowOf(bucket, this.#limit);
    const isSpent = window.left === 0;
    if (!isSpent) window.left -= 1;
    return {
      headers: this.#describe(window, this.#limit, isSpent),
      refusal: isSpent ? new CurrentError(429, CODES.rateLimited, 'too many requests') : null,
    };
  }

  #windowOf(bucket: string, { requests, windowMs }: RateLimit): Window {
    const now = this.#now();
    const open = this.#windows.get(bucket);
    if (open !== undefined && now < open.endsAt) return open;
    const window = { endsAt: now + windowMs, left: requests };
    this.#windows.set(bucket, window);
    return window;
  }

  #describe({ left, endsAt }: Window, { requests, headers = 've-epoch' }: RateLimit, isSpent: boolean) {
    // Rounded up, so that a client that waits until then gets a new window.
    if (headers === 'retry-after') {
      const seconds = Math.max(Math.ceil((endsAt - this.#now()) / 1000), 1);
      return isSpent ? { 'Retry-After': String(seconds) } : {};
    }
    const [available, max, expires] = NAMES[headers.startsWith('ve') ? 've' : 'legacy'];
    const seconds = Math.ceil(endsAt / 1000);
    return {
      [available]: String(left),
      [max]: String(requests),
      [expires]: headers.endsWith('date') ? formatDate(seconds) : String(seconds),
    };
  }
}
