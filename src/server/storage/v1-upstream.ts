/**
 * The upstream's v1 dialects: presigned URLs (source: the presigned URL article) and chunked sessions (source: the
 * chunked upload article). Neither article tells of file records, session state or cancelling, nor names the fields for
 * size, path, folder and metadata: those are extensions, which our emulator offers and another upstream may ignore.
 */

import { isObject, type JsonObject, readNumber, readString } from '../../lib/json.js';
import { type CompleteRequest, type InitRequest, parseInitAnswer, parseSessionState } from '../../wire/chunked.js';
import { normalizeEtag } from '../../wire/etag.js';
import { readErrorCode } from '../../wire/gateway-error.js';
import { PART_NUMBER_HEADER } from '../../wire/headers.js';
import { IDEMPOTENCY_KEY_HEADER } from '../../wire/idempotency-key.js';
import { type Grant, parseGrant } from '../../wire/presigned.js';
import { HttpError } from '../http/http-error.js';
import type {
  AdmittedFile,
  CallOptions,
  ChunkedUpstream,
  FileRecord,
  OpenOptions,
  PresignedUpstream,
  RelayedPart,
  RelayedReceipt,
} from './upstream.js';
import { path, type UpstreamAnswer, type UpstreamClient } from './upstream-client.js';
import { type Subject, upstreamFailure } from './upstream-failure.js';

/** Joining the parts of a big file takes the upstream longer than any other answer, in milliseconds. */
const ASSEMBLY_TIMEOUT_MS = 120_000;

export const createV1Upstream = (client: UpstreamClient, grantTtlSeconds: number) => ({
  presigned: new V1Presigned(client, grantTtlSeconds),
  chunked: new V1Chunked(client),
});

class V1Presigned implements PresignedUpstream {
  readonly #client: UpstreamClient;
  readonly #ttlSeconds: number;

  constructor(client: UpstreamClient, ttlSeconds: number) {
    this.#client = client;
    this.#ttlSeconds = ttlSeconds;
  }

  async mint(file: AdmittedFile, { signal }: CallOptions): Promise<Grant> {
    const json = {
      filename: file.name,
      contentType: file.type,
      expiresIn: this.#ttlSeconds,
      size: file.size,
      ...optionalFields(file),
    };
    const target = path`/v1/workspaces/${file.workspaceId}/presigned-urls`;
    const answer = await this.#client.send({ method: 'POST', path: target, json }, { signal });
    const grant = parseGrant(success(answer, 'grant'));
    if (grant === null || !/^https?:\/\//i.test(grant.uploadUrl)) throw unreadable();
    return { ...grant, expiresAt: grant.expiresAt ?? Date.now() + this.#ttlSeconds * 1000 };
  }

  async findFile(
    workspaceId: string,
    fileId: string,
    { signal }: CallOptions,
  ): Promise<FileRecord | 'absent' | 'unknown'> {
    const target = path`/v1/workspaces/${workspaceId}/files/${fileId}`;
    const answer = await this.#client.send({ method: 'GET', path: target }, { signal });
    // Only this code says "not stored"; any other refusal says that there is no such question.
    if (answer.status === 404 && readErrorCode(answer.text) === 'file-not-found') return 'absent';
    if ([404, 405, 501].includes(answer.status)) return 'unknown';
    const { name, size, content_type: type, metadata } = success(answer, 'file');
    const bytes = readNumber(size);
    if (bytes === undefined) throw unreadable();
    return {
      name: readString(name) ?? '',
      size: bytes,
      type: readString(type) ?? 'application/octet-stream',
      metadata: isObject(metadata) ? metadata : {},
    };
  }
}

class V1Chunked implements ChunkedUpstream {
  readonly #client: UpstreamClient;

  constructor(client: UpstreamClient) {
    this.#client = client;
  }

  async open(file: AdmittedFile, { signal, idempotencyKey }: OpenOptions) {
    const json: InitRequest = {
      filename: file.name,
      total_size: file.size,
      mime_type: file.type,
      workspace_id: file.workspaceId,
      ...optionalFields(file),
    };
    const headers = idempotencyKey === undefined ? {} : { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey };
    const request = { method: 'POST', path: '/v1/uploads/chunked/init', headers, json } as const;
    const answer = await this.#client.send(request, { signal });
    return parseInitAnswer(success(answer, 'grant')) ?? fail(unreadable());
  }

  async sendPart(sessionId: string, part: RelayedPart, { signal }: CallOptions): Promise<RelayedReceipt> {
    const { bytes, length } = part;
    const headers = {
      'Content-Type': part.type,
      [PART_NUMBER_HEADER]: String(part.number),
      // Without it the length is unknown on the way, and some servers refuse such a body.
      ...(length !== undefined && bytes !== null && { 'Content-Length': String(length) }),
    };
    const target = path`/v1/uploads/chunked/${sessionId}/parts`;
    return readReceipt(await this.#client.send({ method: 'PUT', path: target, headers, bytes }, { signal }));
  }

  async inspect(sessionId: string, { signal }: CallOptions) {
    const answer = await this.#client.send({ method: 'GET', path: path`/v1/uploads/chunked/${sessionId}` }, { signal });
    return parseSessionState(success(answer, 'session')) ?? fail(unreadable());
  }

  async complete(sessionId: string, manifest: CompleteRequest, { signal }: CallOptions) {
    const answer = await this.#client.send(
      { method: 'POST', path: path`/v1/uploads/chunked/${sessionId}/complete`, json: manifest },
      { signal, timeoutMs: ASSEMBLY_TIMEOUT_MS },
    );
    const { file_id: fileId } = success(answer, 'manifest');
    return readString(fileId) ?? fail(unreadable());
  }

  async cancel(sessionId: string, { signal }: CallOptions) {
    const answer = await this.#client.send(
      { method: 'DELETE', path: path`/v1/uploads/chunked/${sessionId}` },
      { signal },
    );
    // Gone already, or an upstream without cancelling, which then lets the session expire.
    if (![404, 405, 410, 501].includes(answer.status)) success(answer, 'session');
  }
}

const optionalFields = ({ folderId, relativePath, metadata }: AdmittedFile) => ({
  ...(folderId !== 'root' && { folder_id: folderId }),
  ...(relativePath !== undefined && { relative_path: relativePath }),
  ...(metadata !== undefined && { metadata }),
});

const readReceipt = (answer: UpstreamAnswer): RelayedReceipt => {
  const json = success(answer, 'part');
  const etag = normalizeEtag(answer.headers.ETag ?? readString(json.etag)) ?? fail(unreadable());
  return { etag, headers: { ETag: `"${etag}"`, ...answer.headers } };
};

const success = (answer: UpstreamAnswer, subject: Subject): JsonObject =>
  answer.ok ? answer.json : fail(upstreamFailure(answer, subject));

const unreadable = (): HttpError => new HttpError(502, 'upstream', 'the storage service answered something unreadable');

const fail = (error: Error): never => {
  throw error;
};
