/** S3's refusals in the gateway's words. Only the status and S3's own code, for the log, cross over. */

import { HttpError } from '../../http/http-error.js';
import type { S3Answer } from './s3-bucket.js';
import { textOf } from './xml.js';

/** S3's name for what is wrong, such as `NoSuchUpload`; a HEAD has none. */
export const codeOf = ({ text }: Pick<S3Answer, 'text'>): string => {
  const code = text.includes('<Error') ? textOf(text, 'Code') : undefined;
  return code !== undefined && /^\w{1,64}$/.test(code) ? code : '';
};

/** Whether the answer says that there is no such session or object. */
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

/** By the code where S3 sends one, since one status means many things. Source: "Amazon S3 error responses". */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  NoSuchUpload: LOST,
  NoSuchKey: LOST,
  NoSuchBucket: { ...REFUSED, message: 'the storage service does not know the target' },
  InvalidPart: DIFFERS,
  InvalidPartOrder: DIFFERS,
  EntityTooSmall: { ...DIFFERS, message: 'a part is smaller than the storage service takes' },
  EntityTooLarge: { status: 413, code: 'too-large', message: 'the storage service takes nothing this large' },
  BadDigest: { status: 400, code: 'bad-request', message: 'the bytes differ from their digest' },
  QuotaExceeded: { status: 507, code: 'upstream', message: 'the storage is full' },
  // The storage gave up on the body, or two completions met: again is right.
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
  413: { status: 413, code: 'too-large', message: 'the storage service takes nothing this large' },
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

/** For the log of the developer. */
const adviceFor = (s3Code: string): string => {
  if (s3Code === 'RequestTimeTooSkewed') return ': set the clock of this machine';
  if (s3Code === 'SignatureDoesNotMatch') return ': secretAccessKey or region is not that of the bucket';
  if (s3Code === 'InvalidAccessKeyId') return ': the storage does not know accessKeyId';
  if (s3Code === 'AccessDenied') return ': the key may not do this in the bucket';
  if (s3Code === 'NoSuchBucket') return ': there is no bucket of this name at the endpoint';
  return '';
};

/** @throws HttpError of the refusal */
export const expectOk = (answer: S3Answer): S3Answer => {
  if (!answer.ok) throw s3Failure(answer);
  return answer;
};
