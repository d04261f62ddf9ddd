/**
 * Writes records of uploads, a few times a second at most and many in one transaction. When the store fails, uploads go
 * on without it.
 */

import type { Clock } from '../ports/clock.js';
import type { Store, UploadRecord } from '../ports/store.js';

const FLUSH_MS = 250;
/** Records in one transaction: more would keep the disk busy for long. */
const BATCH = 500;
const NEVER = new AbortController().signal;

/** The record as it is now, or null once there is nothing to keep. */
type ReadRecord = () => UploadRecord | null;

export class Ledger {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #dirty = new Map<string, ReadRecord>();
  #flushing: Promise<void> | null = null;
  #broken = false;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Soon writes what `read` then gives. */
  save(id: string, read: ReadRecord): void {
    if (this.#broken) return;
    this.#dirty.set(id, read);
    this.#flushing ??= this.#flush();
  }

  async forget(id: string): Promise<void> {
    this.#dirty.delete(id);
    await this.#flushing;
    await this.#guard(() => this.#store.delete(id));
  }

  async load(scope: string): Promise<UploadRecord[]> {
    return (await this.#guard(() => this.#store.load(scope))) ?? [];
  }

  async get(id: string): Promise<UploadRecord | null> {
    return (await this.#guard(() => this.#store.get(id))) ?? null;
  }

  async #flush(): Promise<void> {
    while (this.#dirty.size > 0 && !this.#broken) {
      await this.#clock.delay(FLUSH_MS, { signal: NEVER });
      const batch = [...this.#dirty].slice(0, BATCH);
      for (const [id] of batch) this.#dirty.delete(id);
      const records = batch.map(([, read]) => read()).filter((record) => record !== null);
      if (records.length > 0) await this.#guard(() => this.#store.put(records));
    }
    this.#flushing = null;
  }

  async #guard<T>(operation: () => Promise<T>): Promise<T | undefined> {
    if (this.#broken) return undefined;
    try {
      return await operation();
    } catch {
      this.#broken = true;
      this.#dirty.clear();
      return undefined;
    }
  }
}
