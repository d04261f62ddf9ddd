/**
 * Computes the delay of a retry, and whether the retry budget is spent; `with-retries.ts` decides. Reads no clock: callers
 * pass the time.
 */

import type { UploadError } from '../../ports/errors.js';

const BASE_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/**
 * Shorter when there was no answer: such a request costs the server nothing, and a returning network is noticed soon.
 */
const MAX_UNANSWERED_BACKOFF_MS = 3_000;
/**
 * Shortest wait before a retry, and between two retries of one upload, in milliseconds; jitter and `Retry-After` cannot
 * lower it. An attempt may take three requests (a grant, a body, a new grant for a refused URL), so this keeps one file
 * below ten requests a second.
 */
export const MIN_WAIT_MS = 350;
/** Shortest time between two backoffs of one upload that a change of the network ends early, in milliseconds. */
const EARLY_RETRY_MS = 10_000;
/** Random share added to a delay that the server set, so that many clients do not return at the same moment. */
const SPREAD = 0.1;

/**
 * Wait after `failures` failures in a row, in milliseconds: random between `MIN_WAIT_MS` and an exponential ceiling, or
 * the delay that the server asked for, whichever is longer.
 */
export const delayFor = (failures: number, { code, retryAfterMs = 0 }: UploadError, random: number): number => {
  const maxMs = code === 'network' ? MAX_UNANSWERED_BACKOFF_MS : MAX_BACKOFF_MS;
  const backoffMs = (Math.min(maxMs, BASE_MS * 2 ** failures) - MIN_WAIT_MS) * random + MIN_WAIT_MS;
  return Math.max(backoffMs, retryAfterMs + Math.min(retryAfterMs * SPREAD, BASE_MS) * random);
};

export const reasonFor = ({ code, retryAfterMs }: UploadError): 'throttled' | 'backoff' =>
  code === 'rate-limited' || retryAfterMs !== undefined ? 'throttled' : 'backoff';

export interface BudgetAt {
  readonly now: number;
  readonly budgetMs: number;
  /** False for a delay that the server asked for. */
  readonly canShorten: boolean;
}

/**
 * Limits how long an upload retries without confirmed progress. The time counts from the first failure after progress,
 * so a long request alone does not use it up; time offline or asleep is excluded.
 */
export class RetryBudget {
  /** Failures in a row since the last progress. */
  #failures = 0;
  #openedAt: number | null = null;
  // Times by `clock.now()`. A small integer takes no memory of its own, and thousands of files may wait.
  #earlyRetryAt = 0;
  /** Time of the last reserved retry: parts that fail together retry one after the other. */
  #plannedFor = 0;
  #excludedUntil = 0;

  progressed(): void {
    this.#failures = 0;
    this.#openedAt = null;
  }

  failed(now: number): void {
    this.#failures += 1;
    this.#openedAt ??= now;
  }

  /**
   * Reserves an early retry. False within `EARLY_RETRY_MS` of the last one, so that switching tabs causes few requests.
   */
  claimEarlyRetry(now: number): boolean {
    if (now < this.#earlyRetryAt) return false;
    this.#earlyRetryAt = now + EARLY_RETRY_MS;
    return true;
  }

  /** Reserves the time of a retry and returns its wait, which keeps `MIN_WAIT_MS` to the retry reserved before it. */
  reserveSlotAfter(delayMs: number, now: number): number {
    this.#plannedFor = Math.max(now + delayMs, this.#plannedFor + MIN_WAIT_MS);
    return this.#plannedFor - now;
  }

  /** Excludes time that passed offline or asleep; overlapping waits of several parts are excluded once. */
  exclude(from: number, until: number): void {
    if (this.#openedAt === null) return;
    this.#openedAt += Math.max(0, until - Math.max(from, this.#excludedUntil, this.#openedAt));
    this.#excludedUntil = until;
  }

  /**
   * Wait before the next attempt, in milliseconds; null when the budget is spent. A backoff is shortened to what is
   * left, so that the last attempt comes at the end of the budget; a delay that the server asked for must fit as a
   * whole. One retry is always allowed.
   */
  waitFor(delayMs: number, { now, budgetMs, canShorten }: BudgetAt): number | null {
    const leftMs = this.#failures > 1 && this.#openedAt !== null ? this.#openedAt + budgetMs - now : delayMs;
    if (delayMs <= leftMs) return delayMs;
    return canShorten && leftMs > 0 ? leftMs : null;
  }
}
