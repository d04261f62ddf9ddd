/**
 * The client of the `/current/` upload API (sources: the official upload reference and the vendor's client; where they
 * differ, the client is followed). Fields of a chunk are sent in the query, as by the client.
 */

import type { JsonObject } from '../../../lib/json.js';
import {
  folderOf,
  parseAlgorithms,
  parseCreated,
  parseSessionDetails,
  type SessionDetails,
} from '../../../wire/fastio.js';
import { type BatchResult, parseBatchResults } from '../../../wire/fastio-batch.js';
import { parseEnvelope } from '../../../wire/fastio-envelope.js';
import { parseLockHolder, parseLockToken } from '../../../wire/fastio-file-lock.js';
import { isNodeOf } from '../../../wire/fastio-node.js';
import { HttpError } from '../../http/http-error.js';
import { type FormBody, writeMultipart } from '../../http/multipart/write-multipart.js';
import type {
  BatchEntry,
  FastioStorage,
  FileLock,
  OpenExtras,
  Opened,
  RelayedBytes,
  RelayedFile,
  SessionFile,
} from '../fastio-storage.js';
import type { AdmittedFile, CallOptions, StoredObject, Target } from '../storage.js';
import { type Fields, fail, success, withQuery } from './answers.js';
import { Nodes, toStored } from './nodes.js';
import {
  path,
  type SendOptions,
  type UpstreamAnswer,
  type UpstreamClient,
  type UpstreamRequest,
} from './upstream-client.js';
import { type Subject, unreadable } from './upstream-failure.js';

/** Timeout for assembling a large file, in milliseconds. */
const ASSEMBLY_TIMEOUT_MS = 120_000;
const DETAILS_TIMEOUT_MS = 30_000;
/** Timeout for storing 200 files, in milliseconds. */
const BATCH_TIMEOUT_MS = 120_000;
/** Short, because a browser that crashes cannot release the lock; every request of the session extends it. */
const LOCK_SECONDS = 900;
/** Statuses for a lock that is held; the real one is not documented. */
const HELD: ReadonlySet<number> = new Set([409, 423]);

export class CurrentStorage implements FastioStorage {
  readonly #client: UpstreamClient;
  readonly #nodes: Nodes;

  constructor(client: UpstreamClient) {
    this.#client = client;
    this.#nodes = new Nodes(client);
  }

  limits({ workspaceId, folderId }: Target, options: CallOptions): Promise<JsonObject> {
    const query = { action: 'create', instance_id: workspaceId, folder_id: folderId };
    return this.#ask({ method: 'GET', path: withQuery('/current/upload/limits/', query) }, 'grant', options);
  }

  async algorithms(options: CallOptions): Promise<readonly string[]> {
    const answer = await this.#client.send({ method: 'GET', path: '/current/upload/algos/' }, options);
    // The list is public, so an upstream without it does not have this API.
    const status = answer.status === 404 ? 501 : answer.status;
    return parseAlgorithms(success({ ...answer, status }, 'grant'));
  }

  async open(
    file: AdmittedFile,
    { checksum, replaces }: OpenExtras,
    body: RelayedBytes | null,
    options: CallOptions,
  ): Promise<Opened> {
    const folder = folderOf(file.relativePath ?? '');
    const fields: Fields = {
      name: file.name,
      size: String(file.size),
      ...(replaces === undefined ? { action: 'create' } : { action: 'update', file_id: replaces }),
      ...placeFields(file),
      profile_type: 'workspace',
      ...(folder !== '' && { relative_path: folder }),
      ...checksum,
    };
    const request = { method: 'POST', path: '/current/upload/' } as const;
    const answer = await (body === null
      ? this.#client.send({ ...request, form: fields }, options)
      : this.#streamForm(request.path, wholeForm(fields, body), options));
    const created = parseCreated(success(answer, 'grant')) ?? fail(unreadable());
    return { ...created, ...(Number.isFinite(answer.date) && { openedAt: answer.date }) };
  }

  async sendChunk(sessionId: string, query: Fields, chunk: RelayedBytes, options: CallOptions): Promise<Fields> {
    const target = withQuery(path`/current/upload/${sessionId}/chunk/`, query);
    const answer = await this.#streamForm(target, wholeForm({}, chunk), options);
    success(answer, 'part');
    return answer.headers;
  }

  async details(sessionId: string, waitSeconds: number, options: CallOptions): Promise<SessionDetails> {
    const target = path`/current/upload/${sessionId}/details/`;
    const payload = await this.#ask(
      { method: 'GET', path: waitSeconds > 0 ? withQuery(target, { wait: String(waitSeconds) }) : target },
      'session',
      { ...options, isPoll: waitSeconds > 0, timeoutMs: DETAILS_TIMEOUT_MS + waitSeconds * 1000 },
    );
    return parseSessionDetails(payload) ?? fail(unreadable());
  }

  async chunks(sessionId: string, options: CallOptions): Promise<ReadonlyMap<number, number>> {
    const target = path`/current/upload/${sessionId}/chunk/`;
    const payload = await this.#ask({ method: 'GET', path: target }, 'session', options);
    // The details contain the same map, so their parser is used.
    return parseSessionDetails({ status: 'uploading', chunks: payload.chunks })?.chunks ?? new Map();
  }

  async complete(sessionId: string, options: CallOptions): Promise<void> {
    const request = { method: 'POST', path: path`/current/upload/${sessionId}/complete/`, form: {} } as const;
    await this.#ask(request, 'session', { ...options, timeoutMs: ASSEMBLY_TIMEOUT_MS });
  }

