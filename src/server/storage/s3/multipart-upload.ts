/** The gateway's own requests for multipart uploads in the bucket: create, list, complete, abort. */

import type { StoredPart } from '../../../wire/chunked.js';
import { normalizeEtag } from '../../../wire/etag.js';
import { HttpError } from '../../http/http-error.js';
import type { CallOptions } from '../storage.js';
import { MARK_HEADER } from './object-key.js';
import type { S3Bucket } from './s3-bucket.js';
import { expectOk, isGone, s3Failure } from './s3-failure.js';
import { elementsOf, escapeXml, textOf } from './xml.js';

/** Timeout for assembling a large file, in milliseconds. */
const ASSEMBLY_TIMEOUT_MS = 180_000;
/** Limit against a storage whose pages never end. */
const MAX_PAGES = 100;

/** A session. Its id contains these fields, so that every instance of the gateway can continue it. */
export interface MultipartUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Stored in the object's metadata; it identifies the object after the upload no longer exists. */
  readonly mark: string;
}

/** Upload ids and marks contain no space; a key may, so it comes last. */
export const writeSessionId = ({ uploadId, mark, key }: MultipartUpload): string => `${uploadId} ${mark} ${key}`;

/** @throws HttpError 404 when the text is not a session id of this storage. */
export const readSessionId = (text: string): MultipartUpload => {
  const [, uploadId, mark, key] = /^(\S+) (\S+) (.+)$/.exec(text) ?? [];
  if (uploadId === undefined || mark === undefined || key === undefined) throw lost();
  return { uploadId, mark, key };
};

const lost = (): HttpError => new HttpError(404, 'not-found', 'there is no such session, or it has expired');

export const createUpload = async (
  bucket: S3Bucket,
  key: string,
  headers: Readonly<Record<string, string>>,
  options: CallOptions,
): Promise<MultipartUpload> => {
  const mark = crypto.randomUUID();
  const request = {
    method: 'POST',
    key,
    query: { uploads: '' },
    headers: { ...headers, [MARK_HEADER]: mark },
  } as const;
  const { text } = expectOk(await bucket.send(request, options));
  const uploadId = textOf(text, 'UploadId') ?? '';
  if (!/^\S+$/.test(uploadId)) throw new HttpError(502, 'upstream', 'the storage service opened no session');
  return { key, uploadId, mark };
};

/** All pages. Null when the upload does not exist. */
export const listParts = async (
  bucket: S3Bucket,
  { key, uploadId }: MultipartUpload,
  options: CallOptions,
): Promise<readonly StoredPart[] | null> => {
  const parts: StoredPart[] = [];
  let marker: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { uploadId, ...(marker !== undefined && { 'part-number-marker': marker }) };
    const answer = await bucket.send({ method: 'GET', key, query }, options);
    if (isGone(answer)) return null;
    const { text } = expectOk(answer);
    parts.push(...elementsOf(text, 'Part').flatMap(readPart));
    const next = textOf(text, 'NextPartNumberMarker');
    if (textOf(text, 'IsTruncated') !== 'true' || next === undefined || next === marker) return parts;
    marker = next;
  }
  throw new HttpError(502, 'upstream', 'the storage service lists parts without end');
};

const readPart = (xml: string): StoredPart[] => {
  const number = Number(textOf(xml, 'PartNumber'));
  const size = Number(textOf(xml, 'Size'));
  const etag = normalizeEtag(textOf(xml, 'ETag'));
  const isPart = Number.isSafeInteger(number) && Number.isSafeInteger(size) && number > 0 && size >= 0;
  return isPart && etag !== undefined ? [{ number, size, etag }] : [];
};

/**
 * Assembles the object from the parts; resolves also when the upload has already become the object.
 * @throws HttpError 404 when the upload does not exist, 409 when a part differs.
 */
export const completeUpload = async (
  bucket: S3Bucket,
  upload: MultipartUpload,
  parts: readonly Pick<StoredPart, 'number' | 'etag'>[],
  options: CallOptions,
): Promise<void> => {
  const { key, uploadId } = upload;
  const listed = parts
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(`"${etag}"`)}</ETag></Part>`);
  const answer = await bucket.send(
    {
      method: 'POST',
      key,
      query: { uploadId },
      headers: { 'content-type': 'application/xml' },
      body: `<CompleteMultipartUpload xmlns="${NAMESPACE}">${listed.join('')}</CompleteMultipartUpload>`,
      deadline: AbortSignal.timeout(ASSEMBLY_TIMEOUT_MS),
    },
    options,
  );
  // S3 sends 200 before it knows the outcome: only this element means that the object exists.
  if (answer.ok && answer.text.includes('<CompleteMultipartUploadResult')) return;
  const failure = s3Failure(answer);
  if (failure.status === 404 || failure.status >= 500) {
    // The earlier answer may have been lost; the object's mark shows it. Ceph answers 500 for an upload that does not exist.
    if (await hasBecomeObject(bucket, upload, options)) return;
    if ((await listParts(bucket, upload, options)) === null) throw lost();
  }
  throw failure;
};

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Whether the object under the upload's key was created by this upload. */
export const hasBecomeObject = async (
  bucket: S3Bucket,
  { key, mark }: MultipartUpload,
  options: CallOptions,
): Promise<boolean> => {
  const answer = await bucket.send({ method: 'HEAD', key }, options);
  if (isGone(answer)) return false;
  return expectOk(answer).headers.get(MARK_HEADER) === mark;
};

/** Resolves also when the upload does not exist. */
export const abortUpload = async (
  bucket: S3Bucket,
  { key, uploadId }: MultipartUpload,
  options: CallOptions,
): Promise<void> => {
  const answer = await bucket.send({ method: 'DELETE', key, query: { uploadId } }, options);
  if (!isGone(answer)) expectOk(answer);
};
