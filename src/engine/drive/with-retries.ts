/**
 * Retries failed operations: after a backoff, after the delay that the server asked for, or when the network is back.
 */

import { abortable } from '../../lib/abortable.js';
import { toUploadError, type UploadError } from '../../ports/errors.js';
import { delayFor, reasonFor } from '../schedule/retry-policy.js';
import { isAuthExpired } from './auth-expired.js';
import type { DriveContext } from './drive-context.js';

/** A wait that overran by more than this many milliseconds means sleep: timers of hidden pages fire within a minute. */
const ASLEEP_MS = 120_000;

/** Longest wait for the browser to report a network, in milliseconds; then a request is tried anyway. */
const OFFLINE_RETRY_MS = 30_000;

/** Repeats `operation` until it succeeds, fails for good, or the retry budget is spent. */
export const withRetries = async <T>(run: DriveContext, operation: (run: DriveContext) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await operation(run);
      run.upload.retryBudget.progressed();
      return result;
    } catch (error) {
      run.signal.throwIfAborted();
      await waitAfter(run, toUploadError(error), attempt);
    }
  }
};

const waitAfter = async (run: DriveContext, failure: UploadError, attempt: number): Promise<void> => {
  const { upload, options, waits, onRetry } = run;
  const { clock, connectivity } = run.ports;
  if (!failure.retriable || isAuthExpired(upload, failure)) throw failure;
  const since = clock.now();
  // A response proves a network even if the browser reports none, as it may with a VPN or in a container.
  if (!connectivity.online && failure.status === undefined) {
    await waits.during({ reason: 'offline', resumesAt: null }, untilOnline(run));
    upload.retryBudget.exclude(since, clock.now());
    return;
  }
  upload.retryBudget.failed(since);
  const reason = reasonFor(failure);
  const wishMs = upload.retryBudget.reserveSlotAfter(delayFor(attempt, failure, clock.random()), since);
  const delayMs = upload.retryBudget.waitFor(wishMs, {
    now: since,
    budgetMs: options().retryWindowMs,
    canShorten: failure.retryAfterMs === undefined,
  });
  if (delayMs === null) throw failure;
  onRetry(failure, delayMs);
  await waits.during({ reason, resumesAt: clock.wallNow() + delayMs }, backoff(run, delayMs, reason === 'backoff'));
  const until = clock.now();
  if (until - since > delayMs + ASLEEP_MS) upload.retryBudget.exclude(since + delayMs, until);
};

/** A change of the network may end a backoff early, at a limited rate; a delay that the server asked for is kept. */
const backoff = ({ signal, upload, ports }: DriveContext, delayMs: number, mayEndEarly: boolean): Promise<void> =>
  settleOnce(signal, (cleanup, resolve, reject) => {
    const { clock, connectivity } = ports;
    clock.delay(delayMs, { signal: cleanup }).then(resolve, reject);
    if (!mayEndEarly) return;
    const onChange = () => upload.retryBudget.claimEarlyRetry(clock.now()) && resolve();
    connectivity.watch(onChange, { signal: cleanup });
  });

/** The wait is limited, because the browser may report a missing network wrongly. */
const untilOnline = ({ ports: { clock, connectivity }, signal }: DriveContext): Promise<void> =>
  settleOnce(signal, (cleanup, resolve, reject) => {
    connectivity.watch(() => connectivity.online && resolve(), { signal: cleanup });
    if (connectivity.online) resolve();
    else clock.delay(OFFLINE_RETRY_MS, { signal: cleanup }).then(resolve, reject);
  });

type Begin = (cleanup: AbortSignal, resolve: () => void, reject: (reason: unknown) => void) => void;

/**
 * Rejects with the reason of `signal`. Once settled it aborts `cleanup`, which ends the timers and listeners of
 * `begin`.
 */
const settleOnce = (signal: AbortSignal, begin: Begin): Promise<void> => {
  const cleanup = new AbortController();
  const settled = new Promise<void>((resolve, reject) => begin(cleanup.signal, resolve, reject));
  return abortable(settled, signal).finally(() => cleanup.abort());
};
