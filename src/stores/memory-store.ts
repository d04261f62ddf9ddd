/** Records in memory: for `no-resume`, for tests, and where the browser has no database. */

import type { Clock } from '../ports/clock.js';
import type { Store, UploadRecord } from '../ports/store.js';
import { isValidRecord } from './validate-record.js';

export interface MemoryStoreOptions {
  /** Current time in milliseconds since 1970, for expiry. @default Date.now */
  readonly wallNow?: Clock['wallNow'];
}

export class MemoryStore implements Store {
  readonly #records = new Map<string, UploadRecord>();
  readonly #wallNow: Clock['wallNow'];

  constructor({ wallNow = Date.now }: MemoryStoreOptions = {}) {
    this.#wallNow = wallNow;
  }

  async load(scope: string): Promise<UploadRecord[]> {
    const now = this.#wallNow();
    for (const [id, record] of this.#records) {
      if (!isValidRecord(record, now)) this.#records.delete(id);
    }
    return structuredClone([...this.#records.values()].filter((record) => record.scope === scope));
  }

  async get(id: string): Promise<UploadRecord | null> {
    const record = this.#records.get(id);
    return isValidRecord(record, this.#wallNow()) ? structuredClone(record) : null;
  }

  async put(records: readonly UploadRecord[]): Promise<void> {
    for (const record of structuredClone(records)) this.#records.set(record.id, record);
  }

  async delete(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#records.delete(id);
  }
}
