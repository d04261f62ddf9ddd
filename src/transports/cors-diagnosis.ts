/**
 * Browsers do not tell a page whether a server was out of reach or refused to be read by it (CORS): both are the same bare
 * error. This finds out, because the first heals with time and the second only with a setting on the server.
 *
 * An origin is under suspicion when a request to it fails and a probe that needs no permission is answered directly
 * afterwards. One such failure may be a connection cut by chance; five in a row, each begun after the one before had
 * failed and without any readable answer, are taken as proof. An origin that was readable once is never accused.
 */

import { joinSignals } from '../lib/joint-signal.js';
import type { Clock } from '../ports/clock.js';
import type { Connectivity } from '../ports/connectivity.js';
import { UploadError } from '../ports/errors.js';
import { bareUrl } from './bare-url.js';

const PROOF = 5;
const PROBE_TIMEOUT_MS = 5000;

interface Suspicion {
  readonly failures: number;
  /** When the last of them was counted, on the monotonic clock. */
  readonly countedAt: number;
}

/** A request that got no answer. */
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

  /** An answer of this origin could be read. */
  acquit(origin: string): void {
    this.#readable.add(origin);
    this.#suspicions.delete(origin);
  }

  /** Why the request got no answer: `network` or `cors`. Rejects with the signal's reason when aborted. */
  async explain({ url, startedAt }: FailedRequest, { signal }: { readonly signal: AbortSignal }): Promise<UploadError> {
    const { origin } = new URL(url);
    if (!this.#isForeign(origin) || this.#readable.has(origin) || !this.#connectivity.online) return noAnswer(origin);
    const known = this.#suspicions.get(origin) ?? { failures: 0, countedAt: Number.NEGATIVE_INFINITY };
    // Requests in flight together fail together: that is one observation.
    if (startedAt <= known.countedAt) return noAnswer(origin);
    const isReachable = await probe(url, signal);
    const failures = isReachable ? known.failures + 1 : 0;
    this.#suspicions.set(origin, { failures, countedAt: this.#clock.now() });
    return failures < PROOF || this.#readable.has(origin)
      ? noAnswer(origin)
      : new UploadError('cors', `${origin} answers, but does not allow this page to read it`);
  }

  /** Only pages have an origin that CORS protects others from. */
  #isForeign(origin: string): boolean {
    const page: string | undefined = globalThis.location?.origin;
    return page !== undefined && page !== origin;
  }
}

const noAnswer = (origin: string): UploadError => new UploadError('network', `no answer from ${origin}`);

/** Whether anything answers there. Says nothing of us: no cookies, no referrer, no query. */
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
