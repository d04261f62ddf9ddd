/** `{base}/current/upload/{id}/chunk/`: relays a chunk as it arrives, and tells which ones the upstream has. */

import { readBoundary } from '../../../lib/read-multipart.js';
import { MAX_CHUNKS_IN_FLIGHT } from '../../../wire/fastio.js';
import { exactly } from '../../http/counted.js';
import { badRequest } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import { readForm } from '../../http/multipart/read-form.js';
import { inspected } from '../../inspect/inspect-bytes.js';
import type { Route } from '../../route.js';
import type { Ticket } from '../../tickets/ticket.js';
import { checkPart, readPartNumber } from '../part-checks.js';
import { FIELD_BYTES, type FormFields, readChecksum, readSize, readToFirstFile } from './fields.js';
import { keepLocked } from './file-lock.js';
import { fastioOf } from './limits.js';
import { openSession } from './seal.js';

export const chunk: Route = {
  method: 'POST',
  path: 'current/upload/:id/chunk',
  handle: async (call, gateway) => {
    const { request, caller, calls } = call;
    const ticket = await openSession(call, gateway);
    const boundary = readBoundary(request.headers.get('content-type'));
    if (boundary === null || request.body === null) throw badRequest('a chunk comes as multipart/form-data');
    const place = gateway.sessionPlaces.take(ticket.sessionId, MAX_CHUNKS_IN_FLIGHT);
    const parts = readForm(request.body, boundary);
    try {
      // The query goes first, as with the upstream: the vendor's client names the query, the guides the form.
      const fields = new URL(request.url).searchParams;
      const part = await readToFirstFile(parts, fields, FIELD_BYTES);
      if (part?.name !== 'chunk') throw badRequest('the form has no file named chunk');
      const query = readQuery(fields, ticket);
      const size = readSize(fields);
      const { name, size: fileSize, type } = ticket;
      const file = { name, size: fileSize, type, partNumber: Number(query.order) };
      const bytes = inspected(place.watch(exactly(part.bytes, size)), file, caller, gateway.options.inspectBytes);
      const relayed = { bytes, type: 'application/octet-stream', size };
      await keepLocked(ticket, call, gateway);
      const headers = await fastioOf(gateway).sendChunk(ticket.sessionId, query, relayed, calls);
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
    const held = await fastioOf(gateway).chunks(sessionId, call.calls);
    return jsonAnswer({ result: true, chunks: Object.fromEntries(held) });
  },
};

/** @throws HttpError 400, or 413 for a chunk longer than its file. */
const readQuery = (fields: FormFields, ticket: Ticket): Record<string, string> => {
  const order = readPartNumber(fields.get('order'), 'order');
  const size = readSize(fields);
  checkPart({ number: order, size }, ticket);
  const whole = fields.get('file_crc32c');
  if (whole !== null && !/^[0-9a-f]{8}$/.test(whole)) throw badRequest('file_crc32c is eight hex digits');
  return {
    order: String(order),
    size: String(size),
    ...readChecksum(fields),
    ...(whole !== null && { file_crc32c: whole }),
  };
};
