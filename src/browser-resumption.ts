/** The store, locks and channel with which a browser keeps uploads for a later page. */

import { Resumption, type ResumptionInit, type ResumptionPorts } from './engine/records/resumption.js';
import { createTabChannel } from './platform/tab-channel.js';
import { createWebLocks } from './platform/web-locks.js';
import type { Store } from './ports/store.js';
import { IndexedDbStore } from './stores/indexed-db-store.js';
import { MemoryStore } from './stores/memory-store.js';

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

/** Uses the given ports, and the browser for the others. */
export const createResumption = (
  { store = createStore(), locks = createWebLocks(), channel = createTabChannel() }: Partial<ResumptionPorts>,
  init: ResumptionInit,
): Resumption => new Resumption({ store, locks, channel }, init);
