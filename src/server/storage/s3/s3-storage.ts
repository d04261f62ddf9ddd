/**
 * Implements the gateway's storage port for S3-compatible storages; the requests are in the other files of this folder.
 */

import type { CompleteRequest, InitAnswer, SessionState, StoredPart } from '../../../wire/chunked.js';
import { normalizeEtag } from '../../../wire/etag.js';
import type { Grant } from '../../../wire/presigned.js';
import { badRequest, HttpError, notFound } from '../../http/http-error.js';
import type {
  AdmittedFile,
  CallOptions,
  ChunkedStorage,
  FileLibrary,
  MultipartSession,
  MultipartStorage,
  OpenedMultipart,
  PartRules,
  PlannedPart,
  PresignedStorage,
  RelayedPart,
  RelayedReceipt,
  SignedPart,
  Storage,
  StorageContext,
  StoredObject,
  StoredObjects,
  Target,
} from '../storage.js';
import {
  abortUpload,
  completeUpload,
  createUpload,
  hasBecomeObject,
  listParts,
  readSessionId,
  writeSessionId,
} from './multipart-upload.js';
import { chooseKey, isKeyIn, nameOfKey, objectHeaders } from './object-key.js';
import { headObject, listObjects, removeObject } from './objects.js';
import { partRelay } from './part-relay.js';
import { S3Bucket } from './s3-bucket.js';
import { expectOk } from './s3-failure.js';
import type { S3Config } from './s3-options.js';
import { S3Whole } from './s3-whole.js';

export class S3Storage implements Storage {
  /** A bucket has no workspaces; keys at its top have no prefix. */
  readonly target = { workspaceId: '', folderId: 'root' };
  readonly presigned: PresignedStorage;
  readonly chunked: ChunkedStorage;
  readonly multipart: MultipartStorage;
  readonly whole: S3Whole;
  readonly library: FileLibrary;

  constructor(config: S3Config, context: StorageContext) {
    const bucket = new S3Bucket(config, context);
    this.presigned = new S3Presigned(bucket);
    this.chunked = new S3Chunked(bucket, context.timeoutMs);
    this.multipart = new S3Multipart(bucket);
    this.whole = new S3Whole(bucket);
    this.library = new S3Library(bucket);
  }
}

/** The id of a stored file is its key. */
abstract class S3Objects implements StoredObjects {
  protected readonly bucket: S3Bucket;

  constructor(bucket: S3Bucket) {
    this.bucket = bucket;
  }

  find(_target: Target, fileId: string, options: CallOptions): Promise<StoredObject | 'absent'> {
    return headObject(this.bucket, fileId, options);
  }

  remove(_target: Target, fileId: string, options: CallOptions): Promise<void> {
    return removeObject(this.bucket, fileId, options);
  }
}

class S3Presigned extends S3Objects implements PresignedStorage {
  async grant(file: AdmittedFile, { caller }: CallOptions): Promise<Grant> {
    const { config, urlExpiresAt: expiresAt } = this.bucket;
    if (file.size > config.provider.maxPutSize) {
      throw new HttpError(413, 'too-large', 'the storage service does not accept this size in one request');
    }
    const fileId = await chooseKey(file, caller, config);
    const headers = objectHeaders(fileId, file, config);
    if (config.smallFiles === 'post') {
      const { url, fields } = await this.bucket.presignForm(fileId, file.size, headers, caller);
      return { uploadUrl: url, fileId, method: 'POST', headers: {}, fields, expiresAt };
    }
    const signed = { ...headers, 'content-length': String(file.size) };
    const uploadUrl = await this.bucket.presign({ method: 'PUT', key: fileId, headers: signed }, caller);
    // The browser sends the declared type, and adds the length of the body by itself.
    const { 'content-type': _, ...sent } = headers;
    return { uploadUrl, fileId, method: 'PUT', headers: sent, expiresAt };
  }
}

/** Opens, lists, completes and aborts sessions for both dialects. */
abstract class S3Sessions extends S3Objects {
  protected get rules(): PartRules {
    const { minPartSize, maxPartSize, maxParts, hasUniformParts } = this.bucket.config.provider;
    return { minPartSize, maxPartSize, maxParts, isUniform: hasUniformParts };
  }

  protected async openSession(file: AdmittedFile, options: CallOptions): Promise<string> {
    const { maxPartSize, maxParts } = this.bucket.config.provider;
    if (file.size > maxPartSize * maxParts) {
      throw new HttpError(413, 'too-large', 'the storage service does not accept this size');
    }
    const key = await chooseKey(file, options.caller, this.bucket.config);
    const headers = objectHeaders(key, file, this.bucket.config);
    return writeSessionId(await createUpload(this.bucket, key, headers, options));
  }

  protected async partsOf(sessionId: string, options: CallOptions): Promise<SessionState> {
    const upload = readSessionId(sessionId);
    const parts = await listParts(this.bucket, upload, options);
    if (parts !== null) return { parts };
    if (await hasBecomeObject(this.bucket, upload, options)) return { parts: [], fileId: upload.key };
    throw notFound('there is no such session, or it has expired');
  }

