/** Verifies that a webhook comes from the storage API; any doubt is an error. */

import { toHex } from '../../lib/hex.js';
import { isObject, parseJson } from '../../lib/json.js';
import { readCappedBytes } from '../http/read-body.js';
import { readSignature, type SignatureClaim } from './signature.js';
import { WebhookError } from './webhook-error.js';
import { readEvent, type WebhookEvent } from './webhook-event.js';

/**
 * Remembers messages to detect repetitions. One instance that restarts often can use a `Set`; several instances need a
 * shared store. `expiresAt` is the time until which to remember, in milliseconds since 1970.
 */
export interface SeenStore {
  has(key: string): boolean | Promise<boolean>;
  add(key: string, expiresAt: number): unknown;
}

/** An atomic alternative to `SeenStore`: remembers the key, and returns whether it was remembered before. */
export type SeenCheck = (key: string, expiresAt: number) => boolean | Promise<boolean>;

export interface VerifyOptions {
  /** All valid secrets: during a rotation, the new one and the old one. Text is UTF-8. */
  readonly secrets: readonly (string | Uint8Array)[];
  /**
   * Maximum difference between the signed and the local time, in seconds, in both directions, inclusive. @default 300
   */
  readonly toleranceSeconds?: number;
  /** Refuses repeated messages. @default repeated messages pass within the tolerance */
  readonly seen?: SeenStore | SeenCheck;
  /** Longest body in bytes. @default 1 MiB */
  readonly maxBytes?: number;
}

/** The event, and its key and expiry for a `SeenStore`. */
interface VerifiedWebhook {
  readonly event: WebhookEvent;
  readonly key: string;
  readonly expiresAt: number;
}

/**
 * Verifies the request and returns its event.
 * @throws WebhookError when the request is not a valid webhook; TypeError when the options are invalid; an error with
 * the status 408 when the body stalls.
 * @example const event = await verifyWebhook(request, { secrets: [process.env.WEBHOOK_SECRET] });
 */
export const verifyWebhook = async (request: Request, options: VerifyOptions): Promise<WebhookEvent> => {
  const { event, key, expiresAt } = await verify(request, options);
  const { seen } = options;
  if (seen !== undefined && (await isRepeated(seen, key, expiresAt))) {
    throw new WebhookError('replayed', 'the message came before');
  }
  return event;
};

/** Like `verifyWebhook`, without the check for repetitions. */
export const verify = async (request: Request, options: Omit<VerifyOptions, 'seen'>): Promise<VerifiedWebhook> => {
  checkOptions(options);
  const { secrets, toleranceSeconds = 300, maxBytes = 2 ** 20 } = options;
  const claim = readSignature(request.headers);
  const signedAt = Number(claim.timestamp) * 1000;
  if (Math.abs(Date.now() - signedAt) > toleranceSeconds * 1000) {
    throw new WebhookError('timestamp-outside', `the time is more than ${toleranceSeconds} s away from the local time`);
  }
  const body = await readCappedBytes(request, maxBytes);
  if (body === null) throw new WebhookError('too-large', `the body is longer than ${maxBytes} bytes`);
  const signed = signedBytes(claim.timestamp, body);
  if (!(await isSigned(signed, claim, secrets))) {
    throw new WebhookError('signature-mismatch', 'the signature matches none of the secrets');
  }
  const event = parse(body, signedAt);
  // Not the signature, because during a rotation one message may have two.
  const key = await digest(signed);
  // After that, the tolerance refuses every copy.
  return { event, key, expiresAt: signedAt + toleranceSeconds * 1000 };
};

/** @throws TypeError that names the option; an empty secret is refused, because it could be guessed. */
export const checkOptions = ({ secrets, toleranceSeconds = 300, maxBytes = 1 }: Omit<VerifyOptions, 'seen'>): void => {
  const isSecret = (secret: unknown): boolean =>
    (typeof secret === 'string' || secret instanceof Uint8Array) && secret.length > 0;
  if (!Array.isArray(secrets) || secrets.length === 0 || !secrets.every(isSecret)) {
    throw new TypeError('secrets must be a list of at least one non-empty secret');
  }
  if (!(toleranceSeconds > 0)) throw new TypeError('toleranceSeconds must be a number of seconds above 0');
  if (!(maxBytes > 0)) throw new TypeError('maxBytes must be a number of bytes above 0');
};

const encoder = new TextEncoder();

const signedBytes = (timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const head = encoder.encode(`${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  return signed;
};

/**
 * Always tries all secrets, so that the duration does not reveal which one matched. `verify` compares in constant time.
 */
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
  toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

const parse = (body: Uint8Array, signedAt: number): WebhookEvent => {
  const payload = parseJson(new TextDecoder().decode(body));
  const event = isObject(payload) ? readEvent(payload, signedAt) : null;
  if (event === null) throw new WebhookError('unreadable', 'the body is not a JSON object with an event');
  return event;
};

const isRepeated = async (seen: SeenStore | SeenCheck, key: string, expiresAt: number): Promise<boolean> => {
  if (typeof seen === 'function') return (await seen(key, expiresAt)) !== false;
  if (await seen.has(key)) return true;
  await seen.add(key, expiresAt);
  return false;
};
