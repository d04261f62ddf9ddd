/**
 * The lock on a file while an upload replaces it: acquired before the session is opened, kept alive by its requests,
 * released when it has ended. Its token is in the ticket, for any instance to use.
 *
 * One that ran out while the upload was paused is not acquired anew: the ticket, which the browser has, would still name
 * the old token, and another instance would take our own lock for somebody else's. So such an upload goes on without,
 * until somebody else locks the file.
 */

import type { Gateway } from '../../gateway.js';
import { HttpError } from '../../http/http-error.js';
import type { Call } from '../../route.js';
import type { FileLock, Place } from '../../storage/upstream.js';
import type { Ticket } from '../../tickets/ticket.js';

type LockedTicket = Pick<Ticket, 'sessionId' | 'workspaceId' | 'lock'>;

/**
 * Undefined where the upstream knows no locks. A user who did not hear that the file was locked for them is given the
 * same lock once more, as far as this instance knows it.
 * @throws HttpError 423 when it is locked by somebody else.
 */
export const acquire = async (
  { workspaceId }: Place,
  fileId: string,
  { caller }: Call,
  { upstream, lockTokens }: Gateway,
): Promise<FileLock | undefined> => {
  const key = JSON.stringify([caller.userId, workspaceId, fileId]);
  try {
    // Not ended when the browser leaves: nobody would know the token then.
    const token = await upstream.fastio.lock(workspaceId, fileId, {});
    if (token === null) return undefined;
    lockTokens.set(key, token);
    return { fileId, token };
  } catch (error) {
    const token = lockTokens.get(key);
    if (token === undefined || !isLocked(error)) throw error;
    const lock = { fileId, token };
    if (await upstream.fastio.keepLock(workspaceId, lock, {})) return lock;
    throw error;
  }
};

/**
 * At most once a minute. A heartbeat that fails is no reason to stop: the lock is advice.
 * @throws HttpError 423 when somebody else holds it by now.
 */
export const keepLocked = async (
  { sessionId, workspaceId, lock }: LockedTicket,
  { upstream, remember }: Gateway,
): Promise<void> => {
  if (lock === undefined) return;
  try {
    await remember(`lock ${sessionId}`, () => upstream.fastio.keepLock(workspaceId, lock, {}));
  } catch (error) {
    if (isLocked(error)) throw error;
  }
};

/** Best effort: what is not released runs out. Awaited, because some runtimes end with the answer. */
export const release = ({ workspaceId }: Place, lock: FileLock, { upstream }: Gateway): Promise<void> =>
  upstream.fastio.releaseLock(workspaceId, lock, {}).catch(() => {});

/** As `release`, once for each session. */
export const unlock = async (
  { sessionId, workspaceId, lock }: LockedTicket,
  { upstream, remember }: Gateway,
): Promise<void> => {
  if (lock === undefined) return;
  await remember(`unlock ${sessionId}`, () => upstream.fastio.releaseLock(workspaceId, lock, {})).catch(() => {});
};

const isLocked = (error: unknown): boolean => error instanceof HttpError && error.code === 'locked';
