/** Maps S3's error answers to the gateway's errors. Only the status and, for the log, S3's own code are kept. */

import { HttpError } from '../../http/http-error.js';
import type { S3Answer } from './s3-bucket.js';
import { textOf } from './xml.js';

/** S3's error code, such as `NoSuchUpload`; empty for a HEAD. */
export const codeOf = ({ text }: Pick<S3Answer, 'text'>): string => {
  const code = text.includes('<Error') ? textOf(text, 'Code') : undefined;
  return code !== undefined && /^\w{1,64}$/.test(code) ? code : '';
};

/** Whether the answer means that the session or object does not exist. */
export const isGone = (answer: Pick<S3Answer, 'status' | 'text'>): boolean =>
  answer.status === 404 && codeOf(answer) !== 'NoSuchBucket';

interface Meaning {
  readonly status: number;
  readonly code: HttpError['code'];
  readonly message: string;
}

const LOST: Meaning = { status: 404, code: 'not-found', message: 'there is no such session, or it has expired' };
const REFUSED: Meaning = { status: 502, code: 'upstream', message: 'the storage service refused the gateway' };
const BUSY: Meaning = { status: 503, code: 'upstream', message: 'the storage service is busy' };
const SLOW: Meaning = { status: 429, code: 'rate-limited', message: 'the storage service asks to slow down' };
const DIFFERS: Meaning = {
  status: 409,
  code: 'bad-request',
  message: 'the list of parts differs from what is stored',
};
const FAILED: Meaning = { status: 502, code: 'upstream', message: 'the storage service failed' };

/** By S3's code where it sends one, because a status is ambiguous. Source: "Amazon S3 error responses". */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  NoSuchUpload: LOST,
  NoSuchKey: LOST,
  NoSuchBucket: { ...REFUSED, message: 'the storage service does not know the target' },
  InvalidPart: DIFFERS,
  InvalidPartOrder: DIFFERS,
  EntityTooSmall: { ...DIFFERS, message: 'a part is smaller than the storage service accepts' },
  EntityTooLarge: { status: 413, code: 'too-large', message: 'the storage service does not accept this size' },
  BadDigest: { status: 400, code: 'bad-request', message: 'the bytes differ from their digest' },
  QuotaExceeded: { status: 507, code: 'upstream', message: 'the storage is full' },
  // The body timed out in the storage, or two completions ran at once: a retry is right.
  RequestTimeout: BUSY,
  OperationAborted: BUSY,
  InternalError: FAILED,
  ServiceUnavailable: SLOW,
  SlowDown: SLOW,
  TooManyRequests: SLOW,
};

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  401: REFUSED,
  403: REFUSED,
  404: LOST,
  408: BUSY,
  409: BUSY,
  413: { status: 413, code: 'too-large', message: 'the storage service does not accept this size' },
  429: SLOW,
  501: { status: 501, code: 'upstream', message: 'the storage service cannot do this' },
  503: SLOW,
  507: { status: 507, code: 'upstream', message: 'the storage is full' },
};

export const s3Failure = (answer: Pick<S3Answer, 'status' | 'text' | 'headers'>): HttpError => {
  const s3Code = codeOf(answer);
  const { status, code, message } = BY_CODE[s3Code] ?? BY_STATUS[answer.status] ?? FAILED;
  const cause = new Error(`S3 answered ${answer.status} ${s3Code}`.trim() + adviceFor(s3Code));
  const retryAfter = answer.headers.get('retry-after');
  return new HttpError(status, code, message, {
    cause,
    ...(retryAfter !== null && { headers: { 'Retry-After': retryAfter } }),
  });
};

/** The fix, for the gateway's log. */
const adviceFor = (s3Code: string): string => {
  if (s3Code === 'RequestTimeTooSkewed') return ': set the clock of this machine';
  if (s3Code === 'SignatureDoesNotMatch') return ': secretAccessKey or region is wrong for the bucket';
  if (s3Code === 'InvalidAccessKeyId') return ': the storage does not know accessKeyId';
  if (s3Code === 'AccessDenied') return ': the key lacks a permission in the bucket';
  if (s3Code === 'NoSuchBucket') return ': there is no bucket of this name at the endpoint';
  return '';
};

/** @throws HttpError for an error answer. */
export const expectOk = (answer: S3Answer): S3Answer => {
  if (!answer.ok) throw s3Failure(answer);
  return answer;
};
