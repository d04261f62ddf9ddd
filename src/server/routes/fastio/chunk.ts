/** `{base}/current/upload/{id}/chunk/`: relays a chunk as it arrives, and tells which ones the upstream has. */

import { readNumber } from '../../../lib/json.js';
import { MAX_CHUNKS_IN_FLIGHT } from '../../../wire/fastio.js';
import { badRequest, HttpError } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import { readBoundary, readMultipart } from '../../http/multipart/read-multipart.js';
import type { Route } from '../../route.js';
import { exactly } from '../../storage/counted.js';
import type { Ticket } from '../../tickets/ticket.js';
import { FIELD_BYTES, type FormFields, readChecksum, readSize, readToFirstFile } from './fields.js';
import { keepLocked } from './file-lock.js';
import { openSession } from './seal.js';

export const chunk: Route = {
  method: 'POST',
  path: 'current/upload/:id/chunk',
  handle: async (call, gateway) => {
    const { request } = call;
    const ticket = await openSession(call, gateway);
    const boundary = readBoundary(request.headers.get('content-type'));
    if (boundary === null || request.body === null) throw badRequest('a chunk comes as multipart/form-data');
    const place = gateway.sessionPlaces.take(ticket.sessionId, MAX_CHUNKS_IN_FLIGHT);
    const parts = readMultipart(request.body, boundary);
    try {
      // The query goes first, as with the upstream: the vendor's client names the query, the guides the form.
      const fields = new URL(request.url).searchParams;
      const part = await readToFirstFile(parts, fields, FIELD_BYTES);
      if (part?.name !== 'chunk') throw badRequest('the form has no file named chunk');
      const query = readQuery(fields, ticket);
      const size = readSize(fields);
      const bytes = place.watch(exactly(part.bytes, size));
      const relayed = { bytes, type: 'application/octet-stream', size };
      const { signal } = request;
      await keepLocked(ticket, gateway);
      const headers = await gateway.upstream.fastio.sendChunk(ticket.sessionId, query, relayed, { signal });
      return jsonAnswer({ result: true, order: Number(query.order), size }, { headers });
    } finally {
      place.leave();
      // Not awaited: a client that sends no more would hold the answer back.
      void parts.return(undefined);
    }
  },
};

export const chunks: Route = {
  method: 'GET',
  path: 'current/upload/:id/chunk',
  handle: async (call, gateway) => {
    const { sessionId } = await openSession(call, gateway);
    const held = await gateway.upstream.fastio.chunks(sessionId, { signal: call.request.signal });
    return jsonAnswer({ result: true, chunks: Object.fromEntries(held) });
  },
};

/** @throws HttpError 400, or 413 for a chunk longer than its file. */
const readQuery = (fields: FormFields, { size: fileSize }: Ticket): Record<string, string> => {
  const order = readNumber(fields.get('order'));
  if (order === undefined || !Number.isSafeInteger(order) || order < 1) throw badRequest('order is a number from 1');
  const size = readSize(fields);
  if (size > fileSize) throw new HttpError(413, 'too-large', 'the chunk is longer than the file');
  const whole = fields.get('file_crc32c');
  if (whole !== null && !/^[0-9a-f]{8}$/.test(whole)) throw badRequest('file_crc32c is eight hex digits');
  return {
    order: String(order),
    size: String(size),
    ...readChecksum(fields),
    ...(whole !== null && { file_crc32c: whole }),
  };
};
