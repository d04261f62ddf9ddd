/** `{base}/current/upload/{id}/…`: what becomes of a session, one at a time and only the user's own. */

import { readNumber } from '../../../lib/json.js';
import { FAILED_STATUSES, type SessionDetails } from '../../../wire/fastio.js';
import { jsonAnswer } from '../../http/json-answer.js';
import type { Route } from '../../route.js';
import { keepLocked, unlock } from './file-lock.js';
import { announceStored, openSession } from './seal.js';

/** Seconds that a browser may have its answer held back; proxies and edge runtimes give up after some thirty. */
const MAX_WAIT_SECONDS = 25;

export const details: Route = {
  method: 'GET',
  path: 'current/upload/:id/details',
  handle: async (call, gateway) => {
    const ticket = await openSession(call, gateway);
    const { searchParams } = new URL(call.request.url);
    const wait = Math.min(readNumber(searchParams.get('wait')) ?? 0, MAX_WAIT_SECONDS);
    const { signal } = call.request;
    const [session] = await Promise.all([
      gateway.upstream.fastio.details(ticket.sessionId, Math.floor(wait), { signal }),
      // What is being put together is not stopped by a lock that somebody else holds by now.
      keepLocked(ticket, gateway).catch(() => {}),
    ]);
    const { status, fileId } = session;
    if (status === 'stored' && fileId !== undefined) {
      await announceStored(fileId, ticket.sessionId, ticket, call, gateway);
    }
    if (status === 'stored' || FAILED_STATUSES.has(status)) await unlock(ticket, gateway);
    return jsonAnswer({ result: true, session: describe(session, call.id) });
  },
};

export const complete: Route = {
  method: 'POST',
  path: 'current/upload/:id/complete',
  handle: async (call, gateway) => {
    const ticket = await openSession(call, gateway);
    await keepLocked(ticket, gateway);
    await gateway.upstream.fastio.complete(ticket.sessionId, { signal: call.request.signal });
    return jsonAnswer({ result: true });
  },
};

export const forget: Route = {
  method: 'DELETE',
  path: 'current/upload/:id',
  handle: async (call, gateway) => {
    const ticket = await openSession(call, gateway);
    // Not ended when the browser leaves: a cancel is often the last thing that a page says.
    await gateway.upstream.fastio.forget(ticket.sessionId, {});
    await unlock(ticket, gateway);
    return jsonAnswer({ result: true });
  },
};

const describe = ({ status, statusMessage, fileId, chunks, isCorrupt }: SessionDetails, id: string) => ({
  id,
  status,
  status_message: statusMessage,
  chunks: Object.fromEntries(chunks),
  ...(fileId !== undefined && { new_file_id: fileId }),
  ...(isCorrupt && { integrity_failure: {} }),
});
