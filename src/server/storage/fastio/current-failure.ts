/**
 * Maps errors of the `/current/` API. The status decides and the error code refines it. Codes on which the browser acts
 * are passed on: they name an error of its request, or one of the gateway's set-up that a retry cannot fix.
 */

import { isObject, type JsonObject } from '../../../lib/json.js';
import { API_CODE, isScopeRefusal, parseEnvelope } from '../../../wire/fastio-envelope.js';
import type { HttpError } from '../../http/http-error.js';
import type { UpstreamAnswer } from './upstream-client.js';
import { type Subject, upstreamFailure } from './upstream-failure.js';

const PASSED_CODES: ReadonlySet<number> = new Set([
  API_CODE.sizeMismatch,
  API_CODE.fileChecksumMismatch,
  API_CODE.fileChecksumConflict,
  API_CODE.notMember,
  API_CODE.noAccess,
]);

/** Codes that determine the status, whatever the answer's own, including classes of the vendor's client. */
const STATUS_OF: Readonly<Record<number, number>> = {
  1671: 429,
  1688: 402,
  1695: 402,
  1696: 402,
  // An unknown path means that the upstream has no such API, not that the session does not exist.
  [API_CODE.noRoute]: 501,
};

export const currentFailure = (answer: UpstreamAnswer, subject: Subject): HttpError => {
  const envelope = parseEnvelope(answer.text);
  const code = envelope?.ok === false ? envelope.failure.code : undefined;
  const passed = code !== undefined && (PASSED_CODES.has(code) || isScopeRefusal(code)) ? code : undefined;
  const reason = envelope?.ok === false ? readReason(envelope.failure.details) : undefined;
  const status = statusOf(answer, code, envelope !== null);
  return upstreamFailure({ status, headers: answer.headers }, subject, { apiCode: passed, reason });
};

/**
 * `geo_restricted`, `credential_policy_scope`, `access_policy_unavailable` and others (source: the vendor's agent
 * guide).
 */
const readReason = ({ params, reason }: JsonObject): string | undefined => {
  const entries = [...(Array.isArray(params) ? params : [params]), { reason }].filter(isObject);
  const words = entries.map((entry) => entry.reason);
  return words.find((word) => typeof word === 'string' && /^[a-z0-9_]{1,60}$/.test(word)) as string | undefined;
};

const statusOf = ({ status, ok }: UpstreamAnswer, code: number | undefined, isReadable: boolean): number => {
  const known = code === undefined ? undefined : STATUS_OF[code];
  if (known !== undefined) return known;
  // The newer references have 406 where the older ones have 400; an error may also come with a 2xx status.
  if (status === 406 || (ok && isReadable)) return 400;
  return ok ? 502 : status;
};
