/**
 * Writes the records of uploads, at most a few times a second and many in one transaction. When the store fails,
 * uploads continue without it, and writes and deletions are retried: a full disk or a database upgrade by another tab
 * is often temporary, and a record that is left would restore a finished upload.
 */

import { never } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';
import type { Store, UploadRecord } from '../../ports/store.js';

const FLUSH_MS = 250;
/** Waits after one, two, … failures in a row, in milliseconds; after the last it stops until the next `save`. */
const RETRY_MS = [250, 1_000, 3_000, 6_000];
/** Failures in a row after which `onBroken` is called. */
const BROKEN_AFTER = 2;
/** Records in one transaction: locking and copying more at once would delay a frame of the page. */
const BATCH = 40;
/** Shortest time between two transactions of deletions, in milliseconds: a transaction costs as much as ten deletions. */
const DELETION_MS = 100;
/**
 * Longest wait for a record that has to be written before the upload continues, in milliseconds: a busy disk may take
 * some seconds, and parts that are sent meanwhile could not be placed by a later page.
 */
const WRITE_MS = 3_000;

/** Returns the current record, or null once there is nothing to keep. */
type ReadRecord = () => UploadRecord | null;

export interface RecordWriterInit {
  readonly store: Store;
  readonly clock: Clock;
  /** Called before records of these uploads become visible to other pages. Must not reject. */
  readonly beforeWrite: (ids: readonly string[]) => Promise<void>;
  /** False while records are kept that are not being deleted. */
  readonly isLastDeletion: () => boolean;
  /** Called when records of these uploads are visible. */
  readonly afterWrite: (ids: readonly string[]) => void;
  /** Called at most once. */
  readonly onBroken: () => void;
}

interface Deletion {
  readonly ids: string[];
  readonly isGone: Promise<boolean>;
}

export class RecordWriter {
  readonly #init: RecordWriterInit;
  readonly #store: Store;
  readonly #dirty = new Map<string, ReadRecord>();
  /** Records to write without a delay. */
  readonly #urgent = new Map<string, ReadRecord>();
  #writingUrgent: Promise<void> | null = null;
  /** Records whose deletion failed, each with the callback for the outcome. */
  readonly #undeleted = new Map<string, (isGone: boolean) => void>();
  /** Uploads whose handles cannot be cloned. */
  readonly #withoutHandle = new Set<string>();
  /** The next transaction of deletions. */
  #nextDeletion: Deletion | null = null;
  #deleting: Promise<unknown> = Promise.resolve();
  /** When the last deletion began, by `clock.now()`. */
  #deletedAt = Number.NEGATIVE_INFINITY;
  /** Aborting it ends the wait before the next deletion. */
  #deletionWait = new AbortController();
  #isFlushing = false;
  /** True while a write that uploads waited for in vain is still under way. */
  #isHanging = false;
  /** The last transaction of writes. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Failures in a row. */
  #failures = 0;
  #hasToldBroken = false;

  constructor(init: RecordWriterInit) {
    this.#init = init;
    this.#store = init.store;
  }

  /** Schedules a write; `read` is called then. */
  save(id: string, read: ReadRecord): void {
    this.#dirty.set(id, read);
    this.#flushSoon();
  }

  /**
   * Writes now, together with other calls of the same task. Resolves when it is written, when the store has failed, or
   * after `WRITE_MS`, because a store that hangs must not stop an upload; until it answers, no other call waits for it.
   */
  async write(id: string, read: ReadRecord): Promise<void> {
    if (this.#failures > 0 || this.#isHanging) return this.save(id, read);
    this.#urgent.set(id, read);
    this.#writingUrgent ??= Promise.resolve().then(() => this.#writeUrgent());
    const writing = this.#writingUrgent;
    const cleanup = new AbortController();
    const longest = this.#init.clock.delay(WRITE_MS, cleanup).then(
      () => {
        this.#isHanging = true;
        void writing.finally(() => {
          this.#isHanging = false;
        });
      },
      () => {},
    );
    await Promise.race([writing, longest]);
    cleanup.abort();
  }

  /** Cancels pending writes of the record. */
  drop(id: string): void {
    this.#dirty.delete(id);
    this.#urgent.delete(id);
    this.#withoutHandle.delete(id);
  }

  /**
   * Deletes the record at once, so that a page that is closed in the next moment does not restore it; in a row of
   * deletions within `DELETION_MS`, but the last record at once. Retries for a while; false when the record may still
   * exist.
   */
  async forget(id: string): Promise<boolean> {
    this.drop(id);
    await this.#writing;
    if ((await this.#delete(id)) || (await this.#delete(id))) return true;
    const isGone = new Promise<boolean>((resolve) => this.#undeleted.set(id, resolve));
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
    while (this.#dirty.size + this.#undeleted.size > 0) {
      const waitMs = this.#failures === 0 ? FLUSH_MS : (RETRY_MS[this.#failures - 1] ?? RETRY_MS.at(-1) ?? FLUSH_MS);
      await this.#init.clock.delay(waitMs, { signal: never() });
      await this.#deleteUndeleted();
      for (let left = this.#dirty.size; left > 0 && this.#dirty.size > 0; left -= BATCH) await this.#writeBatch();
      if (this.#failures > RETRY_MS.length) break;
    }
    this.#isFlushing = false;
    for (const [id, tell] of this.#undeleted) {
      this.#undeleted.delete(id);
      tell(false);
    }
  }

  async #deleteUndeleted(): Promise<void> {
    const undeleted = [...this.#undeleted];
    const ids = undeleted.map(([id]) => id);
    if (undeleted.length === 0 || !(await this.#succeeds(() => this.#store.delete(ids)))) return;
    for (const [id, tell] of undeleted) {
      this.#undeleted.delete(id);
      tell(true);
    }
  }

  /** Deletes together with other calls that wait for the transaction before. */
  #delete(id: string): Promise<boolean> {
    this.#nextDeletion ??= this.#deleteNext(this.#deleting);
    this.#nextDeletion.ids.push(id);
    if (this.#init.isLastDeletion()) this.#deletionWait.abort();
    const { isGone } = this.#nextDeletion;
    this.#deleting = isGone;
    return isGone;
  }

  #deleteNext(before: Promise<unknown>): Deletion {
    const ids: string[] = [];
    const run = async () => {
      await before;
      await this.#untilDeletionIsDue();
      this.#nextDeletion = null;
      return this.#succeeds(() => this.#store.delete(ids));
    };
    return { ids, isGone: run() };
  }

  /** Waits `DELETION_MS` from the last deletion to this one, unless no further deletions can join it. */
  async #untilDeletionIsDue(): Promise<void> {
    const { clock } = this.#init;
    const waitMs = this.#deletedAt + DELETION_MS - clock.now();
    if (waitMs > 0) await clock.delay(waitMs, this.#deletionWait).catch(() => {});
    this.#deletionWait = new AbortController();
    this.#deletedAt = clock.now();
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
    else for (const [id, read] of batch) if (!this.#dirty.has(id) && !this.#undeleted.has(id)) this.save(id, read);
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

  /** Records handles that cannot be cloned as null: pages may pass objects of their own as handles. */
  #dropHandles(records: readonly UploadRecord[]): boolean {
    const uncopied = records.filter(({ handle }) => handle !== null && !isCopied(handle));
    for (const { id } of uncopied) this.#withoutHandle.add(id);
    return uncopied.length > 0;
  }

  /** Reads twice before it reports a failure, because a list that cannot be read looks like an empty one. */
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
