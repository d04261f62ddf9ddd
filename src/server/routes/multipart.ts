/**
 * `{base}/multipart/…`: sessions whose parts the browser sends directly to the storage, by URLs that are signed here.
 */

import { normalizeEtag } from '../../wire/etag.js';
import { IDEMPOTENCY_KEY_HEADER, readIdempotencyKey } from '../../wire/idempotency-key.js';
import {
  type MultipartPartUrl,
  type MultipartStoredPart,
  parseMultipartCompleteRequest,
  parseMultipartOpenRequest,
  parseMultipartSignRequest,
} from '../../wire/multipart.js';
import { checkStored } from '../check-stored.js';
import type { Gateway } from '../gateway.js';
import { badRequest, HttpError, notFound } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { MANIFEST_BODY_BYTES, readJson, SINGLE_BODY_BYTES } from '../http/read-body.js';
import type { Call, Route } from '../route.js';
import type { MultipartStorage, OpenedMultipart, PlannedPart, SignedPart } from '../storage/storage.js';
import { boundKey } from '../tickets/bound-key.js';
import { issueTicket, openForCancel, openUpload } from '../tickets/open-upload.js';
import { TICKET_TTL_MS, type Ticket } from '../tickets/ticket.js';
import { checkPart, checkPartSum, partsDiffer } from './part-rules.js';

/** Number of URLs in the answer to open, enough for the first lanes. */
const FIRST_PARTS = 6;
/** Maximum number of URLs in one answer to sign. */
const MAX_SIGNED = 100;

/** `POST …`: opens a session, and signs the first parts if the storage fixes their size. */
const open: Route = {
  method: 'POST',
  path: 'multipart',
  handle: async ({ request, caller, calls }, gateway) => {
    const { value } = await readJson(request, SINGLE_BODY_BYTES);
    const wanted = parseMultipartOpenRequest(value);
    if (wanted === null) throw badRequest('filename and size are required');
    const { filename: name, size, content_type: type, relative_path: relativePath, metadata } = wanted;
    const file = await gateway.admit({ name, size, type, relativePath, metadata }, caller, 'multipart');
    const sentKey = readIdempotencyKey(request.headers.get(IDEMPOTENCY_KEY_HEADER));
    const key = await boundKey(sentKey, file, caller.userId, gateway.signer);
    const storage = storageOf(gateway);
    const session = await gateway.openSessions.open(caller.userId, () => storage.open(file, { ...calls, ...key }));
    const { sessionId, partSize, minPartSize, maxParts, maxParallel } = session;
    const expiresAt = Math.min(session.expiresAt ?? Number.POSITIVE_INFINITY, Date.now() + TICKET_TTL_MS);
    const rules = { partSize, minPartSize, maxParts, maxParallel };
    const ticket = await issueTicket(file, { sessionId, expiresAt, rules }, caller, gateway, 'multipart');
    const signed = await storage.sign({ ...file, sessionId }, firstParts(session, size), calls);
    return jsonAnswer({
      upload_id: ticket,
      part_size: partSize,
      min_part_size: minPartSize,
      max_part_size: session.maxPartSize,
      max_parts: maxParts,
      max_parallel: maxParallel,
      uniform_parts: session.isUniform,
      checksum: session.checksum,
      parts: signed.map(toUrl),
      expires_at: new Date(expiresAt).toISOString(),
    });
  },
};

/** `POST …/{id}/sign`: signs a URL for each part, valid only for its exact number of bytes. */
const sign: Route = {
  method: 'POST',
  path: 'multipart/:id/sign',
  handle: async (call, gateway) => {
    const ticket = await openUpload(call, gateway, 'multipart');
    const { value } = await readJson(call.request, SINGLE_BODY_BYTES);
    const wanted = parseMultipartSignRequest(value);
    if (wanted === null || wanted.parts.length === 0) throw badRequest('parts must be a list of part_number and size');
    if (wanted.parts.length > MAX_SIGNED) throw badRequest(`at most ${MAX_SIGNED} parts can be signed in one request`);
    const parts = wanted.parts.map(({ part_number: number, size, checksum }): PlannedPart => {
      checkPart({ number, size }, ticket);
      return { number, size, ...(checksum !== undefined && { checksum }) };
    });
    const signed = await storageOf(gateway).sign(ticket, parts, call.calls);
    return jsonAnswer({ parts: signed.map(toUrl) });
  },
};

