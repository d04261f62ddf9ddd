/**
 * The sessions of all users, in memory, with their bytes in the disk's temporary files: a restart of the emulator loses
 * them. Documented: the plan's limits on their number and total size. Assumed: that only unfinished sessions count, 406
 * for one too many, a lifetime (no source has one).
 */

import type { Disk } from '../../disk/disk.js';
import { CODES, CurrentError, notFound, tooLarge } from '../current-error.js';
import { newOpaqueId } from '../opaque-id.js';
import type { PlanLimits } from '../plans.js';
import { type SessionRequest, UploadSession } from './upload-session.js';

export interface SessionsParts {
  readonly disk: Disk;
  readonly limits: PlanLimits;
  readonly ttlMs: number;
  readonly now: () => number;
}

export class Sessions {
  readonly #parts: SessionsParts;
  readonly #sessions = new Map<string, UploadSession>();

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** @throws CurrentError 406, 413 when the plan does not allow one more. */
  async open(request: SessionRequest, userId: string): Promise<UploadSession> {
    const { limits } = this.#parts;
    const size = request.size ?? 0;
    if (size > limits.size) throw tooLarge('the file is larger than the plan allows');
    await this.#sweep();
    const unfinished = this.of(userId).filter((session) => !session.isFinal);
    const declared = unfinished.reduce((sum, session) => sum + (session.request.size ?? 0), size);
    if (unfinished.length >= limits.sessions || declared > limits.sessionsSizeMax) {
      throw new CurrentError(406, CODES.tooManySessions, 'the plan does not allow one more unfinished session');
    }
    return this.add(request, userId);
  }

  /** Opens a session without checking the plan's limits. */
  add(request: SessionRequest, userId: string): UploadSession {
    const { now, ttlMs } = this.#parts;
    const session = new UploadSession({ id: newOpaqueId(), userId, request, expiresAt: now() + ttlMs });
    this.#sessions.set(session.id, session);
    return session;
  }

  peek(id: string): UploadSession | undefined {
    return this.#sessions.get(id);
  }

  /** @throws CurrentError 404 when the session is unknown, expired or another user's. */
  async find(id: string, userId: string): Promise<UploadSession> {
    const session = this.#sessions.get(id);
    if (session !== undefined && this.#parts.now() >= session.expiresAt) await this.remove(session);
    else if (session?.userId === userId) return session;
    throw notFound('upload session');
  }

  of(userId: string): UploadSession[] {
    return [...this.#sessions.values()].filter((session) => session.userId === userId);
  }

  /** Aborts the session's running work and deletes its files. */
  async remove(session: UploadSession): Promise<void> {
    this.#sessions.delete(session.id);
    session.ended.abort(notFound('upload session'));
    await session.processing;
    const files = [...session.takeChunks(), ...(session.assembled === null ? [] : [session.assembled])];
    session.assembled = null;
    await Promise.all(files.map((file) => this.#parts.disk.discard(file)));
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => this.remove(session)));
  }

  async #sweep(): Promise<void> {
    const now = this.#parts.now();
    const expired = [...this.#sessions.values()].filter(({ expiresAt }) => now >= expiresAt);
    await Promise.all(expired.map((session) => this.remove(session)));
  }
}
