/** Sessions as the browser knows them: tickets, bound to its user; and files that are stored, as the hook hears of them. */

import { checkStored } from '../../check-stored.js';
import type { Gateway } from '../../gateway.js';
import type { StoredFile } from '../../options/options.js';
import type { Call } from '../../route.js';
import type { AdmittedFile } from '../../storage/storage.js';
import { openUpload, sealUpload } from '../../tickets/open-upload.js';
import { TICKET_TTL_MS, type Ticket } from '../../tickets/ticket.js';
import { fastioOf } from './limits.js';

export interface OpenedSession {
  readonly id: string;
  readonly lock?: Ticket['lock'];
  /** By the storage's clock, in milliseconds since 1970. */
  readonly openedAt?: number | undefined;
}

export const sealSession = (
  { id, lock, openedAt = Date.now() }: OpenedSession,
  file: AdmittedFile,
  { caller }: Call,
  gateway: Gateway,
): Promise<string> => {
  const session = { sessionId: id, ...(lock && { lock }), openedAt, expiresAt: Date.now() + TICKET_TTL_MS };
  return sealUpload(file, session, caller, gateway, 'fastio');
};

/** @throws HttpError 403, 404, 413, 415 */
export const openSession = (call: Call, gateway: Gateway): Promise<Ticket> => openUpload(call, gateway, 'fastio');

/**
 * Tells the hook of a file that was sent in parts, once for each session: one file may be stored anew by many of them.
 * Answers what the hook returned.
 * @throws HttpError 400 or 413 for another file than was announced.
 */
export const announceStored = async (
  fileId: string,
  ticket: Ticket,
  { caller, detached }: Call,
  gateway: Gateway,
): Promise<unknown> => {
  const objects = fastioOf(gateway);
  const { result } = await gateway.announcer.announce(`fastio ${ticket.sessionId}`, async () => {
    const found = await objects.find(ticket, fileId, detached);
    // The storage has named the file: one that its list does not have yet is no lost file.
    const stored = found === 'absent' ? 'unknown' : found;
    return checkStored(fileId, stored, ticket, { caller, protocol: 'fastio', objects, calls: detached });
  });
  return result;
};

/**
 * Tells the hook of a file that came whole, so that its size is known for certain; null when the hook failed. What is left
 * untold of the file, the browser asks for by the details, which call the hook again; a failure would make it send the
 * file again.
 */
export const tellStored = async (
  fileId: string,
  sessionId: string,
  { key: _, ...file }: AdmittedFile,
  { caller }: Call,
  gateway: Gateway,
): Promise<{ readonly result: unknown } | null> => {
  const stored: StoredFile = { ...file, fileId, userId: caller.userId, protocol: 'fastio' };
  return gateway.announcer.announce(`fastio ${sessionId}`, () => stored).catch(() => null);
};
