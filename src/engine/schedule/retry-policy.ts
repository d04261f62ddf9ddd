/** When to try again, and when to stop. Pure but for the window, which is told what time it is. */

import type { UploadError } from '../../ports/errors.js';
import type { WaitReason } from '../upload/snapshot.js';

const BASE_MS = 500;
const CAP_MS = 30_000;
/** No answer at all costs the server nothing: ask often, so that the return of the network is noticed soon. */
const UNANSWERED_CAP_MS = 3_000;
/**
 * Shortest wait before a retry, and between two retries of one upload, whatever the dice and the server say: an attempt may
 * take a grant, a body and a new grant for a URL that was refused, so that this keeps one file below ten requests a second.
 */
export const LEAST_MS = 350;
/** Between two waits of one upload that a sign of a new network ends, in milliseconds. */
const CUT_MS = 10_000;
/** Share added to a time that the server set, so that many clients do not come back in one instant. */
const SPREAD = 0.1;

/**
 * Wait before the attempt after `failures` failures in a row, in milliseconds: exponential with full jitter, or what the
 * server asked for, whichever is longer.
 */
export const delayFor = (failures: number, { code, retryAfterMs = 0 }: UploadError, random: number): number => {
  const cap = code === 'network' ? UNANSWERED_CAP_MS : CAP_MS;
  const backoffMs = Math.max(LEAST_MS, Math.min(cap, BASE_MS * 2 ** Math.min(failures, 10)) * random);
  return Math.max(backoffMs, retryAfterMs + Math.min(retryAfterMs * SPREAD, BASE_MS) * random);
};

export const reasonFor = ({ code, retryAfterMs }: UploadError): WaitReason =>
  code === 'rate-limited' || retryAfterMs !== undefined ? 'throttled' : 'backoff';

export interface WindowAt {
  readonly now: number;
  readonly windowMs: number;
  /** Whether the wait is ours to shorten. */
  readonly mayCut: boolean;
}

/**
 * How long an upload may go without confirmed progress. It opens with the first failure after progress, so that a slow
 * request is never punished for its length, and time offline or asleep is not counted.
 */
export class RetryWindow {
  #failures = 0;
  #openedAt: number | null = null;
  #mayCutAt = Number.NEGATIVE_INFINITY;
  /** When the last retry was planned for; parts that fail side by side take turns. */
  #plannedFor = Number.NEGATIVE_INFINITY;
  #forgivenUntil = Number.NEGATIVE_INFINITY;

  /** Failures in a row since the last progress. */
  get failures(): number {
    return this.#failures;
  }

  progressed(): void {
    this.#failures = 0;
    this.#openedAt = null;
  }

  failed(now: number): void {
    this.#failures += 1;
    this.#openedAt ??= now;
  }

  /** Whether a wait may end early now: people who switch between tabs must not make a request each time. */
  mayCut(now: number): boolean {
    if (now < this.#mayCutAt) return false;
    this.#mayCutAt = now + CUT_MS;
    return true;
  }

  /** The wait of a retry, long enough to keep its distance to the one planned before it. */
  spaced(delayMs: number, now: number): number {
    this.#plannedFor = Math.max(now + delayMs, this.#plannedFor + LEAST_MS);
    return this.#plannedFor - now;
  }

  /** Takes time that passed offline or asleep out of the account; what several parts waited for side by side counts once. */
  forgive(from: number, until: number): void {
    if (this.#openedAt === null) return;
    this.#openedAt += Math.max(0, until - Math.max(from, this.#forgivenUntil, this.#openedAt));
    this.#forgivenUntil = until;
  }

  /**
   * How long to wait before the next attempt, or null when the window is spent. A backoff of our own is cut at the end, so
   * that the last attempt comes there and not before; what the server asked for is kept or not waited for at all. One
   * retry is always allowed.
   */
  waitFor(delayMs: number, { now, windowMs, mayCut }: WindowAt): number | null {
    const leftMs = this.#failures > 1 && this.#openedAt !== null ? this.#openedAt + windowMs - now : delayMs;
    if (delayMs <= leftMs) return delayMs;
    return mayCut && leftMs > 0 ? leftMs : null;
  }
}
