/**
 * Chunked sessions (source: the chunked upload article: init, parts, complete). Assumed, because the article does not
 * define it: the limits in the answer to init, the state of a session, its deletion and expiry, the answer to complete,
 * every error body.
 *
 * Sending a part again replaces it; a repeated complete gets the first answer. The file is not visible until complete
 * has succeeded.
 */

import { readString } from '../../lib/json.js';
import { PART_NUMBER_HEADER } from '../../wire/headers.js';
import { IDEMPOTENCY_KEY_HEADER, readIdempotencyKey } from '../../wire/idempotency-key.js';
import type { Disk } from '../disk/disk.js';
import type { ObjectStore } from '../disk/object-store.js';
import { ApiError } from '../http/api-error.js';
import type { Dialect, Route } from '../http/dialect.js';
import type { Exchange } from '../http/exchange.js';
import {
  readContentType,
  readFileName,
  readMetadata,
  readRelativePath,
  readSize,
  type WorkspaceCheck,
} from '../http/file-request.js';
import type { PartRules } from '../options.js';
import { checkManifest, readManifest } from './manifest.js';
import { checkPart, enforcePartSize } from './part-validation.js';
import type { Session } from './session.js';
import { Sessions } from './sessions.js';

export interface ChunkedContext {
  readonly disk: Disk;
  readonly store: ObjectStore;
  readonly checkWorkspace: WorkspaceCheck;
  /** Bytes. */
  readonly maxFileSize: number;
  readonly rules: PartRules;
  readonly sessionTtlMs: number;
  /** Whether pages of other origins may call. */
  readonly allowsCors: boolean;
  readonly now: () => number;
}

const CORS = {
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  headers: ['Authorization', 'Content-Type', PART_NUMBER_HEADER, IDEMPOTENCY_KEY_HEADER],
};

const ROOT = '/v1/uploads/chunked';

const describeRules = ({ partSize, minPartSize, maxPartSize, maxParts, maxParallel }: PartRules) => ({
  ...(partSize !== undefined && { part_size: partSize }),
  min_part_size: minPartSize,
  max_part_size: maxPartSize,
  max_parts: maxParts,
  ...(maxParallel !== undefined && { max_parallel: maxParallel }),
});

const describeSession = ({ facts, parts, completion }: Session) => ({
  upload_id: facts.uploadId,
  total_size: facts.totalSize,
  parts: [...parts.values()]
    .sort((a, b) => a.number - b.number)
    .map(({ number, etag, size }) => ({ part_number: number, etag, size })),
  expires_at: new Date(facts.expiresAt).toISOString(),
  ...(completion !== null && { file_id: completion.file_id }),
});

/** One method per route. */
class ChunkedRoutes {
  readonly #context: ChunkedContext;
  readonly #sessions: Sessions;

  constructor(context: ChunkedContext, sessions: Sessions) {
    this.#context = context;
    this.#sessions = sessions;
  }

  async init(exchange: Exchange): Promise<void> {
    const { checkWorkspace, rules, sessionTtlMs, now } = this.#context;
    const body = await exchange.readJsonObject();
    const name = readFileName(body.filename);
    const workspaceId = readString(body.workspace_id) ?? null;
    checkWorkspace(workspaceId);
    const session = await this.#sessions.open({
      name,
      workspaceId,
      relativePath: readRelativePath(body.relative_path, name),
      contentType: readContentType(body.mime_type ?? 'application/octet-stream'),
      folderId: readString(body.folder_id) ?? null,
      metadata: readMetadata(body.metadata),
      totalSize: readSize(body.total_size, this.#maxTotalSize()),
      expiresAt: now() + sessionTtlMs,
      idempotencyKey: readIdempotencyKey(exchange.header(IDEMPOTENCY_KEY_HEADER)) ?? null,
    });
    const { uploadId, expiresAt } = session.facts;
    const limits = describeRules(rules);
    await exchange.send(200, {
      json: { upload_id: uploadId, ...limits, expires_at: new Date(expiresAt).toISOString() },
    });
  }

  async putPart(exchange: Exchange, uploadId: string): Promise<void> {
    const { rules } = this.#context;
    const session = await this.#sessions.find(uploadId);
    const expectation = checkPart(exchange, session.facts.totalSize, rules);
    if (session.inFlight >= (rules.maxParallel ?? Number.POSITIVE_INFINITY)) {
      throw new ApiError(429, 'too-many-parts', 'too many parts in flight', { headers: { 'Retry-After': '1' } });
    }
    const { signal, effects } = exchange;
    const body = enforcePartSize(exchange.body(), expectation);
    const part = await this.#sessions.receivePart(session, expectation.number, body, {
      signal,
      roomBytes: effects.roomBytes,
    });
    await exchange.send(200, { etag: part.etag, json: { part_number: part.number, size: part.size } });
  }

  async inspect(exchange: Exchange, uploadId: string): Promise<void> {
    await exchange.send(200, { json: describeSession(await this.#sessions.find(uploadId)) });
  }

  async complete(exchange: Exchange, uploadId: string): Promise<void> {
    const session = await this.#sessions.find(uploadId);
    const manifest = readManifest(await exchange.readJsonObject());
    const completion =
      session.completion ??
      (await this.#sessions.complete(
        session,
        checkManifest(session, manifest, this.#context.rules),
        exchange.effects.roomBytes,
      ));
    await exchange.send(200, { json: completion });
  }

  async remove(exchange: Exchange, uploadId: string): Promise<void> {
    await this.#sessions.remove(await this.#sessions.find(uploadId));
    await exchange.send(204);
  }

  /** The largest file that the part rules allow. */
  #maxTotalSize(): number {
    const { maxFileSize, rules } = this.#context;
    return Math.min(maxFileSize, rules.maxParts * (rules.partSize ?? rules.maxPartSize));
  }
}

export const createChunkedDialect = (context: ChunkedContext): Dialect => {
  const sessions = new Sessions(context.disk, context.store, context.now);
  const routes = new ChunkedRoutes(context, sessions);
  const shared = { needsKey: true, ...(context.allowsCors && { cors: CORS }) };
  const ofSession = (
    method: Route['method'],
    path: string,
    handle: (exchange: Exchange, uploadId: string) => Promise<void>,
  ): Route => ({
    ...shared,
    method,
    path: `${ROOT}/:uploadId${path}`,
    nameOf: ({ uploadId = '' }) => sessions.peek(uploadId)?.facts.name,
    handle: (exchange, { uploadId = '' }) => handle(exchange, uploadId),
  });
  return {
    routes: [
      { ...shared, method: 'POST', path: `${ROOT}/init`, handle: (exchange) => routes.init(exchange) },
      ofSession('PUT', '/parts', (exchange, id) => routes.putPart(exchange, id)),
      ofSession('GET', '', (exchange, id) => routes.inspect(exchange, id)),
      ofSession('POST', '/complete', (exchange, id) => routes.complete(exchange, id)),
      ofSession('DELETE', '', (exchange, id) => routes.remove(exchange, id)),
    ],
    clear: () => sessions.clear(),
  };
};