  protected async completeSession(
    sessionId: string,
    parts: readonly Pick<StoredPart, 'number' | 'etag'>[],
    options: CallOptions,
  ): Promise<string> {
    const upload = readSessionId(sessionId);
    await completeUpload(this.bucket, upload, parts, options);
    return upload.key;
  }

  protected abortSession(sessionId: string, options: CallOptions): Promise<void> {
    return abortUpload(this.bucket, readSessionId(sessionId), options);
  }
}

class S3Multipart extends S3Sessions implements MultipartStorage {
  async open(file: AdmittedFile, options: CallOptions): Promise<OpenedMultipart> {
    const { checksMd5 } = this.bucket.config.provider;
    const sessionId = await this.openSession(file, options);
    return { sessionId, ...this.rules, ...(checksMd5 && { checksum: 'md5' as const }) };
  }

  sign(session: MultipartSession, parts: readonly PlannedPart[], options: CallOptions): Promise<SignedPart[]> {
    const { key, uploadId } = readSessionId(session.sessionId);
    return Promise.all(
      parts.map(async ({ number, size, checksum }) => {
        const query = { partNumber: String(number), uploadId };
        const sent = checksum === undefined ? {} : { 'content-md5': checksum };
        const headers = { ...sent, 'content-length': String(size) };
        const url = await this.bucket.presign({ method: 'PUT', key, query, headers }, options.caller);
        return { number, url, ...(checksum !== undefined && { headers: sent }) };
      }),
    );
  }

  list({ sessionId }: MultipartSession, options: CallOptions): Promise<SessionState> {
    return this.partsOf(sessionId, options);
  }

  complete({ sessionId }: MultipartSession, parts: readonly StoredPart[], options: CallOptions): Promise<string> {
    return this.completeSession(sessionId, parts, options);
  }

  abort({ sessionId }: MultipartSession, options: CallOptions): Promise<void> {
    return this.abortSession(sessionId, options);
  }
}

class S3Chunked extends S3Sessions implements ChunkedStorage {
  readonly #timeoutMs: number;

  constructor(bucket: S3Bucket, timeoutMs: number) {
    super(bucket);
    this.#timeoutMs = timeoutMs;
  }

  async open(file: AdmittedFile, options: CallOptions): Promise<InitAnswer> {
    const uploadId = await this.openSession(file, options);
    const { isUniform: _, ...rules } = this.rules;
    // This dialect cannot require equal parts of any size, so the answer fixes the size where the storage needs them.
    return { uploadId, ...rules, ...(this.rules.isUniform && { partSize: uniformSize(file.size, this.rules) }) };
  }

  async sendPart(sessionId: string, { number, bytes, length = 0 }: RelayedPart, options: CallOptions) {
    const { key, uploadId } = readSessionId(sessionId);
    if (bytes !== null && length === 0) {
      throw badRequest('the length of a part must be known in advance: send Content-Length');
    }
    const relay = partRelay(bytes, this.#timeoutMs);
    const query = { partNumber: String(number), uploadId };
    const { headers } = expectOk(
      await this.bucket.send({ method: 'PUT', key, query, ...relay, length }, options).finally(relay.end),
    );
    const etag = normalizeEtag(headers.get('etag'));
    if (etag === undefined) throw new HttpError(502, 'upstream', 'the storage service answered without an ETag');
    return { etag, headers: { ETag: `"${etag}"` } } satisfies RelayedReceipt;
  }

  inspect(sessionId: string, options: CallOptions): Promise<SessionState> {
    return this.partsOf(sessionId, options);
  }

  complete(sessionId: string, { parts }: CompleteRequest, options: CallOptions): Promise<string> {
    const listed = parts.map(({ part_number: number, etag }) => ({ number, etag: normalizeEtag(etag) ?? '' }));
    return this.completeSession(sessionId, listed, options);
  }

  cancel(sessionId: string, options: CallOptions): Promise<void> {
    return this.abortSession(sessionId, options);
  }
}

/** The usual size, or a larger one when the number of parts is limited. */
const uniformSize = (size: number, { minPartSize = 0, maxParts = 1 }: PartRules): number =>
  Math.max(minPartSize, USUAL_PART_SIZE, Math.ceil(size / maxParts));

const USUAL_PART_SIZE = 8 * 2 ** 20;

class S3Library implements FileLibrary {
  readonly #bucket: S3Bucket;

  constructor(bucket: S3Bucket) {
    this.#bucket = bucket;
  }

  list(target: Target, cursor: string | null, options: CallOptions) {
    return listObjects(this.#bucket, target, cursor, options);
  }

  async open(target: Target, fileId: string, options: CallOptions): Promise<Response> {
    const found = isKeyIn(target, fileId) ? await headObject(this.#bucket, fileId, options) : 'absent';
    if (found === 'absent') throw notFound('there is no such file');
    const name = encodeURIComponent(found.name === '' ? nameOfKey(fileId) : found.name);
    // As a download, because an uploaded page must not run in the storage's origin.
    const query = { 'response-content-disposition': `attachment;filename*=UTF-8''${name}` };
    const location = await this.#bucket.presign({ method: 'GET', key: fileId, query }, options.caller);
    return new Response(null, { status: 302, headers: { Location: location, 'Cache-Control': 'no-store' } });
  }
}
