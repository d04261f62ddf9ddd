/**
 * How many requests of one session are under way. One too many the upstream refuses with 429, as when the whole key has
 * used up its requests, for which all users have to wait. So it is refused here, where only its own user hears of it.
 */

import { BoundedMap } from './bounded-map.js';
import { HttpError } from './http-error.js';

/** Sessions with requests under way; on Node each is forgotten with its last request. */
const MAX_SESSIONS = 10_000;
const REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** What has not moved for so long is gone: no client is waited for so long, and on Workers its code may just have stopped. */
const GONE_MS = 120_000;

export class SessionPlaces {
  readonly #sessions = new BoundedMap<Set<SessionPlace>>(MAX_SESSIONS, REMEMBERED_MS);

  /** @throws HttpError 429 when `most` are under way. */
  take(sessionId: string, most: number): SessionPlace {
    const taken = this.#sessions.get(sessionId) ?? new Set();
    for (const place of taken) if (place.isGone) taken.delete(place);
    if (taken.size >= most) {
      const headers = { 'Retry-After': '1' };
      throw new HttpError(429, 'rate-limited', `at most ${most} requests of a session at once`, { headers });
    }
    const place = new SessionPlace(() => {
      taken.delete(place);
      if (taken.size === 0 && this.#sessions.get(sessionId) === taken) this.#sessions.delete(sessionId);
    });
    taken.add(place);
    this.#sessions.set(sessionId, taken);
    return place;
  }
}

export class SessionPlace {
  /** To be called when the request is over. */
  readonly leave: () => void;
  #movedAt = Date.now();

  constructor(leave: () => void) {
    this.leave = leave;
  }

  get isGone(): boolean {
    return this.#movedAt + GONE_MS <= Date.now();
  }

  /** The bytes of the request, which show that it is still there. */
  async *watch(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of bytes) {
      this.#movedAt = Date.now();
      yield chunk;
    }
  }
}
