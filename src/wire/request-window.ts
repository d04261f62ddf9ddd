/**
 * The budget of requests that answers tell of: so many until a moment, in either family of headers (sources: the vendor's
 * client, the SvelteKit article). Each request asks it first, so that requests wait at home instead of being refused.
 */

import { MAX_RETRY_AFTER_MS, parseInstant, readBackoff } from './headers.js';

/** A window of which nothing was heard yet, and a refusal that does not say how long, count as this long. */
const UNKNOWN_MS = 1000;
/** The server's `Date` is cut to seconds, and its answer under way for another at most: what is more, a clock was set. */
const DATE_SLACK_MS = 2000;
/**
 * A request that began longer ago was counted before the window ended: the end is told in whole seconds, and the way takes
 * no longer than the rest. Long polls stay open far beyond it.
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

export class RequestWindow {
  /** Requests that may still begin before `#resetAt`. */
  #allowed = Number.POSITIVE_INFINITY;
  #perWindow = Number.POSITIVE_INFINITY;
  #resetAt = 0;
  /** The end of the window in the server's words, which tells windows apart. */
  #toldReset = 0;
  /**
   * How far our clock is ahead of the server's, in milliseconds, at most. The least difference seen is nearest to the
   * truth, and never below it: requests may wait a little longer at first, but none begins before its time.
   */
  #clockAhead = Number.POSITIVE_INFINITY;
  /** What is under way, by when it began. */
  readonly #underWay = new Set<{ readonly begunAt: number }>();

  /** Milliseconds until a request may begin; 0 when it may now. */
  waitMs(now: number): number {
    if (this.#allowed > 0) return 0;
    if (now < this.#resetAt) return this.#resetAt - now;
    // A new window, of which no answer has told yet: what is under way may be counted in it.
    this.#allowed = this.#perWindow - this.#recent(now);
    this.#resetAt = now + UNKNOWN_MS;
    return this.#allowed > 0 ? 0 : UNKNOWN_MS;
  }

  /** Counts a request that begins. Call what is returned when it is over, before `heed`. */
  begin(now: number): () => void {
    const request = { begunAt: now };
    this.#allowed -= 1;
    this.#underWay.add(request);
    return () => void this.#underWay.delete(request);
  }

  heed({ status, header }: BudgetAnswer, { now, wallNow }: Moment): void {
    const serverNow = this.#serverTime(header('date'), wallNow);
    if (status === 429) {
      this.#allowed = 0;
      this.#resetAt = Math.max(this.#resetAt, now + (readBackoff(header, serverNow) ?? UNKNOWN_MS));
      return;
    }
    const available = toCount(header('x-ve-limit-avail') ?? header('x-rate-limit-available'));
    const reset = parseInstant(header('x-ve-limit-expires') ?? header('x-rate-limit-expiry'));
    if (available === undefined || reset === undefined || reset < this.#toldReset) return;
    this.#perWindow = toCount(header('x-ve-limit-max') ?? header('x-rate-limit-max')) ?? this.#perWindow;
    if (reset === this.#toldReset) {
      this.#allowed = Math.min(this.#allowed, available);
      return;
    }
    // What is under way may not be in the server's count yet.
    this.#allowed = available - this.#recent(now);
    this.#toldReset = reset;
    this.#resetAt = now + Math.min(Math.max(reset - serverNow, 0), MAX_RETRY_AFTER_MS);
  }

  /** Milliseconds since 1970 by the server's clock, where it has told; else by ours. */
  #serverTime(date: string | null, ours: number): number {
    const theirs = parseInstant(date);
    if (theirs === undefined) return Number.isFinite(this.#clockAhead) ? ours - this.#clockAhead : ours;
    const ahead = ours - theirs;
    this.#clockAhead = ahead - this.#clockAhead > DATE_SLACK_MS ? ahead : Math.min(this.#clockAhead, ahead);
    return ours - this.#clockAhead;
  }

  #recent(now: number): number {
    let count = 0;
    for (const { begunAt } of this.#underWay) if (now - begunAt < RECENT_MS) count += 1;
    return count;
  }
}

const toCount = (value: string | null): number | undefined => {
  const count = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(count) ? count : undefined;
};
