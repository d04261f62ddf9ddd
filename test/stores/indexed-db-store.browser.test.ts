import { expect } from '@open-wc/testing';
import { isUploadError } from '../../src/ports/errors.js';
import { IndexedDbStore, type IndexedDbStoreOptions } from '../../src/stores/indexed-db-store.js';
import { describeStore, NOW, recordOf } from '../support/store-contract.js';

const names: string[] = [];

const freshName = () => {
  const name = `test-${crypto.randomUUID()}`;
  names.push(name);
  return name;
};

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Opens as another tab would. */
const openRaw = (name: string, version?: number) => settled(indexedDB.open(name, version));

const storageError = async (promise: Promise<unknown>) => {
  const error = await promise.catch((reason: unknown) => reason);
  return isUploadError(error) ? `${error.code}: ${error.message}` : error;
};

afterEach(async () => {
  await Promise.all(names.splice(0).map((name) => settled(indexedDB.deleteDatabase(name))));
});

describeStore('IndexedDbStore', { create: (wallNow) => new IndexedDbStore({ name: freshName(), wallNow }) });

describe('IndexedDbStore, between pages', () => {
  let name: string;

  const create = (options: IndexedDbStoreOptions = {}) => new IndexedDbStore({ name, wallNow: () => NOW, ...options });

  beforeEach(() => {
    name = freshName();
  });

  it('keeps records for a later page', async () => {
    const record = recordOf();
    await create().put([record]);
    expect(await create().load(record.scope)).to.deep.equal([record]);
  });

  it('sees at once what another page has put', async () => {
    const [here, there] = [create(), create()];
    const record = recordOf();
    expect(await here.get(record.id)).to.equal(null);
    await there.put([record]);
    expect(await here.get(record.id)).to.deep.equal(record);
  });

  it('forgets unreadable records for good', async () => {
    const odd = { ...recordOf(), receipts: 'none' };
    await create().load(odd.scope);
    const database = await openRaw(name);
    const table = () => database.transaction('uploads', 'readwrite').objectStore('uploads');
    await settled(table().put(odd));
    await create().load(odd.scope);
    const left = await settled(table().count());
    database.close();
    expect(left).to.equal(0);
  });

  /** Databases as published versions made them, by hand: this must never follow the store's own steps. */
  const OLD_DATABASES: Readonly<Record<number, (database: IDBDatabase) => void>> = {
    1: (database) => {
      const table = database.createObjectStore('uploads', { keyPath: 'id' });
      table.createIndex('scope', 'scope');
      table.createIndex('expiresAt', 'expiresAt');
    },
  };

  for (const [version, make] of Object.entries(OLD_DATABASES)) {
    it(`upgrades a database of version ${version}, with records, handles and expiry`, async () => {
      const opening = indexedDB.open(name, Number(version));
      opening.onupgradeneeded = () => make(opening.result);
      const old = await settled(opening);
      const files = await navigator.storage?.getDirectory?.().catch(() => null);
      const handle = (await files?.getFileHandle('kept.bin', { create: true })) ?? null;
      const [record, expired] = [recordOf({ handle }), recordOf({ expiresAt: NOW - 1 })];
      const write = old.transaction('uploads', 'readwrite').objectStore('uploads');
      await Promise.all([record, expired].map((one) => settled(write.put(one))));
      old.close();

      const [found, ...others] = await create().load(record.scope);

      expect([found?.id, found?.receipts, others]).to.deep.equal([record.id, record.receipts, []]);
      if (handle) expect(await handle.isSameEntry(found?.handle as FileSystemFileHandle)).to.equal(true);
      await create().put([{ ...record, pausedByUser: true }]);
      expect((await create().get(record.id))?.pausedByUser).to.equal(true);
    });
  }

  /** Upgrades the database as a later version of this package might. */
  const upgrade = async (change: (table: IDBObjectStore, database: IDBDatabase) => void) => {
    const opening = indexedDB.open(name, 99);
    opening.onupgradeneeded = () => {
      if (opening.transaction) change(opening.transaction.objectStore('uploads'), opening.result);
    };
    (await settled(opening)).close();
  };

  it('gives way to a page that upgrades the database, and goes on where the new one still fits', async () => {
    const store = create();
    const [kept, further] = [recordOf(), recordOf()];
    await store.put([kept]);
    await upgrade((table, database) => {
      table.createIndex('owner', 'user');
      database.createObjectStore('more');
    });

    await store.put([further]);
    await store.delete([further.id]);

    expect(await create().load(kept.scope)).to.deep.equal([kept]);
  });

  it('leaves records of a later version that it cannot read to that version', async () => {
    const record = recordOf();
    await create().put([record]);
    await upgrade((table) => table.put({ ...record, id: 'later', receipts: 'in another table' }));

    expect(await create().load(record.scope)).to.deep.equal([record]);
    const database = await openRaw(name);
    const left = await settled(database.transaction('uploads').objectStore('uploads').count());
    database.close();
    expect(left).to.equal(2);
  });

  it('says that it cannot use a database of a later version that no longer fits', async () => {
    const store = create();
    await store.put([recordOf()]);
    await upgrade((_table, database) => database.deleteObjectStore('uploads'));
    expect(await storageError(store.load('any'))).to.equal('storage: the database answered NotFoundError');
    expect(await storageError(store.put([recordOf()]))).to.equal('storage: the database answered NotFoundError');
  });

  it('opens again after its database was deleted', async () => {
    const store = create();
    const record = recordOf();
    await store.put([recordOf()]);
    await settled(indexedDB.deleteDatabase(name));
    await store.put([record]);
    expect(await store.load(record.scope)).to.deep.equal([record]);
  });

  it('fails in time when another page blocks the database, and works once it is free', async () => {
    const upgrading = indexedDB.open(name, 1);
    const held = new Promise<IDBDatabase>((resolve) => {
      upgrading.onupgradeneeded = () => {
        // An upgrade that takes long keeps all others from opening.
        const table = upgrading.result.createObjectStore('busy');
        const keepBusy = () => {
          if (!isFree) table.get(1).onsuccess = keepBusy;
        };
        keepBusy();
        resolve(upgrading.result);
      };
    });
    let isFree = false;
    await held;
    const store = create({ openTimeoutMs: 50 });
    const failure = await storageError(store.put([recordOf()]));
    isFree = true;
    (await settled(upgrading)).close();
    await settled(indexedDB.deleteDatabase(name));
    expect(failure).to.equal('storage: the database answered TimeoutError');
    await create().put([recordOf()]);
  });

  it('closes a connection that comes too late, so that nothing waits for it', async () => {
    const store = create({ openTimeoutMs: 0 });
    await storageError(store.put([recordOf()]));
    // Resolves only when no connection is left open.
    await settled(indexedDB.deleteDatabase(name));
  });

  it('tries again with a new connection when the old one has died unnoticed', async () => {
    const { open } = indexedDB;
    const opened: IDBDatabase[] = [];
    IDBFactory.prototype.open = function (this: IDBFactory, ...args: Parameters<typeof open>) {
      const request = open.apply(this, args);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    };
    const store = create();
    const record = recordOf();
    await store.put([record]);
    IDBFactory.prototype.open = open;
    for (const database of opened) database.close();
    expect(await store.get(record.id)).to.deep.equal(record);
  });

  it('fails with a storage error where there is no database', async () => {
    const { open } = indexedDB;
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const failure = await storageError(create().load('any'));
    IDBFactory.prototype.open = open;
    expect(failure).to.equal('storage: the database answered SecurityError');
  });

  it('fails with a storage error when the disk is full, and keeps what was there', async () => {
    const store = create();
    const record = recordOf();
    await store.put([record]);
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      const request = put.apply(this, args);
      throw request && new DOMException('full', 'QuotaExceededError');
    };
    const failure = await storageError(store.put([{ ...record, pausedByUser: true }]));
    IDBObjectStore.prototype.put = put;
    expect(failure).to.equal('storage: the database answered QuotaExceededError');
    expect((await store.get(record.id))?.pausedByUser).to.equal(false);
  });
});
