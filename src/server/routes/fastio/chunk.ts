/** `{base}/current/upload/{id}/chunk/`: relays a chunk as a stream, and lists the chunks that the upstream has. */

import { readBoundary } from '../../../lib/read-multipart.js';
import { MAX_CHUNKS_IN_FLIGHT } from '../../../wire/fastio.js';
import { exactly } from '../../http/counted.js';
import { badRequest } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import { readForm } from '../../http/multipart/read-form.js';
import { inspected } from '../../inspect/inspect-bytes.js';
import type { Route } from '../../route.js';
import type { Ticket } from '../../tickets/ticket.js';
import { checkPart, readPartNumber } from '../part-rules.js';
import { FIELD_BYTES, type FormFields, readChecksum, readSize, readToFirstFile } from './fields.js';
import { keepLocked } from './file-lock.js';
import { fastioOf } from './limits.js';
import { openSession } from './session-tickets.js';

export const chunk: Route = {
  method: 'POST',
  path: 'current/upload/:id/chunk',
  handle: async (call, gateway) => {
    const { request, caller, calls } = call;
    const ticket = await openSession(call, gateway);
    const boundary = readBoundary(request.headers.get('content-type'));
    if (boundary === null || request.body === null) throw badRequest('a chunk must be sent as multipart/form-data');
    const permit = gateway.sessionRequests.acquire(ticket.sessionId, MAX_CHUNKS_IN_FLIGHT);
    const parts = readForm(request.body, boundary);
    try {
      // Query fields have priority, as in the upstream: the vendor's client uses the query, the guides the form.
      const fields = new URL(request.url).searchParams;
      const part = await readToFirstFile(parts, fields, FIELD_BYTES);
      if (part?.name !== 'chunk') throw badRequest('the form has no file named chunk');
      const query = readQuery(fields, ticket);
      const size = readSize(fields);
      const { name, size: fileSize, type } = ticket;
      const file = { name, size: fileSize, type, partNumber: Number(query.order) };
      const bytes = inspected(permit.watch(exactly(part.bytes, size)), file, caller, gateway.options.inspectBytes);
      const relayed = { bytes, type: 'application/octet-stream', size };
      await keepLocked(ticket, call, gateway);
      const headers = await fastioOf(gateway).sendChunk(ticket.sessionId, query, relayed, calls);
      return jsonAnswer({ result: true, order: Number(query.order), size }, { headers });
    } finally {
      permit.release();
      // Not awaited, because a client that has stopped sending would delay the answer.
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
  if (whole !== null && !/^[0-9a-f]{8}$/.test(whole)) throw badRequest('file_crc32c must be eight hex digits');
  return {
    order: String(order),
    size: String(size),
    ...readChecksum(fields),
    ...(whole !== null && { file_crc32c: whole }),
  };
};
