/**
 * A ticket binds an upload to its user. It is the id of a session or grant that the browser gets. It contains the
 * signed facts of the upload, so that every instance can serve every request without a table of sessions.
 */

import { isObject, type JsonObject, parseJson, readNumber, readString } from '../../lib/json.js';
import { badRequest, HttpError, notFound } from '../http/http-error.js';
import type { Target } from '../storage/storage.js';
import { fromBase64Url, type Signer, toBase64Url } from './signer.js';

/** Maximum lifetime of a session in milliseconds; the storage may end it sooner. */
export const TICKET_TTL_MS = 24 * 60 * 60 * 1000;

export interface Ticket extends Target {
  /** The storage's id of the session; for a grant, that of the file. */
  readonly sessionId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly relativePath?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The caller's target when the upload was opened, if the file has another one. */
  readonly authorized?: Target | undefined;
  /** The storage's rules for parts. */
  readonly rules?: TicketRules;
  /** Token of the lock on the file that this upload replaces; it is useless without the gateway's key. */
  readonly lock?: { readonly fileId: string; readonly token: string };
  /** Time of opening by the storage's clock, in milliseconds since 1970. */
  readonly openedAt?: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface TicketRules {
  readonly partSize?: number | undefined;
  readonly minPartSize?: number | undefined;
  readonly maxParts?: number | undefined;
  readonly maxParallel?: number | undefined;
}

/** A ticket is valid only for its own dialect. */
export type TicketKind = 'presigned' | 'chunked' | 'multipart' | 'fastio';

/** Servers on the way may refuse longer URLs. */
const MAX_TICKET_LENGTH = 2000;

/**
 * A URL-safe text of letters, digits, `-`, `_` and one dot. A path that makes it too long for a URL is left out: the
 * storage already has the path, and only the `onStored` hook misses it.
 * @throws HttpError 400 when the metadata makes it too long.
 */
export const signTicket = async (ticket: Ticket, userId: string, signer: Signer, kind: TicketKind): Promise<string> => {
  const fields = { o: await signer.ownerTag(userId), ...encode(ticket) };
  const payload = toBase64Url(new TextEncoder().encode(JSON.stringify(fields)));
  const text = `${payload}.${await signer.sign(`${kind}-ticket`, payload)}`;
  // The ticket of a grant is sent in bodies, not in URLs.
  if (text.length <= MAX_TICKET_LENGTH || kind === 'presigned') return text;
  const { relativePath, ...shorter } = ticket;
  if (relativePath !== undefined) return signTicket(shorter, userId, signer, kind);
  if (ticket.metadata !== undefined) throw badRequest('the metadata is too long: at most about a kilobyte is possible');
  return text;
};

/**
 * @throws HttpError 404 for a ticket that is invalid or has expired, so that the browser starts over; 403 when it
 * belongs to another user.
 */
export const verifyTicket = async (text: string, userId: string, signer: Signer, kind: TicketKind): Promise<Ticket> => {
  const [payload, signature, ...rest] = text.split('.');
  if (payload === undefined || signature === undefined || rest.length > 0) throw notFound(UNKNOWN);
  if (!(await signer.verify(`${kind}-ticket`, payload, signature))) throw notFound(UNKNOWN);
  const fields = parseJson(new TextDecoder().decode(fromBase64Url(payload) ?? new Uint8Array()));
  const ticket = isObject(fields) ? decode(fields) : null;
  if (ticket === null || ticket.expiresAt <= Date.now()) throw notFound(UNKNOWN);
  const owner = isObject(fields) ? readString(fields.o) : undefined;
  if (owner === undefined || !(await signer.verify('owner', userId, owner))) {
    throw new HttpError(403, 'forbidden', 'the session belongs to another user');
  }
  return ticket;
};

const UNKNOWN = 'there is no such session, or it has expired';

/** Field names are short, because a ticket is part of every URL. */
const encode = (ticket: Ticket): JsonObject => {
  const { relativePath, authorized, rules, lock, metadata, openedAt } = ticket;
  return {
    i: ticket.sessionId,
    w: ticket.workspaceId,
    f: ticket.folderId,
    n: ticket.name,
    s: ticket.size,
    t: ticket.type,
    // Most paths end in the name; then only the folders are stored.
    ...(relativePath !== undefined &&
      (relativePath.endsWith(ticket.name)
        ? { d: relativePath.slice(0, relativePath.length - ticket.name.length) }
        : { p: relativePath })),
    ...(authorized !== undefined && { a: [authorized.workspaceId, authorized.folderId] }),
    ...(rules !== undefined && { r: [rules.minPartSize, rules.maxParts, rules.maxParallel, rules.partSize] }),
    ...(lock !== undefined && { l: [lock.fileId, lock.token] }),
    ...(metadata !== undefined && { m: metadata }),
    ...(openedAt !== undefined && { b: openedAt }),
    e: ticket.expiresAt,
  };
};

const decode = (fields: JsonObject): Ticket | null => {
  const { i, w, f, n, t, d, p, m } = fields;
  const size = readNumber(fields.s);
  const expiresAt = readNumber(fields.e);
  const openedAt = readNumber(fields.b);
  if (size === undefined || expiresAt === undefined) return null;
  if (![i, w, f, n, t].every((field) => typeof field === 'string')) return null;
  const path = typeof p === 'string' ? p : typeof d === 'string' ? `${d}${n}` : undefined;
  const [workspaceId, folderId] = strings(fields.a);
  const [fileId, token] = strings(fields.l);
  return {
    sessionId: String(i),
    workspaceId: String(w),
    folderId: String(f),
    name: String(n),
    size,
    type: String(t),
    ...(path !== undefined && { relativePath: path }),
    ...(isObject(m) && { metadata: m }),
    ...(workspaceId !== undefined && folderId !== undefined && { authorized: { workspaceId, folderId } }),
    ...(Array.isArray(fields.r) && { rules: decodeRules(fields.r) }),
    ...(fileId !== undefined && token !== undefined && { lock: { fileId, token } }),
    ...(openedAt !== undefined && { openedAt }),
    expiresAt,
  };
};

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

const decodeRules = (values: readonly unknown[]): TicketRules => {
  const [minPartSize, maxParts, maxParallel, partSize] = values.map(readNumber);
  return { partSize, minPartSize, maxParts, maxParallel };
};
