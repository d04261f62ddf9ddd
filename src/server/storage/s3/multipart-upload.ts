/** Multipart uploads in the bucket, as the gateway itself asks for them: create, list, complete, abort. */

import type { StoredPart } from '../../../wire/chunked.js';
import { normalizeEtag } from '../../../wire/etag.js';
import { HttpError } from '../../http/http-error.js';
import type { CallOptions } from '../storage.js';
import { MARK_HEADER } from './object-key.js';
import type { S3Bucket } from './s3-bucket.js';
import { expectOk, isGone, s3Failure } from './s3-failure.js';
import { elementsOf, escapeXml, textOf } from './xml.js';

/** Joining the parts of a large file takes the storage longer than any other answer, in milliseconds. */
const ASSEMBLY_TIMEOUT_MS = 180_000;
/** A storage whose pages never end must not hold the gateway. */
const MAX_PAGES = 100;

/** A session as its id has it: any instance of the gateway can go on with it. */
export interface MultipartUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Written beside the object, and told by it after the upload is gone. */
  readonly mark: string;
}

/** Neither an upload id nor a mark holds a space; a key may. */
export const writeSessionId = ({ uploadId, mark, key }: MultipartUpload): string => `${uploadId} ${mark} ${key}`;

/** @throws HttpError 404 for what is no session of this storage. */
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

/** All pages. Null when the upload is gone. */
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
 * Makes one object of the parts; again without harm for an upload that has become one already.
 * @throws HttpError 404 when it is gone, 409 when a part differs.
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
  // S3 answers 200 before it knows the outcome: only this element says that there is an object now.
  if (answer.ok && answer.text.includes('<CompleteMultipartUploadResult')) return;
  const failure = s3Failure(answer);
  if (failure.status === 404 || failure.status >= 500) {
    // An answer that was lost: what it said stands beside the object now. Ceph answers 500 for an upload that is gone.
    if (await hasBecomeObject(bucket, upload, options)) return;
    if ((await listParts(bucket, upload, options)) === null) throw lost();
  }
  throw failure;
};

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Whether the object under the upload's key is the one that the upload made, and no other. */
export const hasBecomeObject = async (
  bucket: S3Bucket,
  { key, mark }: MultipartUpload,
  options: CallOptions,
): Promise<boolean> => {
  const answer = await bucket.send({ method: 'HEAD', key }, options);
  if (isGone(answer)) return false;
  return expectOk(answer).headers.get(MARK_HEADER) === mark;
};

/** One that is gone already is no error. */
export const abortUpload = async (
  bucket: S3Bucket,
  { key, uploadId }: MultipartUpload,
  options: CallOptions,
): Promise<void> => {
  const answer = await bucket.send({ method: 'DELETE', key, query: { uploadId } }, options);
  if (!isGone(answer)) expectOk(answer);
};
