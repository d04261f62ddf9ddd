/** A sender of webhooks as the articles describe it, on Node's own HMAC and not on the code under test. */

import { createHmac } from 'node:crypto';

export const SECRET = 'a-webhook-secret-of-32-bytes-or-more';
export const BODY = JSON.stringify({
  type: 'file.uploaded',
  id: 'evt_1',
  data: { file_id: 'f_1', name: 'a.txt', size: 3, workspace_id: 'ws_1' },
});

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export interface Message {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly secret: string;
  /** Unix seconds, as they are signed. */
  readonly timestamp: string;
}

export const mac = ({ body, secret, timestamp }: Message, encoding: 'base64' | 'hex'): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest(encoding);

export const message = (changes: Partial<Message> = {}): Message => ({
  body: BODY,
  secret: SECRET,
  timestamp: String(nowSeconds()),
  ...changes,
});

export type HeaderPairs = readonly (readonly [string, string])[];

/** `Fastio-Signature: t=<unix>,v1=<base64>`. */
export const joint = (signed: Message): HeaderPairs => [
  ['Fastio-Signature', `t=${signed.timestamp},v1=${mac(signed, 'base64')}`],
];

/** `X-Fastio-Signature: sha256=<hex>` and the time in a header of its own. */
export const split = (signed: Message): HeaderPairs => [
  ['X-Fastio-Signature', `sha256=${mac(signed, 'hex')}`],
  ['X-Fastio-Timestamp', signed.timestamp],
];

export const post = (headers: HeaderPairs, body: string | Uint8Array<ArrayBuffer> = BODY): Request => {
  const all = new Headers({ 'Content-Type': 'application/json' });
  for (const [name, value] of headers) all.append(name, value);
  return new Request('https://app.example/hooks/fastio', { method: 'POST', headers: all, body });
};
