/** `GET {base}/chunked/{id}`: which parts the upstream has. */

import { jsonAnswer } from '../http/json-answer.js';
import type { Route } from '../route.js';
import { openTicket } from '../tickets/ticket.js';

export const chunkedInspect: Route = {
  method: 'GET',
  path: 'chunked/:id',
  handle: async ({ request, caller, id }, { upstream, signer }) => {
    const { sessionId, size } = await openTicket(id, caller.userId, signer);
    const { parts, fileId } = await upstream.chunked.inspect(sessionId, { signal: request.signal });
    return jsonAnswer({
      upload_id: id,
      total_size: size,
      parts: parts.map((part) => ({ part_number: part.number, etag: part.etag, size: part.size })),
      file_id: fileId,
    });
  },
};
