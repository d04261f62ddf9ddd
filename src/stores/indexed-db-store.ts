/**
 * Records in IndexedDB, where they outlive the page and are seen by all tabs of the origin.
 *
 * Owns one connection, opened at first use. Lets go of it when it is idle, when a newer tab wants to upgrade the database, when the
 * browser closes it and when an operation fails; the next operation opens another.
 *
 * Written by hand: with one table and four operations, a wrapper would be larger than what it wraps, and opening with a
 * deadline, giving way to upgrades and reopening would still have to be written around it.
 */

import { abortable } from '../lib/abortable.js';
import type { Clock } from '../ports/clock.js';
import { UploadError } from '../ports/errors.js';
import type { Store, UploadRecord } from '../ports/store.js';
import { isReadableRecord } from './readable-record.js';

export interface IndexedDbStoreOptions {
  /** Name of the database. @default 'fastio-upload' */
  readonly name?: string;
  /** Longest wait for the database to open, in milliseconds: another tab may block it for ever. @default 3000 */
  readonly openTimeoutMs?: number;
  /** Milliseconds since 1970; decides what has expired. @default Date.now */
  readonly wallNow?: Clock['wallNow'];
}

const TABLE = 'uploads';

/** A connection that is not used for this long, in milliseconds, is closed. */
const IDLE_MS = 1000;

/** Step n leads from version n to n + 1. Steps that were published never change; new ones are appended. */
const UPGRADE_STEPS: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    const table = database.createObjectStore(TABLE, { keyPath: 'id' });
    table.createIndex('scope', 'scope');
    table.createIndex('expiresAt', 'expiresAt');
  },
];

/** Asks the table for something, and answers what reads the result once the transaction is complete. */
type Work<T> = (table: IDBObjectStore) => () => T;

/** The connection died under the operation; WebKit loses its database process now and then. */
const DEAD_CONNECTION = ['AbortError', 'InvalidStateError', 'UnknownError'];

/** Without a version as it is. */
const openDatabase = (name: string, version?: number): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of UPGRADE_STEPS.slice(oldVersion)) step(request.result);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** One of a later version is used as long as it has what is asked of it. */
const openFitting = (name: string): Promise<IDBDatabase> =>
  openDatabase(name, UPGRADE_STEPS.length).catch((error: unknown) => {
    if (nameOf(error) === 'VersionError') return openDatabase(name);
    throw error;
  });

/** A request that fails aborts its transaction, so these two are all the ends there are. */
const completion = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

/** All of the work or nothing: an exception in the middle would let through what was asked for before it. */
const ask = <T>(transaction: IDBTransaction, work: Work<T>): (() => T) => {
  try {
    return work(transaction.objectStore(TABLE));
  } catch (error) {
    transaction.abort();
    throw error;
  }
};

const transact = async <T>(database: IDBDatabase, mode: IDBTransactionMode, work: Work<T>): Promise<T> => {
  // A crash of the browser loses nothing either way, and waiting for the disk at each write costs twenty times as much.
  const transaction = database.transaction(TABLE, mode, { durability: 'relaxed' });
  const read = ask(transaction, work);
  await completion(transaction);
  return read();
};

/** A transaction that the browser aborts by itself names no error. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'AbortError');

export class IndexedDbStore implements Store {
  readonly #name: string;
  readonly #openTimeoutMs: number;
  readonly #wallNow: Clock['wallNow'];
  #connection: Promise<IDBDatabase> | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor({ name = 'fastio-upload', openTimeoutMs = 3000, wallNow = Date.now }: IndexedDbStoreOptions = {}) {
    this.#name = name;
    this.#openTimeoutMs = openTimeoutMs;
    this.#wallNow = wallNow;
  }

  /** What has to be deleted is deleted behind the answer: a thousand dead records must not hold up a page's start. */
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
    const isReadable = (record: unknown): record is UploadRecord => isReadableRecord(record, now);
    // What a later version wrote may be readable there.
    const unreadable = isNewer ? [] : found.filter((record) => !isReadable(record)).map(({ id }) => id);
    const dead = [...expired, ...unreadable];
    // A failure does no harm: the next load finds them again.
    if (dead.length > 0) this.#deleteAll(dead).catch(() => {});
    return found.filter(isReadable);
  }

  async get(id: string): Promise<UploadRecord | null> {
    const record = await this.#run<unknown>('readonly', (table) => {
      const request = table.get(id);
      return () => request.result;
    });
    return isReadableRecord(record, this.#wallNow()) ? record : null;
  }

  async put(records: readonly UploadRecord[]): Promise<void> {
    await this.#run('readwrite', (table) => {
      for (const record of records) table.put(record);
      return () => {};
    });
  }

  async delete(id: string): Promise<void> {
    await this.#deleteAll([id]);
  }

  #deleteAll(ids: readonly IDBValidKey[]): Promise<void> {
    return this.#run('readwrite', (table) => {
      for (const id of ids) table.delete(id);
      return () => {};
    });
  }

  async #run<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    try {
      return await this.#attempt(mode, work).catch((error: unknown) => {
        if (DEAD_CONNECTION.includes(nameOf(error))) return this.#attempt(mode, work);
        throw error;
      });
    } catch (cause) {
      throw new UploadError('storage', `the database answered ${nameOf(cause)}`, { cause });
    }
  }

  async #attempt<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    this.#connection ??= this.#open();
    const connection = this.#connection;
    clearTimeout(this.#idle);
    try {
      return await transact(await connection, mode, work);
    } catch (error) {
      this.#release(connection);
      throw error;
    } finally {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.#release(connection), IDLE_MS);
    }
  }

  #open(): Promise<IDBDatabase> {
    const late = AbortSignal.timeout(this.#openTimeoutMs);
    const opening = openFitting(this.#name).then((database) => {
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
