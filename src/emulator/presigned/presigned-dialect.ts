/**
 * Presigned PUT (source: the presigned URL article). Assumed, because the article does not define it: `expiresIn` in
 * seconds; `size`, `relative_path`, `folder_id` and `metadata` at signing; lookup and removal of a stored file; every
 * error body.
 *
 * A URL stores one file. The same bytes sent again get the first answer again, because it may have been lost; other
 * bytes are answered 409.
 */

import type { IncomingMessage } from 'node:http';
import { type JsonObject, readString } from '../../lib/json.js';
import type { Disk } from '../disk/disk.js';
import type { ObjectStore, StoredFile } from '../disk/object-store.js';
import { ApiError } from '../http/api-error.js';
import type { Dialect, Route } from '../http/dialect.js';
import {
  readContentType,
  readFileName,
  readMetadata,
  readRelativePath,
  readSize,
  type WorkspaceCheck,
} from '../http/file-request.js';
import { type GrantRequest, Grants } from './grants.js';

export interface PresignedContext {
  readonly disk: Disk;
  readonly store: ObjectStore;
  readonly checkWorkspace: WorkspaceCheck;
  /** Bytes. */
  readonly maxFileSize: number;
  /** Origin of the URL, from the request that asks for it. */
  readonly publicOrigin: (request: IncomingMessage) => string;
  readonly now: () => number;
}

const DEFAULT_EXPIRES_IN_SECONDS = 900;
const MAX_EXPIRES_IN_SECONDS = 7 * 24 * 60 * 60;

/** The article documents PUT from any origin without configuration. */
const STORAGE_CORS = { methods: ['PUT'], headers: ['Content-Type'] };

const readExpiresIn = (value: unknown): number => {
  const seconds = value ?? DEFAULT_EXPIRES_IN_SECONDS;
  if (typeof seconds === 'number' && seconds > 0 && seconds <= MAX_EXPIRES_IN_SECONDS) return seconds;
  throw new ApiError(400, 'bad-request', 'expiresIn is not between 0 and 604800 seconds');
};

const sizeMismatch = (): ApiError => new ApiError(400, 'size-mismatch', 'the body does not have the declared size');
const tooLarge = (): ApiError => new ApiError(413, 'too-large', 'the file is too large');

/** Checks `Content-Length` before the body is read. @throws ApiError 400, 413 */
const checkDeclaredLength = (contentLength: string | null, size: number | null, maxFileSize: number): void => {
  if (contentLength === null) return;
  if (Number(contentLength) > maxFileSize) throw tooLarge();
  if (size !== null && Number(contentLength) !== size) throw sizeMismatch();
};

/** Checks the size while the body streams, because a request may have no `Content-Length`. @throws ApiError 400, 413 */
const enforceSize = async function* (chunks: AsyncIterable<Uint8Array>, size: number | null, maxFileSize: number) {
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.length;
    if (received > maxFileSize) throw tooLarge();
    if (size !== null && received > size) throw sizeMismatch();
    yield chunk;
  }
  if (size !== null && received < size) throw sizeMismatch();
};

const describeFile = ({ fileId, name, size, sha256, contentType, metadata }: StoredFile) => ({
  fileId,
  name,
  size,
  sha256,
  content_type: contentType,
  metadata,
});

const readGrantRequest = (body: JsonObject, workspaceId: string, maxFileSize: number): GrantRequest => {
  const name = readFileName(body.filename);
  return {
    name,
    workspaceId,
    relativePath: readRelativePath(body.relative_path, name),
    contentType: readContentType(body.contentType),
    folderId: readString(body.folder_id) ?? null,
    metadata: readMetadata(body.metadata),
    size: body.size === undefined ? null : readSize(body.size, maxFileSize),
  };
};

/** @throws ApiError 404 when the workspace or the file does not exist. */
const fileIn = ({ store, checkWorkspace }: PresignedContext, workspaceId: string, fileId: string) => {
  checkWorkspace(workspaceId);
  const file = store.get(fileId);
  if (file?.workspaceId !== workspaceId) throw new ApiError(404, 'file-not-found', 'no such file in this workspace');
  return file;
};

const lookupRoute = (context: PresignedContext): Route => ({
  method: 'GET',
  path: '/v1/workspaces/:workspaceId/files/:fileId',
  needsKey: true,
  async handle(exchange, { workspaceId = '', fileId = '' }) {
    await exchange.send(200, { json: describeFile(fileIn(context, workspaceId, fileId)) });
  },
});

/** For a backend that deletes a file which differs from what was announced. */
const removeRoute = (context: PresignedContext): Route => ({
  method: 'DELETE',
  path: '/v1/workspaces/:workspaceId/files/:fileId',
  needsKey: true,
  async handle(exchange, { workspaceId = '', fileId = '' }) {
    fileIn(context, workspaceId, fileId);
    await context.store.remove(fileId);
    await exchange.send(204);
  },
});

const grantRoute = (context: PresignedContext, grants: Grants): Route => ({
  method: 'POST',
  path: '/v1/workspaces/:workspaceId/presigned-urls',
  needsKey: true,
  async handle(exchange, { workspaceId = '' }) {
    context.checkWorkspace(workspaceId);
    const body = await exchange.readJsonObject();
    const request = readGrantRequest(body, workspaceId, context.maxFileSize);
    const grant = grants.issue(request, readExpiresIn(body.expiresIn) * 1000);
    const url = `${context.publicOrigin(exchange.request)}/storage/${grant.fileId}?${grants.sign(grant)}`;
    const expiresAt = new Date(grant.expiresAt).toISOString();
    await exchange.send(200, { json: { url, fileId: grant.fileId, expiresAt } });
  },
});

const storageRoute = ({ disk, store, maxFileSize }: PresignedContext, grants: Grants): Route => ({
  // The signature covers the method, so a wrong method is answered 403 here and not 405 by the router.
  method: '*',
  path: '/storage/:fileId',
  needsKey: false,
  cors: STORAGE_CORS,
  nameOf: ({ fileId = '' }) => grants.peek(fileId)?.name,
  async handle(exchange, { fileId = '' }) {
    const { method, query, signal, effects } = exchange;
    const {
      size,
      expiresAt: _,
      ...facts
    } = grants.redeem(fileId, {
      method,
      query,
      contentType: exchange.header('content-type'),
    });
    checkDeclaredLength(exchange.header('content-length'), size, maxFileSize);
    const temp = await disk.write(enforceSize(exchange.body(), size, maxFileSize), {
      algorithms: ['md5', 'sha256'],
      signal,
      roomBytes: effects.roomBytes,
    });
    const { md5, sha256 } = temp.digests;
    const file = await store.publish(temp, facts);
    if (file.sha256 !== sha256) throw new ApiError(409, 'already-stored', 'this URL has already stored other bytes');
    await exchange.send(200, { etag: md5 });
  },
});

export const createPresignedDialect = (context: PresignedContext): Dialect => {
  const grants = new Grants(context.now);
  return {
    routes: [grantRoute(context, grants), lookupRoute(context), removeRoute(context), storageRoute(context, grants)],
    clear: async () => grants.clear(),
  };
};
