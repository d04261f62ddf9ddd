/**
 * Limits the requests in flight per key: of a user, so that no user fills the queue for the upstream, or of a session,
 * because the upstream answers 429 to one too many as it does when the key's requests are used up, which would pause
 * all users. Refusing it here affects only its own user.
 */

import { HttpError } from '../http/http-error.js';
import { BoundedMap } from './bounded-map.js';

/** Keys with requests in flight; a key is removed with its last request. */
const MAX_KEYS = 10_000;
const REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** A request without progress for this long does not count: on Workers its code may have been stopped. */
const STALLED_AFTER_MS = 120_000;

export class InFlightLimit {
  readonly #permits = new BoundedMap<Set<Permit>>(MAX_KEYS, REMEMBERED_MS);

  /** @throws HttpError 429 when `max` requests of the key are in flight. */
  acquire(key: string, max: number): Permit {
    const held = this.#permits.get(key) ?? new Set();
    for (const permit of held) if (permit.isStalled) held.delete(permit);
    if (held.size >= max) {
      const headers = { 'Retry-After': '1' };
      throw new HttpError(429, 'rate-limited', `at most ${max} requests at once`, { headers });
    }
    const permit = new Permit(() => {
      held.delete(permit);
      if (held.size === 0 && this.#permits.get(key) === held) this.#permits.delete(key);
    });
    held.add(permit);
    this.#permits.set(key, held);
    return permit;
  }
}

export class Permit {
  /** Call it when the request ends. */
  readonly release: () => void;
  #movedAt = Date.now();

  constructor(release: () => void) {
    this.release = release;
  }

  get isStalled(): boolean {
    return this.#movedAt + STALLED_AFTER_MS <= Date.now();
  }

  /** Passes the bytes of the request on; each chunk counts as progress. */
  async *watch(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of bytes) {
      this.#movedAt = Date.now();
      yield chunk;
    }
  }
}
