/**
 * The lock on a file while an upload replaces it: acquired before the session is opened, kept alive by its requests,
 * released when it has ended. Its token is in the ticket, for any instance to use.
 *
 * One that ran out while the upload was paused is not acquired anew: the ticket, which the browser has, would still name
 * the old token, and another instance would take our own lock for another user's. So such an upload goes on without,
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
 * Undefined where the upstream knows no locks. A user who did not hear that the file was locked for them is given the
 * same lock once more, as far as this instance knows it.
 * @throws HttpError 423 when it is locked by another user.
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
    // Not ended when the browser leaves: the token would be lost.
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
 * At most once a minute. A heartbeat that fails is no reason to stop: the lock is advice.
 * @throws HttpError 423 when another user holds it by now.
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

/** Best effort: what is not released runs out. Awaited, because some runtimes end with the answer. */
export const release = ({ workspaceId }: Target, lock: FileLock, { detached }: Call, gateway: Gateway): Promise<void> =>
  fastioOf(gateway)
    .releaseLock(workspaceId, lock, detached)
    .catch(() => {});

/** As `release`, once for each session. */
export const unlock = async (
  { sessionId, workspaceId, lock }: LockedTicket,
  { detached }: Call,
  gateway: Gateway,
): Promise<void> => {
  if (lock === undefined) return;
  const releaseIt = () => fastioOf(gateway).releaseLock(workspaceId, lock, detached);
  await gateway.remember(`unlock ${sessionId}`, releaseIt).catch(() => {});
};

const isLocked = (error: unknown): boolean => error instanceof HttpError && error.code === 'locked';
