/** Issues and opens tickets of `/current/` sessions, and announces their stored files to the hook. */

import { checkStored } from '../../check-stored.js';
import type { Gateway } from '../../gateway.js';
import type { StoredFile } from '../../options/options.js';
import type { Call } from '../../route.js';
import type { AdmittedFile } from '../../storage/storage.js';
import { issueTicket, openUpload } from '../../tickets/open-upload.js';
import { TICKET_TTL_MS, type Ticket } from '../../tickets/ticket.js';
import { fastioOf } from './limits.js';

export interface OpenedSession {
  readonly id: string;
  readonly lock?: Ticket['lock'];
  /** By the storage's clock, in milliseconds since 1970. */
  readonly openedAt?: number | undefined;
}

export const issueSessionTicket = (
  { id, lock, openedAt = Date.now() }: OpenedSession,
  file: AdmittedFile,
  { caller }: Call,
  gateway: Gateway,
): Promise<string> => {
  const session = { sessionId: id, ...(lock && { lock }), openedAt, expiresAt: Date.now() + TICKET_TTL_MS };
  return issueTicket(file, session, caller, gateway, 'fastio');
};

/** @throws HttpError 403, 404, 413, 415 */
export const openSession = (call: Call, gateway: Gateway): Promise<Ticket> => openUpload(call, gateway, 'fastio');

/**
 * Announces a file that was sent in chunks, once per session, because several sessions may replace one file. Returns
 * the hook's result.
 * @throws HttpError 400 or 413 for a file that differs from the announced one.
 */
export const announceStored = async (
  fileId: string,
  ticket: Ticket,
  { caller, detached }: Call,
  gateway: Gateway,
): Promise<unknown> => {
  const objects = fastioOf(gateway);
  const { result } = await gateway.storedHook.call(`fastio ${ticket.sessionId}`, async () => {
    const found = await objects.find(ticket, fileId, detached);
    // The storage has returned the id, so a file that it cannot find yet is not lost.
    const stored = found === 'absent' ? 'unknown' : found;
    return checkStored(fileId, stored, ticket, { caller, protocol: 'fastio', objects, calls: detached });
  });
  return result;
};

/**
 * Announces a file that was sent whole, whose size the gateway has counted; null when the hook failed. The browser then
 * asks for the session's details, which call the hook again; an error would make it send the file again.
 */
export const announceWhole = async (
  fileId: string,
  sessionId: string,
  { key: _, ...file }: AdmittedFile,
  { caller }: Call,
  gateway: Gateway,
): Promise<{ readonly result: unknown } | null> => {
  const stored: StoredFile = { ...file, fileId, userId: caller.userId, protocol: 'fastio' };
  return gateway.storedHook.call(`fastio ${sessionId}`, () => stored).catch(() => null);
};
