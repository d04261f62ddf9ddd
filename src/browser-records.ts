/** Where a page keeps what it has to go on with after a crash, and the locks that give each record one owner. */

import { Custody, type CustodyInit, type CustodyPorts } from './engine/records/custody.js';
import { createTabChannel } from './platform/tab-channel.js';
import { createWebLocks } from './platform/web-locks.js';
import type { Store } from './ports/store.js';
import { IndexedDbStore } from './stores/indexed-db-store.js';
import { MemoryStore } from './stores/memory-store.js';

/** All engines of a page share it, and with it one connection. */
let database: Store | null = null;

/** In some frames even asking for the database throws. */
const createStore = (): Store => {
  try {
    if (typeof indexedDB === 'undefined') return new MemoryStore();
    database ??= new IndexedDbStore();
    return database;
  } catch {
    return new MemoryStore();
  }
};

/** With these ports, and with those of the platform where there is none. */
export const createCustody = (
  { store = createStore(), locks = createWebLocks(), channel = createTabChannel() }: Partial<CustodyPorts>,
  init: CustodyInit,
): Custody => new Custody({ store, locks, channel }, init);
