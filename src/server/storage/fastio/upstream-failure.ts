/** Maps error answers of the upstream to the gateway's errors. Only a status and rate limit headers are passed on. */

import { HttpError } from '../../http/http-error.js';
import type { UpstreamAnswer } from './upstream-client.js';

/** The subject of the request, because the meaning of a status depends on it. */
export type Subject = 'grant' | 'file' | 'session' | 'part' | 'manifest';

export interface FailureDetails {
  /** Error code of the upstream's API, if the browser acts on it. */
  readonly apiCode?: number | undefined;
  /** The upstream's reason, for the gateway's log. */
  readonly reason?: string | undefined;
}

export const upstreamFailure = (
  { status, headers }: Pick<UpstreamAnswer, 'status' | 'headers'>,
  subject: Subject,
  { apiCode, reason }: FailureDetails = {},
): HttpError => {
  const cause = new Error(`the upstream answered ${status} (${subject})${reason === undefined ? '' : `: ${reason}`}`);
  const fail = (sent: number, code: HttpError['code'], message: string): HttpError =>
    new HttpError(sent, code, message, {
      headers,
      cause,
      ...(apiCode !== undefined && { details: { error_code: apiCode } }),
    });

  // The caller is already authorized, so the gateway's key is wrong or lacks the permission. A retry cannot help, so the
  // answer is not a 5xx, which browsers retry.
  if (status === 401 || status === 403) return fail(403, 'upstream', 'the storage service refused the gateway');
  if (status === 402) return fail(402, 'upstream', 'the storage plan does not cover this upload');
  if (status === 429) return fail(429, 'rate-limited', 'the storage service asks to slow down');
  if (status === 507) return fail(507, 'upstream', 'the storage is full');
  if (status === 408 || status === 504)
    return fail(504, 'upstream-timeout', 'the storage service did not answer in time');
  if (status === 405 || status === 501) return fail(501, 'upstream', 'the storage service cannot do this');
  if (status === 413) return fail(413, 'too-large', 'the storage service does not accept this size');
  if (status === 415) return fail(415, 'type-not-allowed', 'the storage service does not accept this type');
  if (status === 423) return fail(423, 'locked', 'the file is locked by another user');
  if (status === 404 || status === 410)
    return isLost(subject) ? fail(404, 'not-found', LOST) : fail(403, 'upstream', TARGET);
  if (status === 400 || status === 409 || status === 422) {
    // After a 409 the browser lists the stored parts again.
    return subject === 'manifest'
      ? fail(409, 'bad-request', 'the list of parts differs from what is stored')
      : fail(400, 'bad-request', 'the storage service refused the request');
  }
  return fail(502, 'upstream', 'the storage service failed');
};

const LOST = 'there is no such session, or it has expired';
const TARGET = 'the storage service does not know the target';

/** The browser can reopen an unknown session; an unknown workspace is an error of the gateway's options. */
const isLost = (subject: Subject): boolean => subject === 'session' || subject === 'part' || subject === 'manifest';

export const unreadable = (): HttpError =>
  new HttpError(502, 'upstream', 'the answer of the storage service could not be parsed');