/**
 * `GET …/{id}`: lists the parts that the storage has. If the session has already become a file, the answer to complete
 * was lost and the browser does not ask for it again, so the file is announced here.
 */
const list: Route = {
  method: 'GET',
  path: 'multipart/:id',
  handle: async (call, gateway) => {
    const ticket = await openUpload(call, gateway, 'multipart');
    const { parts, fileId } = await storageOf(gateway).list(ticket, call.calls);
    const stored = parts.map(({ number, size, etag }): MultipartStoredPart => ({ part_number: number, size, etag }));
    const result = fileId === undefined ? undefined : await finish(fileId, ticket, call, gateway);
    return jsonAnswer({ parts: stored, file_id: fileId, result });
  },
};

/**
 * `POST …/{id}/complete`: assembles the file. Repeating it returns the same file. Sizes and ETags are the storage's,
 * because CORS rules may hide the ETags from the browser.
 */
const complete: Route = {
  method: 'POST',
  path: 'multipart/:id/complete',
  handle: async (call, gateway) => {
    const { request, calls, detached } = call;
    const ticket = await openUpload(call, gateway, 'multipart');
    const { value } = await readJson(request, MANIFEST_BODY_BYTES);
    const manifest = parseMultipartCompleteRequest(value);
    if (manifest === null) throw badRequest('parts must be a list of part_number');
    const storage = storageOf(gateway);
    const state = await storage.list(ticket, calls);
    const stored = new Map(state.parts.map((part) => [part.number, part]));
    const numbers = manifest.parts.map(({ part_number: number }) => number);
    const sizes = new Map(state.parts.map(({ number, size }) => [number, size]));
    checkPartSum(numbers, state.fileId === undefined ? sizes : null, ticket);
    const parts = manifest.parts.flatMap(({ part_number: number, etag }) => {
      const part = stored.get(number);
      if (part !== undefined && etag !== undefined && normalizeEtag(etag) !== part.etag) throw partsDiffer();
      return part ?? [];
    });
    // Not aborted when the browser disconnects: the hook must be called for every stored file.
    const fileId = state.fileId ?? (await storage.complete(ticket, parts, detached));
    const result = await finish(fileId, ticket, call, gateway);
    return jsonAnswer({ file_id: fileId, name: ticket.name, size: ticket.size, content_type: ticket.type, result });
  },
};

/**
 * Announces the session's file, and returns the hook's result. @throws HttpError when the file is not the announced
 * one.
 */
const finish = async (fileId: string, ticket: Ticket, { caller, detached }: Call, gateway: Gateway) => {
  const storage = storageOf(gateway);
  const { result } = await gateway.storedHook.call(`multipart ${ticket.sessionId}`, async () => {
    const found = await storage.find(ticket, fileId, detached);
    if (found === 'absent') throw new HttpError(502, 'upstream', 'the storage service does not have the file');
    const checking = { caller, protocol: 'multipart', objects: storage, calls: detached } as const;
    return checkStored(fileId, found, ticket, checking);
  });
  gateway.openSessions.close(caller.userId, ticket.sessionId);
  return result;
};

/** `DELETE …/{id}`: aborts the session in the storage. */
const abort: Route = {
  method: 'DELETE',
  path: 'multipart/:id',
  handle: async (call, gateway) => {
    const ticket = await openForCancel(call, gateway, 'multipart');
    // Not aborted when the browser disconnects: a cancel is often the last request of a page.
    await storageOf(gateway).abort(ticket, call.detached);
    gateway.openSessions.close(call.caller.userId, ticket.sessionId);
    return new Response(null, { status: 204 });
  },
};

export const MULTIPART_ROUTES: readonly Route[] = [open, sign, list, complete, abort];

const storageOf = ({ storage: { multipart } }: Gateway): MultipartStorage => {
  if (multipart === undefined) throw notFound('there is no such route');
  return multipart;
};

const toUrl = ({ number, url, headers }: SignedPart): MultipartPartUrl => ({
  part_number: number,
  url,
  ...(headers !== undefined && { headers }),
});

/** The first parts to sign; none when the browser chooses the size or must send a digest. */
const firstParts = ({ partSize, checksum }: OpenedMultipart, size: number): PlannedPart[] => {
  if (partSize === undefined || checksum === 'sha256') return [];
  const count = Math.min(FIRST_PARTS, Math.max(1, Math.ceil(size / partSize)));
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    size: Math.min(partSize, size - index * partSize),
  }));
};
