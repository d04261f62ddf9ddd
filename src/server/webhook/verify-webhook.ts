/** Whether a webhook comes from the storage API, as one function that fails closed. */

import { isObject, parseJson } from '../../lib/json.js';
import { readCappedBytes } from '../http/read-body.js';
import { readSignature, type SignatureClaim } from './signature.js';
import { WebhookError } from './webhook-error.js';
import { readEvent, type WebhookEvent } from './webhook-event.js';

/**
 * Remembers messages, so that none counts twice. A `Set` does for one instance that restarts often; several instances
 * need one that they share. `add` is told how long to remember, in milliseconds since 1970.
 */
export interface SeenStore {
  has(key: string): boolean | Promise<boolean>;
  add(key: string, expiresAt: number): unknown;
}

/** Or in one step, for stores that can: remembers the key, and answers whether it was there before. */
export type SeenCheck = (key: string, expiresAt: number) => boolean | Promise<boolean>;

export interface VerifyOptions {
  /** All that are valid now: while a secret rotates, the new one and the old. Text counts in UTF-8. */
  readonly secrets: readonly (string | Uint8Array)[];
  /** How far the signed time may lie from ours, in seconds, both ways, inclusive. @default 300 */
  readonly toleranceSeconds?: number;
  /** Refuses a message that came before. @default within the tolerance, a repeated message passes */
  readonly seen?: SeenStore | SeenCheck;
  /** Longest body in bytes. @default 1 MiB */
  readonly maxBytes?: number;
}

/** The event, and what a memory of messages is told of it. */
interface VerifiedWebhook {
  readonly event: WebhookEvent;
  readonly key: string;
  readonly expiresAt: number;
}

/**
 * Reads the body of `request` and answers the event that it carries.
 * @throws WebhookError when anything about it is not as it must be; TypeError when the options are wrong; an error with
 * the status 408 when the body stops coming.
 * @example
 * const event = await verifyWebhook(request, { secrets: [process.env.WEBHOOK_SECRET] });
 */
export const verifyWebhook = async (request: Request, options: VerifyOptions): Promise<WebhookEvent> => {
  const { event, key, expiresAt } = await verify(request, options);
  const { seen } = options;
  if (seen !== undefined && (await isRepeated(seen, key, expiresAt))) {
    throw new WebhookError('replayed', 'the message came before');
  }
  return event;
};

/** Whether it came before is the caller's to ask. */
export const verify = async (request: Request, options: Omit<VerifyOptions, 'seen'>): Promise<VerifiedWebhook> => {
  checkOptions(options);
  const { secrets, toleranceSeconds = 300, maxBytes = 2 ** 20 } = options;
  const claim = readSignature(request.headers);
  const signedAt = Number(claim.timestamp) * 1000;
  if (Math.abs(Date.now() - signedAt) > toleranceSeconds * 1000) {
    throw new WebhookError('timestamp-outside', `the time is more than ${toleranceSeconds} s away from ours`);
  }
  const body = await readCappedBytes(request, maxBytes);
  if (body === null) throw new WebhookError('too-large', `the body is longer than ${maxBytes} bytes`);
  const signed = signedBytes(claim.timestamp, body);
  if (!(await isSigned(signed, claim, secrets))) {
    throw new WebhookError('signature-mismatch', 'no secret makes this signature');
  }
  const event = parse(body, signedAt);
  // Not the signature: while secrets rotate, one message may carry two.
  const key = await digest(signed);
  // Afterwards no copy of it is young enough to be believed.
  return { event, key, expiresAt: signedAt + toleranceSeconds * 1000 };
};

/** @throws TypeError that names the option: anyone could sign with an empty secret. */
export const checkOptions = ({ secrets, toleranceSeconds = 300, maxBytes = 1 }: Omit<VerifyOptions, 'seen'>): void => {
  const isSecret = (secret: unknown): boolean =>
    (typeof secret === 'string' || secret instanceof Uint8Array) && secret.length > 0;
  if (!Array.isArray(secrets) || secrets.length === 0 || !secrets.every(isSecret)) {
    throw new TypeError('secrets is a list of one secret or more, none of them empty');
  }
  if (!(toleranceSeconds > 0)) throw new TypeError('toleranceSeconds is a number of seconds above 0');
  if (!(maxBytes > 0)) throw new TypeError('maxBytes is a number of bytes above 0');
};

const encoder = new TextEncoder();

const signedBytes = (timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const head = encoder.encode(`${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  return signed;
};

/** Tries all, always: how long it takes says nothing of which secret it was. `verify` compares in constant time. */
const isSigned = async (
  signed: Uint8Array<ArrayBuffer>,
  { signatures }: SignatureClaim,
  secrets: VerifyOptions['secrets'],
): Promise<boolean> => {
  const keys = await Promise.all(secrets.map(importSecret));
  const checks = keys.flatMap((key) =>
    signatures.map((signature) => crypto.subtle.verify('HMAC', key, signature, signed)),
  );
  return (await Promise.all(checks)).includes(true);
};

const importSecret = (secret: string | Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey(
    'raw',
    typeof secret === 'string' ? encoder.encode(secret) : new Uint8Array(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );

const digest = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

const parse = (body: Uint8Array, signedAt: number): WebhookEvent => {
  const payload = parseJson(new TextDecoder().decode(body));
  const event = isObject(payload) ? readEvent(payload, signedAt) : null;
  if (event === null) throw new WebhookError('unreadable', 'the body is no JSON object that names an event');
  return event;
};

const isRepeated = async (seen: SeenStore | SeenCheck, key: string, expiresAt: number): Promise<boolean> => {
  if (typeof seen === 'function') return (await seen(key, expiresAt)) !== false;
  if (await seen.has(key)) return true;
  await seen.add(key, expiresAt);
  return false;
};
