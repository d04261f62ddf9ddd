/**
 * Records in IndexedDB, which survive the page and are shared by all tabs of the origin.
 *
 * The store owns one connection, opened at first use. It closes it when it is idle, when a newer tab upgrades the
 * database, when the browser closes it and when an operation fails; the next operation opens another.
 *
 * It uses no library: with one table and four operations a wrapper would be larger than this code, and would still need
 * code for the deadline, for upgrades and for reopening.
 */

import { abortable } from '../lib/abortable.js';
import type { Clock } from '../ports/clock.js';
import { UploadError } from '../ports/errors.js';
import type { Store, UploadRecord } from '../ports/store.js';
import { isValidRecord } from './validate-record.js';

export interface IndexedDbStoreOptions {
  /** Name of the database. @default 'fastio-upload' */
  readonly name?: string;
  /** Timeout for opening the database, in milliseconds, because another tab may block it forever. @default 3000 */
  readonly openTimeoutMs?: number;
  /** Current time in milliseconds since 1970, for expiry. @default Date.now */
  readonly wallNow?: Clock['wallNow'];
}

const TABLE = 'uploads';

/** A connection is closed after one to two times as many milliseconds without an operation. */
const IDLE_MS = 1000;

/** Step n upgrades version n to n + 1. Published steps never change; new ones are appended. */
const UPGRADE_STEPS: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    const table = database.createObjectStore(TABLE, { keyPath: 'id' });
    table.createIndex('scope', 'scope');
    table.createIndex('expiresAt', 'expiresAt');
  },
];

/** Makes requests to the table, and returns a function that reads their result after the transaction. */
type Work<T> = (table: IDBObjectStore) => () => T;

/** Errors of a lost connection, after which the operation is repeated; WebKit sometimes loses its database process. */
const CONNECTION_LOST = ['AbortError', 'InvalidStateError', 'UnknownError'];

/** Opens the database, upgrading it to `version`; without one, in its stored version. */
const openDatabase = (name: string, version?: number): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of UPGRADE_STEPS.slice(oldVersion)) step(request.result);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Opens also a database of a later version of this package, which works while it has the same table and indexes. */
const openAnyVersion = (name: string): Promise<IDBDatabase> =>
  openDatabase(name, UPGRADE_STEPS.length).catch((error: unknown) => {
    if (nameOf(error) === 'VersionError') return openDatabase(name);
    throw error;
  });

/** A failing request aborts its transaction, so a transaction ends in one of these two events. */
const completion = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

/** Aborts the transaction when the work throws, so that its earlier requests are not committed. */
const start = <T>(transaction: IDBTransaction, work: Work<T>): (() => T) => {
  try {
    return work(transaction.objectStore(TABLE));
  } catch (error) {
    transaction.abort();
    throw error;
  }
};

const transact = async <T>(database: IDBDatabase, mode: IDBTransactionMode, work: Work<T>): Promise<T> => {
  // A crash of the browser loses no data with `relaxed`, and waiting for the disk takes twenty times as long.
  const transaction = database.transaction(TABLE, mode, { durability: 'relaxed' });
  const read = start(transaction, work);
  await completion(transaction);
  return read();
};

/** A transaction that the browser aborts by itself has no error. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'AbortError');

export class IndexedDbStore implements Store {
  readonly #name: string;
  readonly #openTimeoutMs: number;
  readonly #wallNow: Clock['wallNow'];
  #connection: Promise<IDBDatabase> | null = null;
  #idle: ReturnType<typeof setInterval> | undefined;
  /** Operations under way. */
  #running = 0;
  #isUsed = false;

  constructor({ name = 'fastio-upload', openTimeoutMs = 3000, wallNow = Date.now }: IndexedDbStoreOptions = {}) {
    this.#name = name;
    this.#openTimeoutMs = openTimeoutMs;
    this.#wallNow = wallNow;
  }

  /** Deletes unusable records in the background, so that many of them do not delay the start of a page. */
  async load(scope: string): Promise<UploadRecord[]> {
    const now = this.#wallNow();
    const { found, expired, isNewer } = await this.#run('readonly', (table) => {
      const records = table.index('scope').getAll(scope);
      const keys = table.index('expiresAt').getAllKeys(IDBKeyRange.upperBound(now));
      return () => ({
        found: records.result as readonly { readonly id: string }[],
        expired: keys.result,
        isNewer: table.transaction.db.version > UPGRADE_STEPS.length,
      });
    });
    const isReadable = (record: unknown): record is UploadRecord => isValidRecord(record, now);
    // What a later version wrote may be readable there.
    const unreadable = isNewer ? [] : found.filter((record) => !isReadable(record)).map(({ id }) => id);
    const unusable = [...expired, ...unreadable];
    // If it fails, the next load tries again.
    if (unusable.length > 0) this.delete(unusable).catch(() => {});
    return found.filter(isReadable);
  }

  async get(id: string): Promise<UploadRecord | null> {
    const record = await this.#run<unknown>('readonly', (table) => {
      const request = table.get(id);
      return () => request.result;
    });
    return isValidRecord(record, this.#wallNow()) ? record : null;
  }

  async put(records: readonly UploadRecord[]): Promise<void> {
    await this.#run('readwrite', (table) => {
      for (const record of records) table.put(record);
      return () => {};
    });
  }

  delete(ids: readonly IDBValidKey[]): Promise<void> {
    return this.#run('readwrite', (table) => {
      for (const id of ids) table.delete(id);
      return () => {};
    });
  }

  async #run<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    try {
      return await this.#attempt(mode, work).catch((error: unknown) => {
        if (CONNECTION_LOST.includes(nameOf(error))) return this.#attempt(mode, work);
        throw error;
      });
    } catch (cause) {
      throw new UploadError('storage', `the database answered ${nameOf(cause)}`, { cause });
    }
  }

  async #attempt<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    this.#connection ??= this.#open();
    const connection = this.#connection;
    this.#running += 1;
    try {
      return await transact(await connection, mode, work);
    } catch (error) {
      this.#release(connection);
      throw error;
    } finally {
      this.#running -= 1;
      this.#isUsed = true;
      this.#idle ??= setInterval(() => this.#closeIfIdle(), IDLE_MS);
    }
  }

  #closeIfIdle(): void {
    if (this.#running === 0 && !this.#isUsed) {
      clearInterval(this.#idle);
      this.#idle = undefined;
      if (this.#connection) this.#release(this.#connection);
    }
    this.#isUsed = false;
  }

  #open(): Promise<IDBDatabase> {
    const late = AbortSignal.timeout(this.#openTimeoutMs);
    const opening = openAnyVersion(this.#name).then((database) => {
      if (late.aborted) database.close();
      database.onversionchange = () => this.#release(connection);
      database.onclose = () => this.#release(connection);
      return database;
    });
    const connection = abortable(opening, late);
    return connection;
  }

  #release(connection: Promise<IDBDatabase>): void {
    if (this.#connection === connection) this.#connection = null;
    connection.then(
      (database) => database.close(),
      () => {},
    );
  }
}
