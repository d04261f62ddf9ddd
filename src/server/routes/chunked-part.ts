/** `PUT {base}/chunked/{id}/parts`: relays one part, chunk by chunk, as fast as the slower side goes. */

import { readNumber } from '../../lib/json.js';
import { PART_NUMBER_HEADER } from '../../wire/headers.js';
import { badRequest, HttpError } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { chunksOf, stallTimeoutReader } from '../http/stall-timeout.js';
import type { Route } from '../route.js';
import { atMost } from '../storage/counted.js';
import { openTicket } from '../tickets/ticket.js';

export const chunkedPart: Route = {
  method: 'PUT',
  path: 'chunked/:id/parts',
  handle: async ({ request, caller, id }, { upstream, signer, sessionPlaces }) => {
    const { sessionId, size, maxParallel = Number.POSITIVE_INFINITY } = await openTicket(id, caller.userId, signer);
    const { headers, body, signal } = request;
    const number = readNumber(headers.get(PART_NUMBER_HEADER));
    if (number === undefined || !Number.isSafeInteger(number) || number < 1) {
      throw badRequest(`${PART_NUMBER_HEADER} is a whole number from 1`);
    }
    const length = readNumber(headers.get('content-length'));
    if (length !== undefined && length > size)
      throw new HttpError(413, 'too-large', 'the part is longer than the file');
    const type = headers.get('content-type') ?? 'application/octet-stream';
    const place = sessionPlaces.take(sessionId, maxParallel);
    const reader = body && stallTimeoutReader(body);
    const bytes = reader && place.watch(atMost(chunksOf(reader), size));
    const part = { number, bytes, type, ...(length !== undefined && { length }) };
    try {
      const receipt = await upstream.chunked.sendPart(sessionId, part, { signal });
      return jsonAnswer({ part_number: number, etag: receipt.etag }, { headers: receipt.headers });
    } finally {
      place.leave();
      // Not awaited: a client that sends no more would hold the answer back.
      reader?.cancel().catch(() => {});
    }
  },
};
