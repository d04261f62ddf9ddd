/** Calls the `onStored` hook once per file, and keeps its result for browsers that ask again. */

import { BoundedMap } from './limits/bounded-map.js';
import type { StoredFile } from './options/options.js';
import { TICKET_TTL_MS } from './tickets/ticket.js';

/** A few megabytes, at some hundred bytes each. */
const MAX_REMEMBERED = 10_000;
const MAX_HOOK_MS = 60_000;

export interface HookResult {
  /** What the hook returned. */
  readonly result: unknown;
}

export class StoredHook {
  readonly #onStored: ((file: StoredFile) => unknown) | undefined;
  readonly #finished = new BoundedMap<HookResult>(MAX_REMEMBERED, TICKET_TTL_MS);
  /** Running hooks. They expire, because on Workers a hook's code may just stop when its client disconnects. */
  readonly #running = new BoundedMap<Promise<HookResult>>(MAX_REMEMBERED, MAX_HOOK_MS);

  constructor(onStored: ((file: StoredFile) => unknown) | undefined) {
    this.#onStored = onStored;
  }

  /**
   * Calls the hook with the file that `describe` returns, unless a call for this key has succeeded or is running; a
   * call that has run for a minute does not count. `describe` is called only when needed, because it may ask the
   * storage.
   */
  async call(key: string, describe: () => StoredFile | Promise<StoredFile>): Promise<HookResult> {
    return this.#finished.get(key) ?? this.#running.get(key) ?? this.#run(key, describe);
  }

  async #run(key: string, describe: () => StoredFile | Promise<StoredFile>): Promise<HookResult> {
    const running = this.#callHook(describe);
    this.#running.set(key, running);
    try {
      const outcome = await running;
      this.#finished.set(key, outcome);
      return outcome;
    } finally {
      this.#running.delete(key);
    }
  }

  async #callHook(describe: () => StoredFile | Promise<StoredFile>): Promise<HookResult> {
    const file = await describe();
    return { result: (await this.#onStored?.(Object.freeze(file))) ?? undefined };
  }
}
