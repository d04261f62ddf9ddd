/** A store whose disk may be full, or that the browser takes away in the middle. */

import type { Store, UploadRecord } from '../../../src/ports/store.js';

export class FlakyStore implements Store {
  readonly #store: Store;
  /** From now on nothing can be read or written. */
  hasFailed = false;

  constructor(store: Store) {
    this.#store = store;
  }

  load = (scope: string): Promise<UploadRecord[]> => this.#ask(() => this.#store.load(scope));
  get = (id: string): Promise<UploadRecord | null> => this.#ask(() => this.#store.get(id));
  put = (records: readonly UploadRecord[]): Promise<void> => this.#ask(() => this.#store.put(records));
  delete = (id: string): Promise<void> => this.#ask(() => this.#store.delete(id));

  async #ask<T>(operation: () => Promise<T>): Promise<T> {
    if (this.hasFailed) throw new DOMException('no room is left', 'QuotaExceededError');
    return operation();
  }
}
