/**
 * The upstream's v1 dialects: presigned URLs (source: the presigned URL article) and chunked sessions (source: the
 * chunked upload article). The articles do not define file records, session state, cancelling, and the fields for size,
 * path, folder and metadata: those are extensions of the emulator, which another upstream may ignore.
 */

import { type JsonObject, readNumber, readString } from '../../../lib/json.js';
import { type CompleteRequest, type InitRequest, parseInitAnswer, parseSessionState } from '../../../wire/chunked.js';
import { normalizeEtag } from '../../../wire/etag.js';
import { readErrorCode } from '../../../wire/gateway-error.js';
import { PART_NUMBER_HEADER } from '../../../wire/headers.js';
import { IDEMPOTENCY_KEY_HEADER } from '../../../wire/idempotency-key.js';
import { type Grant, parseGrant } from '../../../wire/presigned.js';
import type {
  AdmittedFile,
  CallOptions,
  ChunkedStorage,
  OpenOptions,
  PresignedStorage,
  RelayedPart,
  RelayedReceipt,
  StoredObject,
  Target,
} from '../storage.js';
import { fail } from './answers.js';
import { checkGrant } from './check-grant.js';
import { path, type UpstreamAnswer, type UpstreamClient } from './upstream-client.js';
import { type Subject, unreadable, upstreamFailure } from './upstream-failure.js';

/** Timeout for assembling a large file, in milliseconds. */
const ASSEMBLY_TIMEOUT_MS = 120_000;

/** Finds and removes stored files, in both dialects. */
class V1Files {
  protected readonly client: UpstreamClient;

  constructor(client: UpstreamClient) {
    this.client = client;
  }

  async find(
    { workspaceId }: Target,
    fileId: string,
    options: CallOptions,
  ): Promise<StoredObject | 'absent' | 'unknown'> {
    const target = path`/v1/workspaces/${workspaceId}/files/${fileId}`;
    const answer = await this.client.send({ method: 'GET', path: target }, options);
    // Only this code means "not stored"; any other 404 means that the upstream does not have this route.
    if (answer.status === 404 && readErrorCode(answer.text) === 'file-not-found') return 'absent';
    if ([404, 405, 501].includes(answer.status)) return 'unknown';
    const { name, size, content_type: type, sha256 } = success(answer, 'file');
    const bytes = readNumber(size);
    if (bytes === undefined) throw unreadable();
    return {
      name: readString(name) ?? '',
      size: bytes,
      ...(typeof type === 'string' && { type }),
      ...(typeof sha256 === 'string' && { digest: { algorithm: 'sha256', value: sha256.toLowerCase() } }),
    };
  }

  async remove({ workspaceId }: Target, fileId: string, options: CallOptions): Promise<void> {
    const target = path`/v1/workspaces/${workspaceId}/files/${fileId}`;
    const answer = await this.client.send({ method: 'DELETE', path: target }, options);
    if (![404, 405, 410, 501].includes(answer.status)) success(answer, 'file');
  }
}

export class V1Presigned extends V1Files implements PresignedStorage {
  readonly #ttlSeconds: number;

  constructor(client: UpstreamClient, ttlSeconds: number) {
    super(client);
    this.#ttlSeconds = ttlSeconds;
  }

  async grant(file: AdmittedFile, options: CallOptions): Promise<Grant> {
    const json = {
      filename: file.name,
      contentType: file.type,
      expiresIn: this.#ttlSeconds,
      size: file.size,
      ...optionalFields(file),
    };
    const target = path`/v1/workspaces/${file.workspaceId}/presigned-urls`;
    const answer = await this.client.send({ method: 'POST', path: target, json }, options);
    const grant = parseGrant(success(answer, 'grant')) ?? fail(unreadable());
    const latest = Date.now() + this.#ttlSeconds * 1000;
    return checkGrant({ ...grant, expiresAt: Math.min(grant.expiresAt ?? latest, latest) }, this.client.upstream);
  }
}

export class V1Chunked extends V1Files implements ChunkedStorage {
  async open(file: AdmittedFile, { idempotencyKey, ...options }: OpenOptions) {
    const json: InitRequest = {
      filename: file.name,
      total_size: file.size,
      mime_type: file.type,
      workspace_id: file.workspaceId,
      ...optionalFields(file),
    };
    const headers = idempotencyKey === undefined ? {} : { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey };
    const request = { method: 'POST', path: '/v1/uploads/chunked/init', headers, json } as const;
    const answer = await this.client.send(request, options);
    return parseInitAnswer(success(answer, 'grant')) ?? fail(unreadable());
  }

  async sendPart(sessionId: string, part: RelayedPart, options: CallOptions): Promise<RelayedReceipt> {
    const { bytes, length } = part;
    const headers = {
      // Fixed, because the browser's type may have been changed on the way and does not matter for a part.
      'Content-Type': 'application/octet-stream',
      [PART_NUMBER_HEADER]: String(part.number),
      // Without it the body has no length, which some servers refuse.
      ...(length !== undefined && bytes !== null && { 'Content-Length': String(length) }),
    };
    const target = path`/v1/uploads/chunked/${sessionId}/parts`;
    return readReceipt(await this.client.send({ method: 'PUT', path: target, headers, bytes }, options));
  }

  async inspect(sessionId: string, options: CallOptions) {
    const answer = await this.client.send({ method: 'GET', path: path`/v1/uploads/chunked/${sessionId}` }, options);
    return parseSessionState(success(answer, 'session')) ?? fail(unreadable());
  }

  async complete(sessionId: string, manifest: CompleteRequest, options: CallOptions) {
    const answer = await this.client.send(
      { method: 'POST', path: path`/v1/uploads/chunked/${sessionId}/complete`, json: manifest },
      { ...options, timeoutMs: ASSEMBLY_TIMEOUT_MS },
    );
    const { file_id: fileId } = success(answer, 'manifest');
    return readString(fileId) ?? fail(unreadable());
  }

  async cancel(sessionId: string, options: CallOptions) {
    const answer = await this.client.send({ method: 'DELETE', path: path`/v1/uploads/chunked/${sessionId}` }, options);
    // The session does not exist, or the upstream cannot cancel and lets it expire.
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
