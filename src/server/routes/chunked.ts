/** `{base}/chunked/…`: sessions of the storage whose parts the gateway relays. */

import { readNumber } from '../../lib/json.js';
import { type CompleteRequest, parseCompleteRequest, parseInitRequest, type SessionState } from '../../wire/chunked.js';
import { PART_NUMBER_HEADER } from '../../wire/headers.js';
import { IDEMPOTENCY_KEY_HEADER, readIdempotencyKey } from '../../wire/idempotency-key.js';
import type { Gateway } from '../gateway.js';
import { atMost, exactly } from '../http/counted.js';
import { badRequest, HttpError, notFound } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { MANIFEST_BODY_BYTES, readJson, SINGLE_BODY_BYTES } from '../http/read-body.js';
import { chunksOf, stallTimeoutReader } from '../http/stall-timeout.js';
import { inspected } from '../inspect/inspect-bytes.js';
import type { Call, Route } from '../route.js';
import type { ChunkedStorage } from '../storage/storage.js';
import { boundKey } from '../tickets/bound-key.js';
import { issueTicket, openForCancel, openUpload } from '../tickets/open-upload.js';
import { TICKET_TTL_MS, type Ticket } from '../tickets/ticket.js';
import { announceStored } from './announce-stored.js';
import { checkPart, checkPartSum, readPartNumber } from './part-rules.js';

/** `POST …/init`: opens a session and returns its ticket. */
const init: Route = {
  method: 'POST',
  path: 'chunked/init',
  handle: async ({ request, caller, calls }, gateway) => {
    const { value } = await readJson(request, SINGLE_BODY_BYTES);
    const wanted = parseInitRequest(value);
    if (wanted === null) throw badRequest('filename and total_size are required');
    const { filename: name, total_size: size, mime_type: type, relative_path: relativePath, metadata } = wanted;
    const file = await gateway.admit({ name, size, type, relativePath, metadata }, caller, 'chunked');
    const sentKey = readIdempotencyKey(request.headers.get(IDEMPOTENCY_KEY_HEADER));
    const key = await boundKey(sentKey, file, caller.userId, gateway.signer);
    const session = await gateway.openSessions.open(caller.userId, async () => {
      const { uploadId: sessionId, ...rest } = await storageOf(gateway).open(file, { ...calls, ...key });
      return { ...rest, sessionId };
    });
    const { sessionId, minPartSize, maxParts, maxParallel } = session;
    const expiresAt = Math.min(session.expiresAt ?? Number.POSITIVE_INFINITY, Date.now() + TICKET_TTL_MS);
    const rules = { minPartSize, maxParts, maxParallel };
    const ticket = await issueTicket(file, { sessionId, expiresAt, rules }, caller, gateway, 'chunked');
    return jsonAnswer({
      upload_id: ticket,
      part_size: session.partSize,
      min_part_size: minPartSize,
      max_part_size: smallest(session.maxPartSize, gateway.options.maxPartSize),
      max_parts: maxParts,
      max_parallel: maxParallel,
      expires_at: new Date(expiresAt).toISOString(),
    });
  },
};

/** `PUT …/{id}/parts`: relays one part as a stream, at the pace of the slower side. */
const part: Route = {
  method: 'PUT',
  path: 'chunked/:id/parts',
  handle: async (call, gateway) => {
    const { request, caller, calls } = call;
    const ticket = await openUpload(call, gateway, 'chunked');
    const number = readPartNumber(request.headers.get(PART_NUMBER_HEADER), PART_NUMBER_HEADER);
    const length = readNumber(request.headers.get('content-length'));
    checkPart({ number, size: length ?? 0 }, ticket);
    const { maxParallel = Number.POSITIVE_INFINITY } = ticket.rules ?? {};
    const permit = gateway.sessionRequests.acquire(ticket.sessionId, maxParallel);
    const reader = request.body && stallTimeoutReader(request.body);
    try {
      const received = reader && permit.watch(atMost(chunksOf(reader), ticket.size));
      const file = { ...describe(ticket), partNumber: number };
      const bytes = received && inspected(received, file, caller, gateway.options.inspectBytes);
      const relayed = { number, bytes: bytes && length !== undefined ? exactly(bytes, length) : bytes };
      const receipt = await storageOf(gateway).sendPart(
        ticket.sessionId,
        { ...relayed, ...(length !== undefined && { length }) },
        calls,
      );
      return jsonAnswer({ part_number: number, etag: receipt.etag }, { headers: receipt.headers });
    } finally {
      permit.release();
      // Not awaited, because a client that has stopped sending would delay the answer.
      reader?.cancel().catch(() => {});
    }
  },
};

