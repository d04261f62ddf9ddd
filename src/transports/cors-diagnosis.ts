/**
 * Distinguishes an unreachable server from one whose CORS headers hide its answers. Browsers report the same error for
 * both, but the first needs a retry and the second a setting on the server.
 *
 * A failure is suspicious when a `no-cors` probe is answered directly after it. One such failure may be a connection
 * that broke by chance; five in a row, each request begun after the previous one had failed and without any readable
 * answer, are diagnosed as CORS. An origin with a readable answer is never diagnosed.
 */

import { joinSignals } from '../lib/joint-signal.js';
import type { Clock } from '../ports/clock.js';
import type { Connectivity } from '../ports/connectivity.js';
import { UploadError } from '../ports/errors.js';
import { bareUrl } from './bare-url.js';

const FAILURES_FOR_CORS = 5;
const PROBE_TIMEOUT_MS = 5000;

interface Suspicion {
  readonly failures: number;
  /** When the last failure was counted, on the monotonic clock. */
  readonly countedAt: number;
}

/** A request without an answer. */
export interface FailedRequest {
  readonly url: string;
  /** On the monotonic clock. */
  readonly startedAt: number;
}

export class CorsDiagnosis {
  readonly #clock: Clock;
  readonly #connectivity: Connectivity;
  readonly #readable = new Set<string>();
  readonly #suspicions = new Map<string, Suspicion>();

  constructor(clock: Clock, connectivity: Connectivity) {
    this.#clock = clock;
    this.#connectivity = connectivity;
  }

  /** Records that an answer of this origin could be read. */
  acquit(origin: string): void {
    this.#readable.add(origin);
    this.#suspicions.delete(origin);
  }

  /** The error of the request: `network` or `cors`. Rejects with the signal's reason when it is aborted. */
  async explain({ url, startedAt }: FailedRequest, { signal }: { readonly signal: AbortSignal }): Promise<UploadError> {
    const { origin } = new URL(url);
    if (!this.#isForeign(origin) || this.#readable.has(origin) || !this.#connectivity.online) return noAnswer(origin);
    const known = this.#suspicions.get(origin) ?? { failures: 0, countedAt: Number.NEGATIVE_INFINITY };
    // Requests that fail together count as one failure.
    if (startedAt <= known.countedAt) return noAnswer(origin);
    const isReachable = await probe(url, signal);
    const failures = isReachable ? known.failures + 1 : 0;
    this.#suspicions.set(origin, { failures, countedAt: this.#clock.now() });
    return failures < FAILURES_FOR_CORS || this.#readable.has(origin)
      ? noAnswer(origin)
      : new UploadError('cors', `${origin} answers, but this page may not read it`);
  }

  /** Whether the origin is another one than the page's. There is no CORS outside a page. */
  #isForeign(origin: string): boolean {
    const page: string | undefined = globalThis.location?.origin;
    return page !== undefined && page !== origin;
  }
}

const noAnswer = (origin: string): UploadError => new UploadError('network', `no answer from ${origin}`);

/** Whether the URL is answered at all. Sends no cookies, no referrer and no query. */
const probe = async (url: string, signal: AbortSignal): Promise<boolean> => {
  const stop = joinSignals(signal, AbortSignal.timeout(PROBE_TIMEOUT_MS));
  try {
    await fetch(bareUrl(url), {
      method: 'HEAD',
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: stop.signal,
    });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    stop.release();
  }
};
