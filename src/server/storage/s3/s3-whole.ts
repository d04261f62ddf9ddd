/**
 * Stores files of forms, whose size is known only at their end: small ones in one PUT, larger ones in sequential parts.
 */

import type { StoredPart } from '../../../wire/chunked.js';
import { normalizeEtag } from '../../../wire/etag.js';
import { HttpError } from '../../http/http-error.js';
import type { AdmittedFile, CallOptions, StoredObject, WholeStorage } from '../storage.js';
import { abortUpload, completeUpload, createUpload, type MultipartUpload } from './multipart-upload.js';
import { chooseKey, objectHeaders } from './object-key.js';
import type { S3Bucket } from './s3-bucket.js';
import { expectOk } from './s3-failure.js';

/** Bytes of one file in memory; more where the storage's minimum part size is larger. */
const PART_SIZE = 8 * 2 ** 20;

export class S3Whole implements WholeStorage {
  readonly #bucket: S3Bucket;

  constructor(bucket: S3Bucket) {
    this.#bucket = bucket;
  }

  async store(
    file: Omit<AdmittedFile, 'size'>,
    bytes: AsyncIterable<Uint8Array>,
    options: CallOptions,
  ): Promise<StoredObject & { readonly fileId: string }> {
    const { config } = this.#bucket;
    const key = await chooseKey(file, options.caller, config);
    const headers = objectHeaders(key, file, config);
    const pieces = inPieces(bytes, Math.max(PART_SIZE, config.provider.minPartSize));
    const first = await pieces.next();
    const head = first.done ? new Uint8Array() : first.value;
    const second = await pieces.next();
    if (second.done) {
      expectOk(await this.#bucket.send({ method: 'PUT', key, headers, body: head }, options));
      return { fileId: key, name: file.name, size: head.byteLength, type: file.type };
    }
    const size = await this.#storeInParts(key, headers, chain([head, second.value], pieces), options);
    return { fileId: key, name: file.name, size, type: file.type };
  }

  async #storeInParts(
    key: string,
    headers: Readonly<Record<string, string>>,
    pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
    options: CallOptions,
  ): Promise<number> {
    const upload = await createUpload(this.#bucket, key, headers, options);
    try {
      const parts: StoredPart[] = [];
      for await (const body of pieces) parts.push(await this.#sendPart(upload, parts.length + 1, body, options));
      await completeUpload(this.#bucket, upload, parts, options);
      return parts.reduce((sum, part) => sum + part.size, 0);
    } catch (error) {
      // Without the request's signal, which may already be aborted.
      await abortUpload(this.#bucket, upload, { ...options, signal: undefined }).catch(() => {});
      throw error;
    }
  }

  async #sendPart(
    { key, uploadId }: MultipartUpload,
    number: number,
    body: Uint8Array<ArrayBuffer>,
    options: CallOptions,
  ): Promise<StoredPart> {
    const query = { partNumber: String(number), uploadId };
    const { headers } = expectOk(await this.#bucket.send({ method: 'PUT', key, query, body }, options));
    const etag = normalizeEtag(headers.get('etag'));
    if (etag === undefined) throw new HttpError(502, 'upstream', 'the storage service answered without an ETag');
    return { number, size: body.byteLength, etag };
  }
}

/** Cuts the bytes into pieces of exactly `size` bytes and a shorter last one. */
const inPieces = async function* (bytes: AsyncIterable<Uint8Array>, size: number) {
  let piece = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let offset = 0; offset < chunk.byteLength; ) {
      const taken = chunk.subarray(offset, offset + size - filled);
      piece.set(taken, filled);
      filled += taken.byteLength;
      offset += taken.byteLength;
      if (filled < size) continue;
      yield piece;
      piece = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
};

const chain = async function* <Item>(first: readonly Item[], rest: AsyncIterable<Item>) {
  yield* first;
  yield* rest;
};