/**
 * `GET …/{id}`: lists the parts that the storage has. If the session has already become a file, the answer to complete
 * was lost and the browser does not ask for it again, so the file is announced here.
 */
const inspect: Route = {
  method: 'GET',
  path: 'chunked/:id',
  handle: async (call, gateway) => {
    const ticket = await openUpload(call, gateway, 'chunked');
    const { parts, fileId } = await storageOf(gateway).inspect(ticket.sessionId, call.calls);
    const result = fileId === undefined ? undefined : await finish(fileId, ticket, call, gateway);
    return jsonAnswer({
      upload_id: call.id,
      total_size: ticket.size,
      parts: parts.map(({ number, etag, size: bytes }) => ({ part_number: number, etag, size: bytes })),
      file_id: fileId,
      result,
    });
  },
};

/** `POST …/{id}/complete`: assembles the file. Repeating it returns the same file. */
const complete: Route = {
  method: 'POST',
  path: 'chunked/:id/complete',
  handle: async (call, gateway) => {
    const { request, detached } = call;
    const ticket = await openUpload(call, gateway, 'chunked');
    const { value } = await readJson(request, MANIFEST_BODY_BYTES);
    const manifest = parseCompleteRequest(value);
    if (manifest === null) throw badRequest('parts must be a list of part_number and etag');
    const storage = storageOf(gateway);
    await checkManifest(manifest, ticket, call, storage);
    // Not aborted when the browser disconnects: the hook must be called for every stored file.
    const fileId = await storage.complete(ticket.sessionId, manifest, detached);
    const result = await finish(fileId, ticket, call, gateway);
    return jsonAnswer({ file_id: fileId, name: ticket.name, size: ticket.size, content_type: ticket.type, result });
  },
};

/** Closes the session, and returns the hook's result. @throws HttpError when the file is not the announced one. */
const finish = async (fileId: string, ticket: Ticket, call: Call, gateway: Gateway): Promise<unknown> => {
  const session = { fileId, ticket, protocol: 'chunked', objects: storageOf(gateway) } as const;
  const result = await announceStored(session, call, gateway);
  gateway.openSessions.close(call.caller.userId, ticket.sessionId);
  return result;
};

/** `DELETE …/{id}`: cancels the session in the storage. */
const cancel: Route = {
  method: 'DELETE',
  path: 'chunked/:id',
  handle: async (call, gateway) => {
    const { sessionId } = await openForCancel(call, gateway, 'chunked');
    // Not aborted when the browser disconnects: a cancel is often the last request of a page.
    await storageOf(gateway).cancel(sessionId, call.detached);
    gateway.openSessions.close(call.caller.userId, sessionId);
    return new Response(null, { status: 204 });
  },
};

export const CHUNKED_ROUTES: readonly Route[] = [init, part, inspect, complete, cancel];

const storageOf = ({ storage: { chunked } }: Gateway): ChunkedStorage => {
  if (chunked === undefined) throw notFound('there is no such route');
  return chunked;
};

const describe = ({ name, size, type, relativePath }: Ticket) => ({
  name,
  size,
  type,
  ...(relativePath !== undefined && { relativePath }),
});

const smallest = (...sizes: readonly (number | undefined)[]): number | undefined => {
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/** The listed parts must add up to the file, by the storage's sizes if it reports them. @throws HttpError 409 */
const checkManifest = async (
  { parts }: CompleteRequest,
  ticket: Ticket,
  { calls }: Call,
  storage: ChunkedStorage,
): Promise<void> => {
  const state = await storage.inspect(ticket.sessionId, calls).catch(nullIfUnknown);
  if (state === null || state.fileId !== undefined) return checkPartSum(parts.map(numberOf), null, ticket);
  const sizes = new Map(state.parts.map(({ number, size }) => [number, size]));
  checkPartSum(parts.map(numberOf), sizes, ticket);
};

const numberOf = ({ part_number: number }: { readonly part_number: number }): number => number;

/** Null when the storage cannot inspect sessions, or deletes a session once it is complete. */
const nullIfUnknown = (error: unknown): SessionState | null => {
  if (error instanceof HttpError && [404, 501].includes(error.status)) return null;
  throw error;
};
