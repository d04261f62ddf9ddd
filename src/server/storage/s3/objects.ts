/** Reads, lists and removes objects of the bucket. */

import { toHex } from '../../../lib/hex.js';
import { isMd5Etag, normalizeEtag } from '../../../wire/etag.js';
import { HttpError } from '../../http/http-error.js';
import type { CallOptions, Digest, FilePage, ListedFile, StoredObject, Target } from '../storage.js';
import { nameOfKey, prefixOf, readName } from './object-key.js';
import type { S3Bucket } from './s3-bucket.js';
import { expectOk, isGone } from './s3-failure.js';
import { elementsOf, textOf } from './xml.js';

export const headObject = async (
  bucket: S3Bucket,
  key: string,
  options: CallOptions,
): Promise<StoredObject | 'absent'> => {
  const { hasMd5Etags, tellsChecksums } = bucket.config.provider;
  const requested = tellsChecksums ? { 'x-amz-checksum-mode': 'ENABLED' } : {};
  const answer = await bucket.send({ method: 'HEAD', key, headers: requested }, options);
  if (isGone(answer)) return 'absent';
  const { headers } = expectOk(answer);
  const size = Number(headers.get('content-length') ?? Number.NaN);
  if (!Number.isSafeInteger(size)) throw new HttpError(502, 'upstream', 'the storage service reports no size');
  const type = headers.get('content-type');
  const digest = readDigest(headers, hasMd5Etags);
  return {
    name: readName(headers, key),
    size,
    ...(type !== null && { type }),
    ...(digest !== undefined && { digest }),
  };
};

const readDigest = (headers: Headers, hasMd5Etags: boolean): Digest | undefined => {
  for (const algorithm of ['sha256', 'crc64nvme', 'crc32c', 'sha1'] as const) {
    // A digest of part digests ends in the number of parts; it is not a digest of the bytes.
    const value = headers.get(`x-amz-checksum-${algorithm}`);
    if (value !== null && /^[\w+/]+=*$/.test(value)) return { algorithm, value: hexOfBase64(value) };
  }
  const etag = normalizeEtag(headers.get('etag'));
  const isEncrypted = /kms/.test(headers.get('x-amz-server-side-encryption') ?? '');
  const isCustomers = headers.has('x-amz-server-side-encryption-customer-algorithm');
  if (etag === undefined || !hasMd5Etags || isEncrypted || isCustomers || !isMd5Etag(etag)) return undefined;
  return { algorithm: 'md5', value: etag.toLowerCase() };
};

const hexOfBase64 = (text: string): string => toHex(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));

/** Resolves also when the object does not exist. */
export const removeObject = async (bucket: S3Bucket, key: string, options: CallOptions): Promise<void> => {
  const answer = await bucket.send({ method: 'DELETE', key }, options);
  if (!isGone(answer)) expectOk(answer);
};

/** A page of at most 1,000 objects below the target's prefix, including those in folders. */
export const listObjects = async (
  bucket: S3Bucket,
  target: Target,
  cursor: string | null,
  options: CallOptions,
): Promise<FilePage> => {
  const query = {
    'list-type': '2',
    'encoding-type': 'url',
    ...(prefixOf(target) !== '' && { prefix: prefixOf(target) }),
    ...(cursor !== null && { 'continuation-token': cursor }),
  };
  const { text } = expectOk(await bucket.send({ method: 'GET', query }, options));
  const next = textOf(text, 'IsTruncated') === 'true' ? textOf(text, 'NextContinuationToken') : undefined;
  const files = elementsOf(text, 'Contents').flatMap(readListed);
  return { files, ...(next !== undefined && { next }) };
};

/** Keys that end in a slash are folders and are left out. */
const readListed = (xml: string): ListedFile[] => {
  const fileId = decodeKey(textOf(xml, 'Key') ?? '');
  const size = Number(textOf(xml, 'Size'));
  const storedAt = Date.parse(textOf(xml, 'LastModified') ?? '');
  if (fileId === '' || fileId.endsWith('/') || !Number.isSafeInteger(size)) return [];
  return [{ fileId, name: nameOfKey(fileId), size, ...(Number.isFinite(storedAt) && { storedAt }) }];
};

const decodeKey = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};
