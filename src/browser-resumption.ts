/** The store, locks and channel with which a browser keeps uploads for a later page. */

import { Resumption, type ResumptionInit, type ResumptionPorts } from './engine/records/resumption.js';
import { createTabChannel } from './platform/tab-channel.js';
import { createWebLocks } from './platform/web-locks.js';
import type { Store } from './ports/store.js';
import { IndexedDbStore } from './stores/indexed-db-store.js';
import { MemoryStore } from './stores/memory-store.js';
import { isValidRecord } from './stores/validate-record.js';

/** Shared by all engines of the page, and with it one connection. */
let database: Store | null = null;

/** In some frames even access to `indexedDB` throws. */
const createStore = (): Store => {
  try {
    if (typeof indexedDB === 'undefined') return new MemoryStore();
    database ??= new IndexedDbStore();
    return database;
  } catch {
    return new MemoryStore();
  }
};

/** A store of the page cannot tell which records this version reads, and keeps those that have expired. */
const checked = (store: Store, { clock }: ResumptionInit): Store => ({
  load: async (scope) => {
    const records = await store.load(scope);
    const now = clock.wallNow();
    const expired = records.filter((record) => record.expiresAt <= now).map(({ id }) => id);
    // If it fails, the next load tries again.
    if (expired.length > 0) store.delete(expired).catch(() => {});
    return records.filter((record) => isValidRecord(record, now));
  },
  get: async (id) => {
    const record = await store.get(id);
    return isValidRecord(record, clock.wallNow()) ? record : null;
  },
  put: (records) => store.put(records),
  delete: (ids) => store.delete(ids),
});

/** Uses the given ports, and the browser for the others. */
export const createResumption = (
  { store, locks = createWebLocks(), channel = createTabChannel() }: Partial<ResumptionPorts>,
  init: ResumptionInit,
): Resumption =>
  new Resumption({ store: store === undefined ? createStore() : checked(store, init), locks, channel }, init);
