/** `DELETE {base}/chunked/{id}`: lets the upstream forget the session. */

import type { Route } from '../route.js';
import { openTicket } from '../tickets/ticket.js';

export const chunkedCancel: Route = {
  method: 'DELETE',
  path: 'chunked/:id',
  handle: async ({ caller, id }, { upstream, signer }) => {
    const { sessionId } = await openTicket(id, caller.userId, signer);
    // Not ended when the browser leaves: a cancel is often the last thing that a page says.
    await upstream.chunked.cancel(sessionId, {});
    return new Response(null, { status: 204 });
  },
};
