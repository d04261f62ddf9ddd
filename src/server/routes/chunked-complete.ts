/** `POST {base}/chunked/{id}/complete`: makes one file of the parts. Repeating it yields the same file. */

import { parseCompleteRequest } from '../../wire/chunked.js';
import { badRequest } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { MANIFEST_BODY_BYTES, readJson } from '../http/read-body.js';
import type { Route } from '../route.js';
import { openTicket } from '../tickets/ticket.js';

export const chunkedComplete: Route = {
  method: 'POST',
  path: 'chunked/:id/complete',
  handle: async ({ request, caller, id }, gateway) => {
    const ticket = await openTicket(id, caller.userId, gateway.signer);
    const { value } = await readJson(request, MANIFEST_BODY_BYTES);
    const manifest = parseCompleteRequest(value);
    if (manifest === null) throw badRequest('parts is a list of part_number and etag');
    // Not ended when the browser leaves: once the file is stored, the hook shall know of it.
    const fileId = await gateway.upstream.chunked.complete(ticket.sessionId, manifest, {});
    const { sessionId: _, expiresAt: __, maxParallel: ___, ...facts } = ticket;
    await gateway.announce({ ...facts, fileId, userId: caller.userId, protocol: 'chunked' });
    return jsonAnswer({ file_id: fileId, name: ticket.name, size: ticket.size, content_type: ticket.type });
  },
};
