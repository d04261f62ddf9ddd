/** Issues and opens tickets of `/current/` sessions, and announces files that were sent whole. */

import type { Gateway } from '../../gateway.js';
import type { StoredFile } from '../../options/options.js';
import type { Call } from '../../route.js';
import type { AdmittedFile } from '../../storage/storage.js';
import { issueTicket, openUpload } from '../../tickets/open-upload.js';
import { TICKET_TTL_MS, type Ticket } from '../../tickets/ticket.js';

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