  async forget(sessionId: string, options: CallOptions): Promise<void> {
    const answer = await this.#client.send(
      // `path` rejects an empty id; without an id, this request would delete every session of the key.
      { method: 'DELETE', path: path`/current/upload/${sessionId}/` },
      options,
    );
    if (![404, 410].includes(answer.status)) success(answer, 'session');
  }

  async sendBatch(
    target: Target,
    manifest: readonly BatchEntry[],
    files: AsyncIterable<RelayedFile>,
    calls: CallOptions,
  ): Promise<ReadonlyMap<number, BatchResult>> {
    const entries = manifest.map(({ index, name, folder, checksum }) => ({
      index,
      filename: name,
      ...(folder !== '' && { relative_path: folder }),
      ...checksum,
    }));
    const form = writeMultipart({
      fields: { ...placeFields(target), manifest: JSON.stringify(entries) },
      files: named(files),
    });
    const options: SendOptions = { ...calls, timeoutMs: BATCH_TIMEOUT_MS, budget: 'batch' };
    return (
      parseBatchResults(await this.#sendForm('/current/upload/batch/', form, 'grant', options)) ?? fail(unreadable())
    );
  }

  async find(
    { workspaceId }: Target,
    fileId: string,
    options: CallOptions,
  ): Promise<StoredObject | 'absent' | 'unknown'> {
    const node = await this.#nodes.get(workspaceId, fileId, options);
    return node === null ? 'absent' : (toStored(node) ?? 'unknown');
  }

  remove({ workspaceId }: Target, fileId: string, options: CallOptions): Promise<void> {
    return this.#nodes.remove(workspaceId, fileId, options);
  }

  async locate(file: SessionFile, since: number, options: CallOptions): Promise<string | null> {
    let folderId = file.folderId;
    for (const name of folderOf(file.relativePath ?? '').split('/')) {
      if (name === '') continue;
      const folder = await this.#nodes.named(name, { ...file, folderId }, options);
      if (!folder?.isFolder) return null;
      folderId = folder.id;
    }
    const node = await this.#nodes.named(file.name, { ...file, folderId }, options);
    return node !== null && isNodeOf(node, file, since) ? node.id : null;
  }

  async lock(workspaceId: string, fileId: string, options: CallOptions): Promise<string | null> {
    const target = lockPath(workspaceId, fileId);
    const form = { duration: String(LOCK_SECONDS) };
    const answer = await this.#client.send({ method: 'POST', path: target, form }, options);
    if (HELD.has(answer.status)) throw await this.#locked(target, options);
    // This upstream has no locks.
    if ([405, 501].includes(answer.status)) return null;
    return parseLockToken(success(answer, 'file')) ?? fail(unreadable());
  }

  async keepLock(workspaceId: string, { fileId, token }: FileLock, options: CallOptions): Promise<boolean> {
    const target = lockPath(workspaceId, fileId);
    const request = { method: 'POST', path: `${target}heartbeat/`, form: { lock_token: token } } as const;
    const answer = await this.#client.send(request, options);
    if (HELD.has(answer.status)) throw await this.#locked(target, options);
    if (answer.status === 404) return false;
    success(answer, 'file');
    return true;
  }

  async releaseLock(workspaceId: string, { fileId, token }: FileLock, options: CallOptions): Promise<void> {
    // In the query, because a token in the body is ignored and the file stays locked (source: the vendor's client).
    const target = withQuery(lockPath(workspaceId, fileId), { lock_token: token });
    const answer = await this.#client.send({ method: 'DELETE', path: target }, options);
    if (answer.status !== 404 && !HELD.has(answer.status)) success(answer, 'file');
  }

  /**
   * An error with the lock's expiry but without its holder, because account names must not reach the gateway's users.
   */
  async #locked(target: string, options: CallOptions): Promise<HttpError> {
    const { text } = await this.#client.send({ method: 'GET', path: target }, options);
    const envelope = parseEnvelope(text);
    const expiresAt = envelope?.ok ? parseLockHolder(envelope.payload).expiresAt : null;
    const details = expiresAt === null ? {} : { lock_info: { expires_at: Math.ceil(expiresAt / 1000) } };
    return new HttpError(423, 'locked', 'the file is locked by another user', { details });
  }

  async #ask(request: UpstreamRequest, subject: Subject, options: SendOptions): Promise<JsonObject> {
    return success(await this.#client.send(request, options), subject);
  }

  async #sendForm(target: string, form: FormBody, subject: Subject, options: SendOptions): Promise<JsonObject> {
    return success(await this.#streamForm(target, form, options), subject);
  }

  #streamForm(target: string, form: FormBody, options: SendOptions): Promise<UpstreamAnswer> {
    const headers = {
      'Content-Type': form.contentType,
      ...(form.length !== undefined && { 'Content-Length': String(form.length) }),
    };
    return this.#client.send({ method: 'POST', path: target, headers, bytes: form.bytes }, options);
  }
}

const placeFields = ({ workspaceId, folderId }: Target): Fields => ({ instance_id: workspaceId, folder_id: folderId });

const wholeForm = (fields: Fields, { bytes, type, size }: RelayedBytes): FormBody =>
  writeMultipart({ fields, files: [{ name: 'chunk', type, bytes }], fileSize: size });

const named = async function* (files: AsyncIterable<RelayedFile>) {
  for await (const { index, type, bytes } of files) yield { name: `file_${index}`, type, bytes };
};

const lockPath = (workspaceId: string, fileId: string): string =>
  path`/current/workspace/${workspaceId}/storage/${fileId}/lock/`;
