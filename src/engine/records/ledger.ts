/**
 * Writes records of uploads, a few times a second at most and many in one transaction. When the store fails, uploads go
 * on without it, and what could not be written or deleted is tried again: a full disk or a database that another tab
 * upgrades is often over in a moment, and a record that stays would bring back what is over.
 */

import { never } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';
import type { Store, UploadRecord } from '../../ports/store.js';

const FLUSH_MS = 250;
/** Waits after one, two, … failures in a row, in milliseconds; after the last one it rests until there is news. */
const RETRY_MS = [250, 1_000, 4_000, 16_000];
/** So many failures in a row mean that the browser keeps nothing. */
const BROKEN_AFTER = 2;
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

interface Doomed {
  readonly ids: string[];
  readonly isGone: Promise<boolean>;
}

export class Ledger {
  readonly #init: LedgerInit;
  readonly #store: Store;
  readonly #dirty = new Map<string, ReadRecord>();
  /** What is to be written without a delay. */
  readonly #urgent = new Map<string, ReadRecord>();
  #writingUrgent: Promise<void> | null = null;
  /** Records that have to go and are still there, each with what is to be told whether it went. */
  readonly #dead = new Map<string, (isGone: boolean) => void>();
  /** Uploads whose handles the store cannot copy. */
  readonly #withoutHandle = new Set<string>();
  /** What goes in the next transaction. */
  #doomed: Doomed | null = null;
  #deleting: Promise<unknown> = Promise.resolve();
  #isFlushing = false;
  /** The transaction under way. */
  #writing: Promise<unknown> = Promise.resolve();
  /** In a row. */
  #failures = 0;
  #hasToldBroken = false;

  constructor(init: LedgerInit) {
    this.#init = init;
    this.#store = init.store;
  }

  /** Soon writes what `read` then gives. */
  save(id: string, read: ReadRecord): void {
    this.#dirty.set(id, read);
    this.#flushSoon();
  }

  /**
   * Writes it at once, with the others that are asked for in the same moment. Resolves when it is written, when the store
   * has failed, or after a while: a store that hangs must not hold up an upload.
   */
  async write(id: string, read: ReadRecord): Promise<void> {
    if (this.#failures > 0) return this.save(id, read);
    this.#urgent.set(id, read);
    this.#writingUrgent ??= Promise.resolve().then(() => this.#writeUrgent());
    const bag = new AbortController();
    const longest = this.#init.clock.delay(WRITE_MS, bag).catch(() => {});
    await Promise.race([this.#writingUrgent, longest]);
    bag.abort();
  }

  /** Writes nothing more of it. */
  drop(id: string): void {
    this.#dirty.delete(id);
    this.#urgent.delete(id);
    this.#withoutHandle.delete(id);
  }

  /**
   * At once: a page that dies in the next moment must not bring it back. Tries again for a while; false when the record may
   * still be there.
   */
  async forget(id: string): Promise<boolean> {
    this.drop(id);
    await this.#writing;
    if ((await this.#delete(id)) || (await this.#delete(id))) return true;
    const isGone = new Promise<boolean>((resolve) => this.#dead.set(id, resolve));
    this.#flushSoon();
    return isGone;
  }

  async load(scope: string): Promise<UploadRecord[]> {
    return (await this.#read(() => this.#store.load(scope))) ?? [];
  }

  async get(id: string): Promise<UploadRecord | null> {
    return (await this.#read(() => this.#store.get(id))) ?? null;
  }

  #flushSoon(): void {
    if (!this.#isFlushing) void this.#flush();
  }

  async #flush(): Promise<void> {
    this.#isFlushing = true;
    while (this.#dirty.size + this.#dead.size > 0) {
      const waitMs = this.#failures === 0 ? FLUSH_MS : (RETRY_MS[this.#failures - 1] ?? RETRY_MS.at(-1) ?? FLUSH_MS);
      await this.#init.clock.delay(waitMs, { signal: never() });
      await this.#deleteDead();
      for (let left = this.#dirty.size; left > 0 && this.#dirty.size > 0; left -= BATCH) await this.#writeBatch();
      if (this.#failures > RETRY_MS.length) break;
    }
    this.#isFlushing = false;
    for (const [id, tell] of this.#dead) {
      this.#dead.delete(id);
      tell(false);
    }
  }

  async #deleteDead(): Promise<void> {
    const dead = [...this.#dead];
    const ids = dead.map(([id]) => id);
    if (dead.length === 0 || !(await this.#succeeds(() => this.#store.delete(ids)))) return;
    for (const [id, tell] of dead) {
      this.#dead.delete(id);
      tell(true);
    }
  }

  /** With the others that are to go when the transaction before it is over. */
  #delete(id: string): Promise<boolean> {
    this.#doomed ??= this.#deleteNext(this.#deleting);
    this.#doomed.ids.push(id);
    const { isGone } = this.#doomed;
    this.#deleting = isGone;
    return isGone;
  }

  #deleteNext(before: Promise<unknown>): Doomed {
    const ids: string[] = [];
    const isGone = before.then(() => {
      this.#doomed = null;
      return this.#succeeds(() => this.#store.delete(ids));
    });
    return { ids, isGone };
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
    if (records.length === 0) return;
    const writing = this.#put(records);
    this.#writing = writing;
    if (await writing) this.#init.afterWrite(records.map(({ id }) => id));
    else for (const [id, read] of batch) if (!this.#dirty.has(id) && !this.#dead.has(id)) this.save(id, read);
  }

  async #put(records: readonly UploadRecord[]): Promise<boolean> {
    const plain = records.map((record) => (this.#withoutHandle.has(record.id) ? { ...record, handle: null } : record));
    try {
      await this.#store.put(plain);
    } catch (error) {
      if (isCloneError(error) && this.#dropHandles(plain)) return this.#put(plain);
      return this.#failed();
    }
    return this.#succeeded();
  }

  /** A page may bring a handle of its own making that no database can copy: that one is given up, and nothing else. */
  #dropHandles(records: readonly UploadRecord[]): boolean {
    const uncopied = records.filter(({ handle }) => handle !== null && !isCopied(handle));
    for (const { id } of uncopied) this.#withoutHandle.add(id);
    return uncopied.length > 0;
  }

  /** A list that could not be read looks like an empty one: that is said, unless the second attempt succeeds. */
  async #read<T>(operation: () => Promise<T>): Promise<T | undefined> {
    for (let attempt = 1; attempt <= BROKEN_AFTER; attempt++) {
      try {
        const value = await operation();
        this.#succeeded();
        return value;
      } catch {
        this.#failed();
      }
    }
    return undefined;
  }

  async #succeeds(operation: () => Promise<unknown>): Promise<boolean> {
    try {
      await operation();
    } catch {
      return this.#failed();
    }
    return this.#succeeded();
  }

  #succeeded(): true {
    this.#failures = 0;
    return true;
  }

  #failed(): false {
    this.#failures += 1;
    if (this.#failures >= BROKEN_AFTER && !this.#hasToldBroken) {
      this.#hasToldBroken = true;
      this.#init.onBroken();
    }
    return false;
  }
}

const isCloneError = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'DataCloneError' || isCloneError(error.cause));

const isCopied = (value: unknown): boolean => {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
};
