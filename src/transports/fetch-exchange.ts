/** One request by `fetch`: answered, explained, or ended by its deadline. */

import { joinSignals } from '../lib/joint-signal.js';
import type { Clock } from '../ports/clock.js';
import { isUploadError, type UploadErrorCode } from '../ports/errors.js';
import type { WireResponse } from '../ports/transport.js';
import { bareUrl } from './bare-url.js';
import { buildRequest } from './build-request.js';
import type { CorsDiagnosis } from './cors-diagnosis.js';
import { Deadline } from './deadline.js';
import { redirected } from './redirected.js';

export interface FetchTools {
  readonly clock: Clock;
  readonly diagnosis: CorsDiagnosis;
}

export interface FetchLimits {
  readonly signal: AbortSignal;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The code of a failure to build the request from what we were given. */
  readonly blame: UploadErrorCode;
}

/** Redirects are not followed: they would carry our headers and bytes to whatever host they name. */
const FIXED = { cache: 'no-store', redirect: 'manual', referrerPolicy: 'same-origin' } as const;

export type FixedInit = typeof FIXED;

const REDIRECTS = [301, 302, 303, 307, 308];

/** A browser hides what kind of redirect it met; Node shows it. */
const isRedirect = ({ type, status }: Response): boolean => type === 'opaqueredirect' || REDIRECTS.includes(status);

export const exchangeByFetch = async (
  build: (fixed: FixedInit) => Request,
  { signal, timeoutMs, blame }: FetchLimits,
  { clock, diagnosis }: FetchTools,
): Promise<WireResponse> => {
  signal.throwIfAborted();
  const startedAt = clock.now();
  const deadline = new Deadline(clock);
  const request = buildRequest(() => build(FIXED), blame);
  const { url } = request;
  const { origin } = new URL(url);
  const { signal: stop, release } = joinSignals(signal, deadline.signal);
  deadline.allow(timeoutMs, `no answer from ${origin} within ${Math.round(timeoutMs)} ms`);
  try {
    // The signal of a request is one that WebKit may collect. What is given besides puts the referrer policy back.
    const response = await fetch(request, { signal: stop, referrerPolicy: FIXED.referrerPolicy });
    diagnosis.acquit(origin);
    if (isRedirect(response)) throw redirected(url);
    const { status, headers } = response;
    return { status, url: bareUrl(response.url), header: (name) => headers.get(name), text: await response.text() };
  } catch (error) {
    stop.throwIfAborted();
    throw isUploadError(error) ? error : await diagnosis.explain({ url, startedAt }, { signal });
  } finally {
    release();
    deadline.clear();
  }
};
