/** Uploads by their tickets: opened for the user they belong to, as long as that user may still send them. */

import type { Gateway } from '../gateway.js';
import { HttpError } from '../http/http-error.js';
import { checkFile } from '../limits/limits.js';
import type { Caller } from '../options/authorize.js';
import type { AdmittedFile, Target } from '../storage/storage.js';
import { openTicket, sealTicket, type Ticket, type TicketKind } from './ticket.js';

interface Asking {
  readonly caller: Caller;
  /** The ticket. */
  readonly id: string;
}

/**
 * The upload that the ticket names, if the user may go on with it: the `authorize` hook still lets them write where it
 * goes, and the file fits the limits of today.
 * @throws HttpError 403, 404, 413, 415
 */
export const openUpload = async ({ caller, id }: Asking, gateway: Gateway, kind: TicketKind): Promise<Ticket> => {
  const ticket = await openTicket(id, caller.userId, gateway.signer, kind);
  const { workspaceId, folderId } = ticket.authorized ?? ticket;
  if (workspaceId !== caller.workspaceId || folderId !== caller.folderId) {
    throw new HttpError(403, 'forbidden', 'uploads to that folder are not allowed any more');
  }
  checkFile(ticket, caller.limits);
  if (kind !== 'presigned') gateway.openSessions.touch(caller.userId, ticket.sessionId);
  return ticket;
};

/** The upload of a request that ends it, which needs no more than that it is the user's. @throws HttpError 403, 404 */
export const openToEnd = ({ caller, id }: Asking, { signer }: Gateway, kind: TicketKind): Promise<Ticket> =>
  openTicket(id, caller.userId, signer, kind);

type Session = Pick<Ticket, 'sessionId' | 'expiresAt'> & Partial<Pick<Ticket, 'rules' | 'lock' | 'openedAt'>>;

/** The ticket of an upload that was opened for the file. */
export const sealUpload = (
  { key: _, ...file }: AdmittedFile,
  session: Session,
  caller: Caller,
  { signer }: Gateway,
  kind: TicketKind,
): Promise<string> => {
  const { workspaceId, folderId } = caller;
  const authorized: Target | undefined = file.folderId === folderId ? undefined : { workspaceId, folderId };
  return sealTicket({ ...file, ...session, authorized }, caller.userId, signer, kind);
};
