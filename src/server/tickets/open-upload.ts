/** Issues tickets for uploads, and opens uploads by their tickets for the user who owns them. */

import type { Gateway } from '../gateway.js';
import { HttpError } from '../http/http-error.js';
import { checkFile } from '../limits/limits.js';
import type { Caller } from '../options/authorize.js';
import type { AdmittedFile, Target } from '../storage/storage.js';
import { signTicket, type Ticket, type TicketKind, verifyTicket } from './ticket.js';

/** A request that names an upload by its ticket. */
interface TicketRequest {
  readonly caller: Caller;
  /** The signed ticket. */
  readonly id: string;
}

/**
 * The upload of the ticket, if the user may continue it: the `authorize` hook still returns its workspace and folder,
 * and the file is within the current limits.
 * @throws HttpError 403, 404, 413, 415
 */
export const openUpload = async (
  { caller, id }: TicketRequest,
  gateway: Gateway,
  kind: TicketKind,
): Promise<Ticket> => {
  const ticket = await verifyTicket(id, caller.userId, gateway.signer, kind);
  const { workspaceId, folderId } = ticket.authorized ?? ticket;
  if (workspaceId !== caller.workspaceId || folderId !== caller.folderId) {
    throw new HttpError(403, 'forbidden', 'uploads to that folder are not allowed any more');
  }
  checkFile(ticket, caller.limits);
  if (kind !== 'presigned') gateway.openSessions.touch(caller.userId, ticket.sessionId);
  return ticket;
};

/** The upload of a request that cancels it; only its owner is checked. @throws HttpError 403, 404 */
export const openForCancel = ({ caller, id }: TicketRequest, { signer }: Gateway, kind: TicketKind): Promise<Ticket> =>
  verifyTicket(id, caller.userId, signer, kind);

type Session = Pick<Ticket, 'sessionId' | 'expiresAt'> & Partial<Pick<Ticket, 'rules' | 'lock' | 'openedAt'>>;

/** Issues the ticket of a new upload. */
export const issueTicket = (
  { key: _, ...file }: AdmittedFile,
  session: Session,
  caller: Caller,
  { signer }: Gateway,
  kind: TicketKind,
): Promise<string> => {
  const { workspaceId, folderId } = caller;
  const authorized: Target | undefined = file.folderId === folderId ? undefined : { workspaceId, folderId };
  return signTicket({ ...file, ...session, authorized }, caller.userId, signer, kind);
};
