/**
 * Reads the signature headers of a webhook. Two articles document two forms, and no reference decides between them:
 * `Fastio-Signature: t=<unix>,v1=<base64>`, and `X-Fastio-Signature: sha256=<hex>` with the time in a separate header.
 * Both sign the time, a full stop and the raw body with HMAC-SHA256.
 */

import { WebhookError } from './webhook-error.js';

export interface SignatureClaim {
  /** Unix seconds exactly as sent, because these characters are signed. */
  readonly timestamp: string;
  /** 32 bytes each; during a rotation the sender may sign with both secrets. */
  readonly signatures: readonly Uint8Array<ArrayBuffer>[];
}

/** The article breaks off at the header's name, so all spellings that fit it are accepted. All are signed. */
const TIMESTAMP_HEADERS = [
  'X-Fastio-Timestamp',
  'X-Fastio-Signature-Timestamp',
  'X-Fastio-Request-Timestamp',
  'Fastio-Timestamp',
];

/** Far more than a rotation needs; without a limit, one header could cost a thousand HMACs. */
const MAX_SIGNATURES = 8;

/** @throws WebhookError `signature-missing` or `signature-malformed` for anything that is not clearly valid. */
export const readSignature = (headers: Headers): SignatureClaim => {
  const joint = headers.get('fastio-signature');
  const split = headers.get('x-fastio-signature');
  if (joint === null && split === null) throw missing('there is no signature header');
  if (joint !== null && split !== null) throw malformed('both forms of the signature header came');
  return joint === null ? readSplit(split ?? '', headers) : readJoint(joint);
};

/** A repeated header is joined by a comma, and then has two times. */
const readJoint = (header: string): SignatureClaim => {
  const fields = header.split(',').map((field) => field.trim());
  const valuesOf = (key: string) => fields.flatMap((field) => (field.startsWith(key) ? [field.slice(key.length)] : []));
  const [timestamp, ...moreTimes] = valuesOf('t=');
  const signatures = valuesOf('v1=');
  if (timestamp === undefined) throw missing('the signature header has no time');
  if (signatures.length === 0) throw missing('the signature header has no v1');
  if (moreTimes.length > 0) throw malformed('the signature header has two times');
  if (signatures.length > MAX_SIGNATURES) throw malformed('the signature header has too many signatures');
  return { timestamp: checkTimestamp(timestamp), signatures: signatures.map(fromBase64) };
};

const readSplit = (header: string, headers: Headers): SignatureClaim => {
  const times = TIMESTAMP_HEADERS.flatMap((name) => headers.get(name) ?? []);
  const [timestamp] = times;
  if (timestamp === undefined) throw missing('there is no timestamp header');
  if (times.some((time) => time !== timestamp)) throw malformed('the timestamp headers differ');
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1];
  if (hex === undefined) throw malformed('the signature is not sha256= and 64 hex digits');
  return { timestamp: checkTimestamp(timestamp), signatures: [fromHex(hex)] };
};

const checkTimestamp = (text: string): string => {
  if (!/^\d{1,12}$/.test(text)) throw malformed('the time is not in Unix seconds');
  return text;
};

/** Strict, because `atob` alone would skip spaces and accept several spellings of the same bytes. */
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) throw malformed('the signature is not base64 of 32 bytes');
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  if (btoa(String.fromCharCode(...bytes)) !== text) throw malformed('the signature is not canonical base64');
  return bytes;
};

const fromHex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const missing = (message: string): WebhookError => new WebhookError('signature-missing', message);

const malformed = (message: string): WebhookError => new WebhookError('signature-malformed', message);
