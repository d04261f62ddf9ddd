/**
 * Locks a file while an upload replaces it. The lock is acquired before the session is opened, extended by the
 * session's requests, and released at its end. Its token is in the ticket, so that every instance can use it.
 *
 * A lock that expired while the upload was paused is not acquired again: the browser's ticket would still contain the
 * old token, and other instances would take the new lock for another user's. Such an upload continues without a lock
 * until another user locks the file.
 */

import type { Gateway } from '../../gateway.js';
import { HttpError } from '../../http/http-error.js';
import type { Call } from '../../route.js';
import type { FileLock } from '../../storage/fastio-storage.js';
import type { Target } from '../../storage/storage.js';
import type { Ticket } from '../../tickets/ticket.js';
import { fastioOf } from './limits.js';

type LockedTicket = Pick<Ticket, 'sessionId' | 'workspaceId' | 'lock'>;

/**
 * Undefined where the upstream has no locks. When the answer to an earlier request was lost, the user's lock that this
 * instance remembers is returned again.
 * @throws HttpError 423 when another user has locked the file.
 */
export const acquire = async (
  { workspaceId }: Target,
  fileId: string,
  { caller, detached }: Call,
  gateway: Gateway,
): Promise<FileLock | undefined> => {
  const { lockTokens } = gateway;
  const fastio = fastioOf(gateway);
  const key = JSON.stringify([caller.userId, workspaceId, fileId]);
  try {
    // Not aborted when the browser disconnects: the token would be lost.
    const token = await fastio.lock(workspaceId, fileId, detached);
    if (token === null) return undefined;
    lockTokens.set(key, token);
    return { fileId, token };
  } catch (error) {
    const token = lockTokens.get(key);
    if (token === undefined || !isLocked(error)) throw error;
    const lock = { fileId, token };
    if (await fastio.keepLock(workspaceId, lock, detached)) return lock;
    throw error;
  }
};

/**
 * Extends the lock, at most once a minute. Other failures do not stop the upload, because the lock is advisory.
 * @throws HttpError 423 when another user holds the lock now.
 */
export const keepLocked = async (
  { sessionId, workspaceId, lock }: LockedTicket,
  { detached }: Call,
  gateway: Gateway,
): Promise<void> => {
  if (lock === undefined) return;
  try {
    await gateway.remember(`lock ${sessionId}`, () => fastioOf(gateway).keepLock(workspaceId, lock, detached));
  } catch (error) {
    if (isLocked(error)) throw error;
  }
};

/** Best effort, because a lock expires anyway. Callers await it, because some runtimes stop at the answer. */
export const release = ({ workspaceId }: Target, lock: FileLock, { detached }: Call, gateway: Gateway): Promise<void> =>
  fastioOf(gateway)
    .releaseLock(workspaceId, lock, detached)
    .catch(() => {});

/** Like `release`, once per session. */
export const unlock = async (
  { sessionId, workspaceId, lock }: LockedTicket,
  { detached }: Call,
  gateway: Gateway,
): Promise<void> => {
  if (lock === undefined) return;
  const releaseLock = () => fastioOf(gateway).releaseLock(workspaceId, lock, detached);
  await gateway.remember(`unlock ${sessionId}`, releaseLock).catch(() => {});
};

const isLocked = (error: unknown): boolean => error instanceof HttpError && error.code === 'locked';
