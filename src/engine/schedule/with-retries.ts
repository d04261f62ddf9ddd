/** Tries again what time may heal: after a backoff, after the time that the server asked for, or once the network is back. */

import { toUploadError, type UploadError } from '../../ports/errors.js';
import { isAuthExpired } from '../drive/auth-expired.js';
import type { DriveContext } from '../drive/drive-context.js';
import { delayFor, reasonFor } from './retry-policy.js';

/** A wait longer by this, in milliseconds, was held back by sleep: timers of hidden pages come within a minute. */
const ASLEEP_MS = 120_000;

/** A network that the browser says is not there is tried all the same after this time, in milliseconds. */
const DOUBT_MS = 30_000;

/** Repeats `operation` until it succeeds, fails for good, or the retry window is spent. */
export const withRetries = async <T>(run: DriveContext, operation: (run: DriveContext) => Promise<T>): Promise<T> => {
  for (let failures = 1; ; failures++) {
    try {
      const result = await operation(run);
      run.upload.window.progressed();
      return result;
    } catch (error) {
      run.signal.throwIfAborted();
      await waitAfter(run, toUploadError(error), failures);
    }
  }
};

const waitAfter = async (run: DriveContext, failure: UploadError, failures: number): Promise<void> => {
  const { upload, options, waits, onRetry } = run;
  const { clock, connectivity } = run.ports;
  if (!failure.retriable || isAuthExpired(upload, failure)) throw failure;
  const since = clock.now();
  // An answer proves a network, whatever the browser thinks of it: a VPN or a container may hide the one there is.
  if (!connectivity.online && failure.status === undefined) {
    await waits.during({ reason: 'offline', resumesAt: null }, untilOnline(run));
    upload.window.forgive(since, clock.now());
    return;
  }
  upload.window.failed(since);
  const reason = reasonFor(failure);
  const wishMs = upload.window.spaced(delayFor(failures, failure, clock.random()), since);
  const delayMs = upload.window.waitFor(wishMs, {
    now: since,
    windowMs: options.retryWindowMs,
    mayCut: failure.retryAfterMs === undefined,
  });
  if (delayMs === null) throw failure;
  upload.attempt += 1;
  onRetry(failure, delayMs);
  await waits.during({ reason, resumesAt: clock.wallNow() + delayMs }, backoff(run, delayMs, reason === 'backoff'));
  const until = clock.now();
  if (until - since > delayMs + ASLEEP_MS) upload.window.forgive(since + delayMs, until);
};

/** A sign of a new network ends a backoff early, once in a while; a time that the server set is kept. */
const backoff = ({ signal, upload, ports }: DriveContext, delayMs: number, mayEndEarly: boolean): Promise<void> =>
  settleOnce(signal, (bag, resolve, reject) => {
    const { clock, connectivity } = ports;
    clock.delay(delayMs, { signal: bag }).then(resolve, reject);
    if (mayEndEarly) connectivity.watch(() => upload.window.mayCut(clock.now()) && resolve(), { signal: bag });
  });

/** A browser that is wrong about the network must not hold an upload for ever. */
const untilOnline = ({ ports: { clock, connectivity }, signal }: DriveContext): Promise<void> =>
  settleOnce(signal, (bag, resolve, reject) => {
    connectivity.watch(() => connectivity.online && resolve(), { signal: bag });
    if (connectivity.online) resolve();
    else clock.delay(DOUBT_MS, { signal: bag }).then(resolve, reject);
  });

type Begin = (bag: AbortSignal, resolve: () => void, reject: (reason: unknown) => void) => void;

/** Rejects with the signal's reason; however it settles, everything that `begin` tied to the bag ends with it. */
const settleOnce = (signal: AbortSignal, begin: Begin): Promise<void> => {
  const bag = new AbortController();
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { signal: bag.signal });
    begin(bag.signal, resolve, reject);
  }).finally(() => bag.abort());
};
