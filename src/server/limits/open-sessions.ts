/** Counts a user's unfinished uploads that this instance has opened or served. */

import { HttpError } from '../http/http-error.js';
import { BoundedMap } from './bounded-map.js';

const MAX_USERS = 10_000;
const REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** An upload that was idle for this long does not count, because its page may be closed. */
const IDLE_MS = 60 * 60 * 1000;

export class OpenSessions {
  readonly #most: number;
  /** When each session of a user was last used, in milliseconds since 1970. */
  readonly #users = new BoundedMap<Map<string, number>>(MAX_USERS, REMEMBERED_MS);

  constructor(most: number) {
    this.#most = most;
  }

  /** Calls `open` and counts its session. @throws HttpError 429 when the user has too many. */
  async open<Session extends { readonly sessionId: string }>(
    userId: string,
    open: () => Promise<Session>,
  ): Promise<Session> {
    const sessions = this.#sessionsOf(userId);
    for (const [id, usedAt] of sessions) if (usedAt + IDLE_MS <= Date.now()) sessions.delete(id);
    if (sessions.size >= this.#most) {
      const headers = { 'Retry-After': '5' };
      throw new HttpError(429, 'rate-limited', `at most ${this.#most} unfinished uploads at once`, { headers });
    }
    // Counted while it is being opened, so that parallel requests cannot exceed the limit.
    const opening = crypto.randomUUID();
    sessions.set(opening, Date.now());
    try {
      const session = await open();
      sessions.set(session.sessionId, Date.now());
      return session;
    } finally {
      sessions.delete(opening);
    }
  }

  /** A request of the session came, to this instance or first to another. */
  touch(userId: string, sessionId: string): void {
    this.#sessionsOf(userId).set(sessionId, Date.now());
  }

  /** The session is over. */
  close(userId: string, sessionId: string): void {
    const sessions = this.#users.get(userId);
    sessions?.delete(sessionId);
    if (sessions?.size === 0) this.#users.delete(userId);
  }

  #sessionsOf(userId: string): Map<string, number> {
    const sessions = this.#users.get(userId) ?? new Map<string, number>();
    this.#users.set(userId, sessions);
    return sessions;
  }
}
