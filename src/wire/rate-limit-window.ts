/**
 * The upstream's rate limit: a number of requests until a reset time, from either family of headers (sources: the
 * vendor's client, the SvelteKit article). Callers check it before each request and wait, instead of being answered
 * 429.
 */

import { MAX_RETRY_AFTER_MS, parseInstant, readBackoff } from './headers.js';

/** Assumed length of a window before an answer reports its end, and of a 429 without a `Retry-After`. */
const UNKNOWN_MS = 1000;
/** `Date` is cut to seconds, and an answer takes at most about a second; a larger change means that a clock was set. */
const DATE_SLACK_MS = 2000;
/**
 * The server has counted a request that began longer ago in an earlier window. Long polls stay open much longer, so
 * requests in flight are counted only when they are this recent.
 */
const RECENT_MS = 2000;

export interface BudgetAnswer {
  readonly status: number;
  /** Null when the header is absent. */
  header(name: string): string | null;
}

export interface Moment {
  /** Milliseconds on the clock that waits are measured by. */
  readonly now: number;
  /** Milliseconds since 1970. */
  readonly wallNow: number;
}

export class RateLimitWindow {
  /** Requests that may still begin before `#resetAt`. */
  #allowed = Number.POSITIVE_INFINITY;
  #perWindow = Number.POSITIVE_INFINITY;
  #resetAt = 0;
  /** The window's end as the server sent it; it identifies the window. */
  #serverReset = 0;
  /**
   * Upper bound of how far the local clock is ahead of the server's, in milliseconds. The smallest difference seen is
   * the most exact, and never too small: requests may wait a little longer at first, but never begin too early.
   */
  #clockAhead = Number.POSITIVE_INFINITY;
  /** Requests in flight, by the time they began. */
  readonly #inFlight = new Set<{ readonly begunAt: number }>();

  /** Opens a new window if the last one has ended, and returns the milliseconds until a request may begin. */
  renew(now: number): number {
    if (this.#allowed > 0) return 0;
    if (now < this.#resetAt) return this.#resetAt - now;
    // No answer has described the new window yet, and requests in flight may count in it.
    this.#allowed = this.#perWindow - this.#recent(now);
    this.#resetAt = now + UNKNOWN_MS;
    return this.#allowed > 0 ? 0 : UNKNOWN_MS;
  }

  /** Counts a request that begins. Call the returned function when it ends, before `update`. */
  begin(now: number): () => void {
    const request = { begunAt: now };
    this.#allowed -= 1;
    this.#inFlight.add(request);
    return () => void this.#inFlight.delete(request);
  }

  /** Reads the rate limit from the headers of an answer. */
  update({ status, header }: BudgetAnswer, { now, wallNow }: Moment): void {
    const serverNow = this.#serverTime(header('date'), wallNow);
    if (status === 429) {
      this.#allowed = 0;
      this.#resetAt = Math.max(this.#resetAt, now + (readBackoff(header, serverNow) ?? UNKNOWN_MS));
      return;
    }
    const available = toCount(header('x-ve-limit-avail') ?? header('x-rate-limit-available'));
    const reset = parseInstant(header('x-ve-limit-expires') ?? header('x-rate-limit-expiry'));
    if (available === undefined || reset === undefined || reset < this.#serverReset) return;
    this.#perWindow = toCount(header('x-ve-limit-max') ?? header('x-rate-limit-max')) ?? this.#perWindow;
    if (reset === this.#serverReset) {
      this.#allowed = Math.min(this.#allowed, available);
      return;
    }
    // The server's count may not include requests in flight.
    this.#allowed = available - this.#recent(now);
    this.#serverReset = reset;
    this.#resetAt = now + Math.min(Math.max(reset - serverNow, 0), MAX_RETRY_AFTER_MS);
  }

  /** Server time in milliseconds since 1970, from its `Date` headers; local time until one was received. */
  #serverTime(date: string | null, localNow: number): number {
    const serverNow = parseInstant(date);
    if (serverNow === undefined) return Number.isFinite(this.#clockAhead) ? localNow - this.#clockAhead : localNow;
    const ahead = localNow - serverNow;
    this.#clockAhead = ahead - this.#clockAhead > DATE_SLACK_MS ? ahead : Math.min(this.#clockAhead, ahead);
    return localNow - this.#clockAhead;
  }

  #recent(now: number): number {
    let count = 0;
    for (const { begunAt } of this.#inFlight) if (now - begunAt < RECENT_MS) count += 1;
    return count;
  }
}

const toCount = (value: string | null): number | undefined => {
  const count = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(count) ? count : undefined;
};
