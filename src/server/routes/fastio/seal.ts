/** Sessions as the browser knows them: tickets, bound to its user. */

import type { Gateway } from '../../gateway.js';
import type { StoredFile } from '../../options.js';
import type { Call } from '../../route.js';
import type { AdmittedFile } from '../../storage/upstream.js';
import { openTicket, sealTicket, TICKET_TTL_MS, type Ticket } from '../../tickets/ticket.js';

export const sealSession = (
  sessionId: string,
  { metadata: _, ...file }: AdmittedFile,
  lock: Ticket['lock'],
  { caller }: Call,
  { signer }: Gateway,
): Promise<string> => {
  const ticket = { ...file, sessionId, ...(lock && { lock }), expiresAt: Date.now() + TICKET_TTL_MS };
  return sealTicket(ticket, caller.userId, signer, 'fastio');
};

/** @throws HttpError 403 or 404. */
export const openSession = ({ caller, id }: Call, { signer }: Gateway): Promise<Ticket> =>
  openTicket(id, caller.userId, signer, 'fastio');

/** Tells the hook, once for each session: one file may be stored anew by many of them. */
export const announceStored = (
  fileId: string,
  sessionId: string,
  file: Pick<StoredFile, 'workspaceId' | 'folderId' | 'name' | 'size' | 'type' | 'relativePath'>,
  { caller }: Call,
  gateway: Gateway,
): Promise<void> => {
  const { workspaceId, folderId, name, size, type, relativePath } = file;
  const facts = { fileId, userId: caller.userId, workspaceId, folderId, name, size, type };
  const stored = { ...facts, ...(relativePath !== undefined && { relativePath }), protocol: 'fastio' } as const;
  return gateway.announce(stored, `fastio ${sessionId}`);
};

/**
 * As `announceStored`; false when the hook failed. What is left untold of the file, the browser asks for by the details,
 * which call the hook again; a failure would make it send the file again.
 */
export const tellStored = async (...news: Parameters<typeof announceStored>): Promise<boolean> => {
  try {
    await announceStored(...news);
    return true;
  } catch {
    return false;
  }
};
