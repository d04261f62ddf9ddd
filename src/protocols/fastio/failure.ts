/**
 * Derives errors from status and error code. The status decides, the five- and six-digit codes refine it, and classes
 * (16xx) count where a server sends them in place of codes (source: the vendor's client and agent guide, which disagree
 * on that).
 */

import { isUploadError, UploadError, type UploadErrorCode } from '../../ports/errors.js';
import { API_CODE, type ApiFailure, isScopeRefusal } from '../../wire/fastio-envelope.js';
import { type LockHolder, parseLockHolder } from '../../wire/fastio-file-lock.js';

/** An `UploadError` with the code of the API. */
export class FastioError extends UploadError {
  readonly apiCode: number | undefined;

  constructor(code: UploadErrorCode, message: string, apiCode: number | undefined, from: UploadError) {
    super(code, message, {
      cause: from.cause,
      // Another code brings its own default for `retriable`.
      ...(code === from.code && { retriable: from.retriable }),
      status: from.status,
      userMessage: from.userMessage,
      retryAfterMs: from.retryAfterMs,
    });
    this.apiCode = apiCode;
  }
}

type Meaning = readonly [code: UploadErrorCode, message: string];

const NO_PLAN: Meaning = ['payment-required', 'the plan of the target or its credits do not allow uploads'];
const NO_ACCESS: Meaning = ['unauthorized', 'the login has no access to the target'];
const OTHER_CHECKSUM = 'the session holds another checksum for the file';

const MEANINGS: Readonly<Record<number, Meaning>> = {
  1671: ['rate-limited', 'too many requests'],
  1688: NO_PLAN,
  1695: NO_PLAN,
  1696: NO_PLAN,
  [API_CODE.noRoute]: ['configuration', 'the server knows no such path'],
  [API_CODE.loginRequired]: ['unauthorized', 'the call needs a login'],
  [API_CODE.notMember]: NO_ACCESS,
  [API_CODE.noAccess]: NO_ACCESS,
  [API_CODE.sizeMismatch]: ['assembly-failed', 'the chunks do not add up to the declared size'],
  [API_CODE.fileChecksumMismatch]: ['checksum-mismatch', 'what arrived has another checksum than the file'],
  [API_CODE.fileChecksumConflict]: ['checksum-mismatch', OTHER_CHECKSUM],
};

const SCOPE: Meaning = ['unauthorized', 'the credential reaches less far than this upload needs'];

/** The file to replace is locked; `retryAfterMs` is given when the lock may be this page's own and will expire. */
export const lockedError = (status: number, { holder, expiresAt }: LockHolder, retryAfterMs?: number): UploadError => {
  const until = expiresAt === null ? '' : ` until ${new Date(expiresAt).toISOString()}`;
  return new UploadError('locked', `the file is locked by ${holder ?? 'another user'}${until}`, {
    status,
    retryAfterMs,
    retriable: retryAfterMs !== undefined,
    holder: holder ?? undefined,
    lockedUntil: expiresAt ?? undefined,
  });
};

/** The gateway's status for a lock; the API's own is not documented. */
const LOCKED = 423;

/** Refines `base`, the error for the status, by the API's code. */
export const toFastioError = (base: UploadError, { code, details = {} }: Partial<ApiFailure>): UploadError => {
  if (base.status === LOCKED) return lockedError(LOCKED, parseLockHolder(details));
  const meaning = isScopeRefusal(code) ? SCOPE : code === undefined ? undefined : MEANINGS[code];
  if (meaning === undefined) return new FastioError(base.code, base.message, code, base);
  const [known, message] = meaning;
  return new FastioError(known, `${message} (${code})`, code, base);
};

/** The same error with the number of the part; `isRetriable` makes it retriable. */
export const atPart = (error: unknown, partNumber: number, isRetriable = false): unknown => {
  if (!isUploadError(error)) return error;
  return error.with({ retriable: error.retriable || isRetriable, partNumber });
};
