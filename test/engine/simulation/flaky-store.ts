/** A store that takes its time, whose disk may be full, or that the browser takes away in the middle. */

import type { Store, UploadRecord } from '../../../src/ports/store.js';

export class FlakyStore implements Store {
  readonly #store: Store;
  readonly #turn: () => Promise<unknown>;
  #last: Promise<unknown> = Promise.resolve();
  /** From now on nothing can be read or written. */
  hasFailed = false;

  /** @param turn resolves when the next operation is let through. */
  constructor(store: Store, turn: () => Promise<unknown>) {
    this.#store = store;
    this.#turn = turn;
  }

  load = (scope: string): Promise<UploadRecord[]> => this.#ask(() => this.#store.load(scope));
  get = (id: string): Promise<UploadRecord | null> => this.#ask(() => this.#store.get(id));
  put = (records: readonly UploadRecord[]): Promise<void> => this.#ask(() => this.#store.put(records));
  delete = (ids: readonly string[]): Promise<void> => this.#ask(() => this.#store.delete(ids));

  /** What is on the disk, even while it is still waited for. */
  written(scope: string): Promise<UploadRecord[]> {
    return this.#store.load(scope);
  }

  /** One after the other, as transactions on one table. */
  #ask<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.#last.then(this.#turn).then(() => {
      if (this.hasFailed) throw new DOMException('no room is left', 'QuotaExceededError');
      return operation();
    });
    this.#last = result.catch(() => {});
    return result;
  }
}
