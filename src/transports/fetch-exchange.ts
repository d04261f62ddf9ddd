/** One request by `fetch`, with a deadline and an error that explains a missing answer. */

import type { Clock } from '../ports/clock.js';
import { isUploadError, type UploadErrorCode } from '../ports/errors.js';
import type { WireResponse } from '../ports/transport.js';
import { buildRequest } from './build-request.js';
import type { CorsDiagnosis } from './cors-diagnosis.js';
import { Deadline } from './deadline.js';
import { redirected } from './redirected.js';

export interface FetchTools {
  readonly clock: Clock;
  readonly diagnosis: CorsDiagnosis;
}

export interface FetchCall {
  /** Absolute. */
  readonly url: string;
  readonly init: RequestInit;
  readonly signal: AbortSignal;
  /** Timeout for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Error code when the URL or a header is not valid. */
  readonly code: UploadErrorCode;
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** Browsers hide the status of a redirect; Node shows it. */
const isRedirect = ({ type, status }: Response): boolean => type === 'opaqueredirect' || REDIRECTS.includes(status);

export const exchangeByFetch = async (
  { url, init, signal, timeoutMs, code }: FetchCall,
  { clock, diagnosis }: FetchTools,
): Promise<WireResponse> => {
  signal.throwIfAborted();
  const startedAt = clock.now();
  const { origin, pathname } = buildRequest(() => new URL(url), code);
  const deadline = new Deadline(clock, signal);
  const stop = deadline.signal;
  deadline.allow(timeoutMs, `no answer from ${origin} within ${Math.round(timeoutMs)} ms`);
  try {
    // WebKit may garbage-collect the signal of a `Request`, so it is passed here. Redirects are not followed, because
    // they would send headers and bytes to another host.
    const response = await fetch(url, { ...init, signal: stop, redirect: 'manual', referrerPolicy: 'same-origin' });
    diagnosis.acquit(origin);
    if (isRedirect(response)) throw redirected(url);
    const { status, headers } = response;
    // Redirects are not followed, so the URL is the one that was asked; an answer that a page made itself has none.
    return { status, url: origin + pathname, header: (name) => headers.get(name), text: await response.text() };
  } catch (error) {
    stop.throwIfAborted();
    if (isUploadError(error)) throw error;
    // What is not valid fails like the network. A `Request` for each small file would take too long.
    buildRequest(() => new Request(url, init), code);
    throw await diagnosis.explain({ url, startedAt }, { signal });
  } finally {
    deadline.release();
  }
};
