/**
 * Refusals of the `/current/` API. The status decides and the error's number refines it; the numbers that the browser's
 * side acts on cross over, for they name a fault of its request, or one of ours that no repetition mends.
 */

import { API_CODE, isScopeRefusal, parseEnvelope } from '../../../wire/fastio-envelope.js';
import type { HttpError } from '../../http/http-error.js';
import type { UpstreamAnswer } from '../upstream-client.js';
import { type Subject, upstreamFailure } from '../upstream-failure.js';

const PASSED_CODES: ReadonlySet<number> = new Set([
  API_CODE.sizeMismatch,
  API_CODE.fileChecksumMismatch,
  API_CODE.fileChecksumConflict,
  API_CODE.notMember,
  API_CODE.noAccess,
]);

/** Numbers that stand for a status, whatever the answer's own: classes of the vendor's client among them. */
const STATUS_OF: Readonly<Record<number, number>> = {
  1671: 429,
  1688: 402,
  1695: 402,
  1696: 402,
  // A path that does not exist is no session that is gone: this upstream has no such API.
  [API_CODE.noRoute]: 501,
};

export const currentFailure = (answer: UpstreamAnswer, subject: Subject): HttpError => {
  const envelope = parseEnvelope(answer.text);
  const code = envelope?.ok === false ? envelope.failure.code : undefined;
  const passed = code !== undefined && (PASSED_CODES.has(code) || isScopeRefusal(code)) ? code : undefined;
  return upstreamFailure(
    { status: statusOf(answer, code, envelope !== null), headers: answer.headers },
    subject,
    passed,
  );
};

const statusOf = ({ status, ok }: UpstreamAnswer, code: number | undefined, isReadable: boolean): number => {
  const known = code === undefined ? undefined : STATUS_OF[code];
  if (known !== undefined) return known;
  // The newer references answer 406 where the older ones answer 400; and never is the status to be trusted alone.
  if (status === 406 || (ok && isReadable)) return 400;
  return ok ? 502 : status;
};
