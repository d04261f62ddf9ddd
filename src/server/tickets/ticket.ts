/**
 * The ticket binds a session to its user. It is the `upload_id` that the browser sees: what the gateway must
 * know of the session, signed, so that any instance can serve any request and none keeps a table of sessions.
 */

import { isObject, parseJson, readNumber, readString } from '../../lib/json.js';
import { HttpError, notFound } from '../http/http-error.js';
import { fromBase64Url, type Signer, toBase64Url } from './signer.js';

/** Longest life of a session in milliseconds; the upstream may end it sooner. */
export const TICKET_TTL_MS = 24 * 60 * 60 * 1000;

export interface Ticket {
  /** The upstream's id of the session. */
  readonly sessionId: string;
  readonly workspaceId: string;
  readonly folderId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly relativePath?: string;
  /** Most parts at once, where the upstream says so. */
  readonly maxParallel?: number | undefined;
  /** Token of the lock on the file that this upload replaces. Of no use without the key. */
  readonly lock?: { readonly fileId: string; readonly token: string };
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A ticket of one dialect opens no door of the other. */
export type TicketKind = 'chunked' | 'fastio';

/** What a URL should hold at most, so that no server on the way refuses it; paths are left out above. */
const MAX_TICKET_LENGTH = 2000;

/** URL-safe: letters, digits, `-`, `_` and one dot. */
export const sealTicket = async (
  ticket: Ticket,
  userId: string,
  signer: Signer,
  kind: TicketKind = 'chunked',
): Promise<string> => {
  const { sessionId, workspaceId, folderId, name, size, type, relativePath, maxParallel, lock, expiresAt } = ticket;
  const fields = {
    o: await signer.ownerTag(userId),
    i: sessionId,
    w: workspaceId,
    f: folderId,
    n: name,
    s: size,
    t: type,
    // Most paths end in the name, and a ticket travels in every URL: keep the folders only.
    ...(relativePath !== undefined &&
      (relativePath.endsWith(name) ? { d: cutName(relativePath, name) } : { p: relativePath })),
    ...(maxParallel !== undefined && { m: maxParallel }),
    ...(lock !== undefined && { l: [lock.fileId, lock.token] }),
    e: expiresAt,
  };
  const payload = toBase64Url(new TextEncoder().encode(JSON.stringify(fields)));
  const text = `${payload}.${await signer.sign(`${kind}-ticket`, payload)}`;
  if (text.length <= MAX_TICKET_LENGTH || relativePath === undefined) return text;
  const { relativePath: _, ...shorter } = ticket;
  return sealTicket(shorter, userId, signer, kind);
};

/**
 * @throws HttpError 404 for a ticket that is not ours or has expired, so that the browser starts over; 403 when it
 * belongs to another user.
 */
export const openTicket = async (
  text: string,
  userId: string,
  signer: Signer,
  kind: TicketKind = 'chunked',
): Promise<Ticket> => {
  const [payload, signature, ...rest] = text.split('.');
  if (payload === undefined || signature === undefined || rest.length > 0) throw notFound(UNKNOWN);
  if (!(await signer.verify(`${kind}-ticket`, payload, signature))) throw notFound(UNKNOWN);
  const fields = parseJson(new TextDecoder().decode(fromBase64Url(payload) ?? new Uint8Array()));
  const ticket = readTicket(fields);
  if (ticket === null || ticket.expiresAt <= Date.now()) throw notFound(UNKNOWN);
  const owner = isObject(fields) ? readString(fields.o) : undefined;
  if (owner === undefined || !(await signer.verify('owner', userId, owner))) {
    throw new HttpError(403, 'forbidden', 'the session belongs to another user');
  }
  return ticket;
};

const UNKNOWN = 'there is no such session, or it has expired';

const cutName = (path: string, name: string): string => path.slice(0, path.length - name.length);

const readTicket = (fields: unknown): Ticket | null => {
  if (!isObject(fields)) return null;
  const { i, w, f, n, t, d, p } = fields;
  const size = readNumber(fields.s);
  const expiresAt = readNumber(fields.e);
  const maxParallel = readNumber(fields.m);
  if (size === undefined || expiresAt === undefined) return null;
  if (![i, w, f, n, t].every((field) => typeof field === 'string')) return null;
  const path = typeof p === 'string' ? p : typeof d === 'string' ? `${d}${n}` : undefined;
  return {
    sessionId: String(i),
    workspaceId: String(w),
    folderId: String(f),
    name: String(n),
    size,
    type: String(t),
    ...(path !== undefined && { relativePath: path }),
    ...(maxParallel !== undefined && { maxParallel }),
    ...readLock(fields.l),
    expiresAt,
  };
};

const readLock = (value: unknown): Pick<Ticket, 'lock'> => {
  const [fileId, token] = Array.isArray(value) ? value.map(readString) : [];
  return fileId === undefined || token === undefined ? {} : { lock: { fileId, token } };
};
