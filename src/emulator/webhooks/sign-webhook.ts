/** Signs webhooks as in the two webhook articles: HMAC-SHA256 over the time stamp, a dot and the raw body. */

import { createHmac } from 'node:crypto';
import type { WebhookOptions } from './webhook-options.js';

const macOf = (secret: string, seconds: number, body: string) =>
  createHmac('sha256', secret).update(`${seconds}.${body}`);

/** The signature headers of a body. Assumed: several signatures in one `w1` header; the article shows one. */
export const signWebhook = (
  body: string,
  seconds: number,
  { secrets, header = 'w1', timestampHeader = 'X-Fastio-Timestamp' }: WebhookOptions,
): Record<string, string> => {
  if (header === 'w2') {
    const hex = macOf(secrets[0] ?? '', seconds, body).digest('hex');
    return { 'X-Fastio-Signature': `sha256=${hex}`, [timestampHeader]: String(seconds) };
  }
  const signatures = secrets.map((secret) => `v1=${macOf(secret, seconds, body).digest('base64')}`);
  return { 'Fastio-Signature': [`t=${seconds}`, ...signatures].join(',') };
};
