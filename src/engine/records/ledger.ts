/**
 * Writes records of uploads, a few times a second at most and many in one transaction. When the store fails, uploads go
 * on without it.
 */

import { never } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';
import type { Store, UploadRecord } from '../../ports/store.js';

const FLUSH_MS = 250;
/** Records in one transaction. Claiming and copying more at once would cost the page a frame. */
const BATCH = 40;
/** Longest wait for a record that has to be written before the upload goes on. */
const WRITE_MS = 1_000;

/** The record as it is now, or null once there is nothing to keep. */
type ReadRecord = () => UploadRecord | null;

export interface LedgerInit {
  readonly store: Store;
  readonly clock: Clock;
  /** What has to be done before records of these uploads may be seen by others. Must not reject. */
  readonly beforeWrite: (ids: readonly string[]) => Promise<void>;
  /** Records of these uploads can be seen now. */
  readonly afterWrite: (ids: readonly string[]) => void;
  /** Called at most once. */
  readonly onBroken: () => void;
}

export class Ledger {
  readonly #init: LedgerInit;
  readonly #store: Store;
  readonly #dirty = new Map<string, ReadRecord>();
  /** What is to be written without a delay. */
  readonly #urgent = new Map<string, ReadRecord>();
  #writingUrgent: Promise<void> | null = null;
  #isFlushing = false;
  /** The transaction under way. */
  #writing: Promise<unknown> = Promise.resolve();
  #broken = false;

  constructor(init: LedgerInit) {
    this.#init = init;
    this.#store = init.store;
  }

  /** Soon writes what `read` then gives. */
  save(id: string, read: ReadRecord): void {
    if (this.#broken) return;
    this.#dirty.set(id, read);
    if (!this.#isFlushing) void this.#flush();
  }

  /**
   * Writes it at once, with the others that are asked for in the same moment. Resolves when it is written, when the store
   * has failed, or after a while: a store that hangs must not hold up an upload.
   */
  async write(id: string, read: ReadRecord): Promise<void> {
    if (this.#broken) return;
    this.#urgent.set(id, read);
    this.#writingUrgent ??= Promise.resolve().then(() => this.#writeUrgent());
    const bag = new AbortController();
    const longest = this.#init.clock.delay(WRITE_MS, bag).catch(() => {});
    await Promise.race([this.#writingUrgent, longest]);
    bag.abort();
  }

  /** At once: a page that dies in the next moment must not bring it back. */
  async forget(id: string): Promise<void> {
    this.#dirty.delete(id);
    this.#urgent.delete(id);
    await this.#writing;
    await this.#guard(() => this.#store.delete(id));
  }

  async load(scope: string): Promise<UploadRecord[]> {
    return (await this.#guard(() => this.#store.load(scope))) ?? [];
  }

  async get(id: string): Promise<UploadRecord | null> {
    return (await this.#guard(() => this.#store.get(id))) ?? null;
  }

  async #flush(): Promise<void> {
    this.#isFlushing = true;
    while (this.#dirty.size > 0) {
      await this.#init.clock.delay(FLUSH_MS, { signal: never() });
      for (let left = this.#dirty.size; left > 0; left -= BATCH) await this.#writeBatch();
    }
    this.#isFlushing = false;
  }

  async #writeBatch(): Promise<void> {
    const batch: [string, ReadRecord][] = [];
    for (const entry of this.#dirty) if (batch.push(entry) === BATCH) break;
    for (const [id] of batch) this.#dirty.delete(id);
    await this.#writeAll(batch);
  }

  async #writeUrgent(): Promise<void> {
    const batch = [...this.#urgent];
    this.#urgent.clear();
    this.#writingUrgent = null;
    for (const [id] of batch) this.#dirty.delete(id);
    await this.#writeAll(batch);
  }

  async #writeAll(batch: readonly (readonly [string, ReadRecord])[]): Promise<void> {
    await this.#init.beforeWrite(batch.map(([id]) => id));
    const records = batch.map(([, read]) => read()).filter((record) => record !== null);
    if (records.length > 0) await this.#write(records);
  }

  async #write(records: readonly UploadRecord[]): Promise<void> {
    const writing = this.#guard(() => this.#store.put(records));
    this.#writing = writing;
    await writing;
    if (!this.#broken) this.#init.afterWrite(records.map(({ id }) => id));
  }

  async #guard<T>(operation: () => Promise<T>): Promise<T | undefined> {
    if (this.#broken) return undefined;
    try {
      return await operation();
    } catch {
      this.#dirty.clear();
      this.#urgent.clear();
      if (!this.#broken) {
        this.#broken = true;
        this.#init.onBroken();
      }
      return undefined;
    }
  }
}
