/** Announces the files of sessions to the `onStored` hook. */

import { checkStored } from '../check-stored.js';
import type { Gateway } from '../gateway.js';
import type { Call } from '../route.js';
import type { StoredObjects } from '../storage/storage.js';
import type { Ticket } from '../tickets/ticket.js';

/** A session whose storage has returned the id of its file. */
export interface StoredSession {
  readonly fileId: string;
  readonly ticket: Ticket;
  readonly protocol: 'chunked' | 'fastio';
  readonly objects: StoredObjects;
}

/**
 * Calls the hook once per session, because several sessions may replace one file. Returns its result.
 * @throws HttpError 400, 413 or 415 for a file that differs from the announced one.
 */
export const announceStored = async (
  { fileId, ticket, protocol, objects }: StoredSession,
  { caller, detached }: Call,
  gateway: Gateway,
): Promise<unknown> => {
  const { result } = await gateway.storedHook.call(`${protocol} ${ticket.sessionId}`, async () => {
    const found = await objects.find(ticket, fileId, detached);
    // The storage has returned the id, so a file that it cannot find yet is not lost.
    const stored = found === 'absent' ? 'unknown' : found;
    return checkStored(fileId, stored, ticket, { caller, protocol, objects, calls: detached });
  });
  return result;
};
