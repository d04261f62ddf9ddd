/** `{base}/current/upload/{id}/…`: what becomes of a session, one at a time and only the user's own. */

import { readNumber } from '../../../lib/json.js';
import type { SessionDetails } from '../../../wire/fastio.js';
import { API_CODE } from '../../../wire/fastio-envelope.js';
import type { Gateway } from '../../gateway.js';
import { HttpError } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import type { Call, Route } from '../../route.js';
import { outcomeOf } from '../../storage/fastio/session-outcome.js';
import { openToEnd } from '../../tickets/open-upload.js';
import type { Ticket } from '../../tickets/ticket.js';
import { keepLocked, unlock } from './file-lock.js';
import { fastioOf } from './limits.js';
import { announceStored, openSession } from './seal.js';

/** Seconds that a browser may have its answer held back; proxies and edge runtimes give up after some thirty. */
const MAX_WAIT_SECONDS = 25;

/** A session that stays without an id for so long has none to tell, in milliseconds. */
const UNNAMED_MS = 15_000;

export const details: Route = {
  method: 'GET',
  path: 'current/upload/:id/details',
  isPoll: true,
  handle: async (call, gateway) => {
    const ticket = await openSession(call, gateway);
    const { searchParams } = new URL(call.request.url);
    const wait = Math.min(readNumber(searchParams.get('wait')) ?? 0, MAX_WAIT_SECONDS);
    const [told] = await Promise.all([
      fastioOf(gateway).details(ticket.sessionId, Math.floor(wait), call.calls),
      // What is being put together is not stopped by a lock that another user holds by now.
      keepLocked(ticket, call, gateway).catch(() => {}),
    ]);
    const session = await named(told, ticket, call, gateway);
    const outcome = outcomeOf(session);
    const isStored = outcome === 'stored' && session.fileId !== undefined;
    const result = isStored ? await announceStored(session.fileId, ticket, call, gateway) : undefined;
    if (isStored || outcome === 'failed') {
      gateway.openSessions.close(call.caller.userId, ticket.sessionId);
      await unlock(ticket, call, gateway);
    }
    return jsonAnswer({ result: true, session: describe(session, isStored, call.id, result) });
  },
};

/**
 * The session with the id of its file, which some servers never tell: then the file is looked for in its folder. One that
 * was there before the session is not taken for it.
 */
const named = async (
  session: SessionDetails,
  ticket: Ticket,
  { calls }: Call,
  gateway: Gateway,
): Promise<SessionDetails> => {
  if (outcomeOf(session) !== 'unnamed') return session;
  const since = gateway.unnamedSince.get(ticket.sessionId) ?? Date.now();
  gateway.unnamedSince.set(ticket.sessionId, since);
  if (Date.now() - since < UNNAMED_MS) return session;
  const fileId = await fastioOf(gateway).locate(ticket, ticket.openedAt ?? since, calls);
  return fileId === null ? session : { ...session, fileId };
};

export const complete: Route = {
  method: 'POST',
  path: 'current/upload/:id/complete',
  handle: async (call, gateway) => {
    const ticket = await openSession(call, gateway);
    await keepLocked(ticket, call, gateway);
    await checkChunks(ticket, call, gateway);
    await fastioOf(gateway).complete(ticket.sessionId, call.calls);
    return jsonAnswer({ result: true });
  },
};

export const forget: Route = {
  method: 'DELETE',
  path: 'current/upload/:id',
  handle: async (call, gateway) => {
    const ticket = await openToEnd(call, gateway, 'fastio');
    // Not ended when the browser leaves: a cancel is often the last thing that a page says.
    await fastioOf(gateway).forget(ticket.sessionId, call.detached);
    gateway.openSessions.close(call.caller.userId, ticket.sessionId);
    await unlock(ticket, call, gateway);
    return jsonAnswer({ result: true });
  },
};

/** @throws HttpError 400 when the chunks do not make up the file, with the API's own number for that. */
const checkChunks = async ({ sessionId, size }: Ticket, { calls }: Call, gateway: Gateway): Promise<void> => {
  const held = await fastioOf(gateway).chunks(sessionId, calls);
  const sum = Array.from(held.values()).reduce((bytes, chunk) => bytes + chunk, 0);
  if (sum === size) return;
  const details = { error_code: API_CODE.sizeMismatch };
  throw new HttpError(400, 'bad-request', `the chunks make ${sum} bytes instead of ${size}`, { details });
};

/** In the older servers' words, which every browser understands: a file that has its id is `stored`. */
const describe = (
  { status, statusMessage, fileId, chunks, isCorrupt }: SessionDetails,
  isStored: boolean,
  id: string,
  result: unknown,
) => ({
  id,
  status: isStored ? 'stored' : status,
  status_message: statusMessage,
  chunks: Object.fromEntries(chunks),
  ...(fileId !== undefined && { new_file_id: fileId }),
  ...(isCorrupt && { integrity_failure: {} }),
  ...(result !== undefined && { result }),
});
