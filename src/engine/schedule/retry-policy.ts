/** When to try again, and when to stop. Pure but for the window, which is told what time it is. */

import type { UploadError } from '../../ports/errors.js';
import type { WaitReason } from '../upload/snapshot.js';

const BASE_MS = 500;
const CAP_MS = 30_000;
/** No answer at all costs the server nothing: ask often, so that the return of the network is noticed soon. */
const UNANSWERED_CAP_MS = 3_000;
/** Share added to a time that the server set, so that many clients do not come back in one instant. */
const SPREAD = 0.1;

/**
 * Wait before the attempt after `failures` failures in a row, in milliseconds: exponential with full jitter, or what the
 * server asked for, never less.
 */
export const delayFor = (failures: number, { code, retryAfterMs }: UploadError, random: number): number => {
  if (retryAfterMs !== undefined) return retryAfterMs + Math.min(retryAfterMs * SPREAD, BASE_MS) * random;
  const cap = code === 'network' ? UNANSWERED_CAP_MS : CAP_MS;
  return Math.min(cap, BASE_MS * 2 ** Math.min(failures, 10)) * random;
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
