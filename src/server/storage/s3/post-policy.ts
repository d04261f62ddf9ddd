/**
 * Signs a form that a page can send to the bucket without a preflight (source: AWS, "Browser-based uploads using POST",
 * with Signature Version 4). The policy fixes key, length and every field.
 */

import { toHex } from '../../../lib/hex.js';
import type { S3Credentials } from './s3-options.js';

export interface PolicyForm {
  readonly url: string;
  /** Sent in this order, before the file. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface PolicyRequest {
  readonly bucket: string;
  readonly bucketUrl: URL;
  readonly region: string;
  readonly key: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Further fields that create the object, such as its type. */
  readonly fields: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** @default now */
  readonly date?: Date;
}

const encoder = new TextEncoder();

export const postPolicyForm = async (
  { bucket, bucketUrl, region, key, size, fields: extra, seconds, date = new Date() }: PolicyRequest,
  { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
): Promise<PolicyForm> => {
  const now = date.toISOString().replace(/[:-]|\.\d{3}/g, '');
  const scope = [now.slice(0, 8), region, 's3', 'aws4_request'] as const;
  const fields: Record<string, string> = {
    key,
    ...extra,
    success_action_status: '201',
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': [accessKeyId, ...scope].join('/'),
    'x-amz-date': now,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const conditions = [
    { bucket },
    ['content-length-range', size, size],
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
  ];
  const expiration = new Date(date.getTime() + seconds * 1000).toISOString();
  const policy = base64(encoder.encode(JSON.stringify({ expiration, conditions })));
  const signature = toHex(new Uint8Array(await sign(secretAccessKey, scope, policy)));
  return { url: `${bucketUrl.href.replace(/\/+$/, '')}/`, fields: { ...fields, policy, 'x-amz-signature': signature } };
};

type Bytes = ArrayBuffer | Uint8Array<ArrayBuffer>;

/** The signing key is derived from the secret in four steps, one for each piece of the scope. */
const sign = async (secret: string, scope: readonly string[], text: string): Promise<ArrayBuffer> => {
  let key: Bytes = encoder.encode(`AWS4${secret}`);
  for (const piece of scope) key = await hmac(key, piece);
  return hmac(key, text);
};

const hmac = async (key: Bytes, text: string): Promise<ArrayBuffer> => {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return crypto.subtle.sign('HMAC', imported, encoder.encode(text));
};

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
