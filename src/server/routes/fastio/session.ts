/** `{base}/current/upload/{id}/…`: state, completion and deletion of one of the user's sessions. */

import { readNumber } from '../../../lib/json.js';
import type { SessionDetails } from '../../../wire/fastio.js';
import { API_CODE } from '../../../wire/fastio-envelope.js';
import type { Gateway } from '../../gateway.js';
import { HttpError } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import type { Call, Route } from '../../route.js';
import { outcomeOf, UNNAMED_MS } from '../../storage/fastio/session-outcome.js';
import { openForCancel } from '../../tickets/open-upload.js';
import type { Ticket } from '../../tickets/ticket.js';
import { announceStored } from '../announce-stored.js';
import { keepLocked, unlock } from './file-lock.js';
import { fastioOf } from './limits.js';
import { openSession } from './session-tickets.js';

/** Longest `wait` of a browser, in seconds; proxies and edge runtimes end requests after about thirty. */
const MAX_WAIT_SECONDS = 25;

export const details: Route = {
  method: 'GET',
  path: 'current/upload/:id/details',
  isPoll: true,
  handle: async (call, gateway) => {
    const ticket = await openSession(call, gateway);
    const { searchParams } = new URL(call.request.url);
    const wait = Math.min(readNumber(searchParams.get('wait')) ?? 0, MAX_WAIT_SECONDS);
    const [reported] = await Promise.all([
      fastioOf(gateway).details(ticket.sessionId, Math.floor(wait), call.calls),
      // Another user's lock does not stop a file that is already being assembled.
      keepLocked(ticket, call, gateway).catch(() => {}),
    ]);
    const session = await withFileId(reported, ticket, call, gateway);
    const outcome = outcomeOf(session);
    const isStored = outcome === 'stored' && session.fileId !== undefined;
    const announce = (fileId: string) =>
      announceStored({ fileId, ticket, protocol: 'fastio', objects: fastioOf(gateway) }, call, gateway);
    const result = isStored ? await announce(session.fileId) : undefined;
    if (isStored || outcome === 'failed') {
      gateway.openSessions.close(call.caller.userId, ticket.sessionId);
      await unlock(ticket, call, gateway);
    }
    return jsonAnswer({ result: true, session: describe(session, isStored, call.id, result) });
  },
};

/**
 * The session with the id of its file. Some servers never report it; then the file is searched in its folder, ignoring
 * files older than the session.
 */
const withFileId = async (
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
    const ticket = await openForCancel(call, gateway, 'fastio');
    // Not aborted when the browser disconnects: a cancel is often the last request of a page.
    await fastioOf(gateway).forget(ticket.sessionId, call.detached);
    gateway.openSessions.close(call.caller.userId, ticket.sessionId);
    await unlock(ticket, call, gateway);
    return jsonAnswer({ result: true });
  },
};

/** @throws HttpError 400 with the API's error code when the chunks do not add up to the file. */
const checkChunks = async ({ sessionId, size }: Ticket, { calls }: Call, gateway: Gateway): Promise<void> => {
  const held = await fastioOf(gateway).chunks(sessionId, calls);
  const sum = Array.from(held.values()).reduce((bytes, chunk) => bytes + chunk, 0);
  if (sum === size) return;
  const details = { error_code: API_CODE.sizeMismatch };
  throw new HttpError(400, 'bad-request', `the chunks have ${sum} bytes instead of ${size}`, { details });
};

/** The session as JSON in the older form of the API, where a file with an id is `stored`. */
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
