/** Where a page keeps what it has to go on with after a crash, and the locks that give each record one owner. */

import { createWebLocks } from './platform/web-locks.js';
import type { Locks } from './ports/locks.js';
import type { Store } from './ports/store.js';
import { IndexedDbStore } from './stores/indexed-db-store.js';
import { MemoryStore } from './stores/memory-store.js';

export interface Records {
  readonly store: Store;
  readonly locks: Locks;
}

/** In some frames even asking for the database throws. */
const createStore = (): Store => {
  try {
    return typeof indexedDB === 'undefined' ? new MemoryStore() : new IndexedDbStore();
  } catch {
    return new MemoryStore();
  }
};

export const createRecords = (): Records => ({ store: createStore(), locks: createWebLocks() });
