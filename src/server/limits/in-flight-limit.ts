/**
 * How many requests of one kind are under way: of a user, so that no user fills the line that waits for the upstream,
 * or of a session, of which the upstream refuses one too many with 429, as when the whole key has used up its requests,
 * for which all users have to wait. One too many is refused here, where only its own user hears of it.
 */

import { HttpError } from '../http/http-error.js';
import { BoundedMap } from './bounded-map.js';

/** Keys with requests under way; each is forgotten with its last one. */
const MAX_KEYS = 10_000;
const REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** What has not moved for so long counts no longer: on Workers its code may just have stopped. */
const GONE_MS = 120_000;

export class InFlightLimit {
  readonly #places = new BoundedMap<Set<Place>>(MAX_KEYS, REMEMBERED_MS);

  /** @throws HttpError 429 when `most` are under way. */
  take(key: string, most: number): Place {
    const taken = this.#places.get(key) ?? new Set();
    for (const place of taken) if (place.isGone) taken.delete(place);
    if (taken.size >= most) {
      const headers = { 'Retry-After': '1' };
      throw new HttpError(429, 'rate-limited', `at most ${most} requests at once`, { headers });
    }
    const place = new Place(() => {
      taken.delete(place);
      if (taken.size === 0 && this.#places.get(key) === taken) this.#places.delete(key);
    });
    taken.add(place);
    this.#places.set(key, taken);
    return place;
  }
}

export class Place {
  /** To be called when the request is over. */
  readonly leave: () => void;
  #movedAt = Date.now();

  constructor(leave: () => void) {
    this.leave = leave;
  }

  get isGone(): boolean {
    return this.#movedAt + GONE_MS <= Date.now();
  }

  /** The bytes of a request, which show that it is still there. */
  async *watch(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of bytes) {
      this.#movedAt = Date.now();
      yield chunk;
    }
  }
}
