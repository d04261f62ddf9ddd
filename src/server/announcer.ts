/** Calls the `onStored` hook, once for each file, and keeps what it answered for browsers that ask again. */

import { BoundedMap } from './limits/bounded-map.js';
import type { StoredFile } from './options/options.js';
import { TICKET_TTL_MS } from './tickets/ticket.js';

/** At some hundred bytes each, a few megabytes. */
const MAX_REMEMBERED = 10_000;
const LONGEST_HOOK_MS = 60_000;

export interface Told {
  /** What the hook returned. */
  readonly result: unknown;
}

export class Announcer {
  readonly #onStored: ((file: StoredFile) => unknown) | undefined;
  readonly #told = new BoundedMap<Told>(MAX_REMEMBERED, TICKET_TTL_MS);
  /** Hooks at work. On Workers the code of one may just stop, when its client leaves. */
  readonly #underWay = new BoundedMap<Promise<Told>>(MAX_REMEMBERED, LONGEST_HOOK_MS);

  constructor(onStored: ((file: StoredFile) => unknown) | undefined) {
    this.#onStored = onStored;
  }

  /**
   * Tells the hook of what `describe` yields, unless it was told under this key before; again after it has thrown, or has
   * come to nothing for a minute. `describe` is asked only when it is needed, because it may ask the storage.
   */
  async announce(key: string, describe: () => StoredFile | Promise<StoredFile>): Promise<Told> {
    return this.#told.get(key) ?? this.#underWay.get(key) ?? this.#tell(key, describe);
  }

  async #tell(key: string, describe: () => StoredFile | Promise<StoredFile>): Promise<Told> {
    const telling = this.#call(describe);
    this.#underWay.set(key, telling);
    try {
      const told = await telling;
      this.#told.set(key, told);
      return told;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #call(describe: () => StoredFile | Promise<StoredFile>): Promise<Told> {
    const file = await describe();
    return { result: (await this.#onStored?.(Object.freeze(file))) ?? undefined };
  }
}
