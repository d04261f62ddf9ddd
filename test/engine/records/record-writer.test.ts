import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecordWriter } from '../../../src/engine/records/record-writer.js';
import type { FileHandle } from '../../../src/ports/source.js';
import type { Store, UploadRecord } from '../../../src/ports/store.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { FakeClock, settle } from '../../support/fake-clock.js';

/** Only the id matters here. */
const recordOf = (id: string, size = 0): UploadRecord => ({
  id,
  size,
  scope: 's',
  name: '',
  type: '',
  lastModified: 0,
  relativePath: '',
  fingerprint: null,
  handle: null,
  protocol: null,
  session: null,
  partSize: null,
  receipts: [],
  pausedByUser: false,
  createdAt: 0,
  updatedAt: 0,
  expiresAt: 0,
});

const setUp = () => {
  const clock = new FakeClock();
  const log: string[] = [];
  let whenWritten: Promise<void> = Promise.resolve();
  const store: Store = {
    load: async () => [],
    get: async () => null,
    put: async (records) => {
      await whenWritten;
      log.push(`put ${records.map(({ id, size }) => `${id}:${size}`).join(' ')}`);
    },
    delete: async (ids) => {
      await whenWritten;
      log.push(`delete ${ids.join(' ')}`);
    },
  };
  const slow = () => {
    let go = () => {};
    whenWritten = new Promise((resolve) => {
      go = resolve;
    });
    return go;
  };
  const deletion = { isLast: true };
  const ledgerOver = (over: Store) =>
    new RecordWriter({
      store: over,
      clock,
      beforeWrite: async () => {},
      isLastDeletion: () => deletion.isLast,
      afterWrite: () => {},
      onBroken: () => log.push('broken'),
    });
  return { clock, log, store, slow, deletion, ledgerOver, ledger: ledgerOver(store) };
};

/** Lets time pass until the work is done. */
const during = async <T>(clock: FakeClock, work: Promise<T>): Promise<T> => {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  await clock.advanceUntil(() => isOver);
  return work;
};

describe('RecordWriter', () => {
  it('writes the records of a moment together, as they are then', async () => {
    const { ledger, clock, log } = setUp();
    let size = 1;
    for (const id of ['a', 'b', 'a']) ledger.save(id, () => recordOf(id, size));
    size = 2;

    await clock.advance(250);

    assert.deepEqual(log, ['put a:2 b:2']);
    assert.equal(clock.pending, 0);
  });

  it('writes at once what an upload waits for, together with the others that wait, and not a second time', async () => {
    const { ledger, clock, log } = setUp();
    ledger.save('a', () => recordOf('a'));
    ledger.save('c', () => recordOf('c'));

    await Promise.all([ledger.write('a', () => recordOf('a', 1)), ledger.write('b', () => recordOf('b', 2))]);
    assert.deepEqual(log, ['put a:1 b:2']);
    await clock.advance(250);

    assert.deepEqual(log, ['put a:1 b:2', 'put c:0']);
    assert.equal(clock.pending, 0);
  });

  it('does not let an upload wait for a store that hangs', async () => {
    const { ledger, clock, slow } = setUp();
    const go = slow();
    let isOver = false;
    void ledger
      .write('a', () => recordOf('a'))
      .then(() => {
        isOver = true;
      });

    await clock.advance(2_999);
    assert.equal(isOver, false);
    await clock.advance(1);

    assert.equal(isOver, true);
    go();
    await settle();
  });

  it('lets only one wait for a store that hangs, until it answers', async () => {
    const { ledger, clock, log, slow } = setUp();
    const go = slow();
    void ledger.write('a', () => recordOf('a'));
    await clock.advance(3_000);

    await ledger.write('b', () => recordOf('b'));
    assert.deepEqual(log, []);
    go();
    await settle();
    await Promise.all([ledger.write('c', () => recordOf('c')), clock.advance(250)]);

    assert.deepEqual(log, ['put a:0', 'put c:0', 'put b:0']);
  });

  it('writes four times a second at most, and many records in several transactions', async () => {
    const { ledger, clock, log } = setUp();
    const saveAll = () => {
      for (let i = 0; i < 101; i++) ledger.save(`${i}`, () => recordOf(`${i}`));
    };
    saveAll();
    await clock.advance(249);
    assert.equal(log.length, 0);

    await clock.advance(1);
    saveAll();
    await clock.advance(249);

    assert.deepEqual(
      log.map((line) => line.split(' ').length - 1),
      [40, 40, 21],
    );
    await clock.advance(1);
    assert.equal(log.length, 6);
  });

  it('writes no record of a later transaction that is over by then', async () => {
    const { ledger, clock, log, slow } = setUp();
    for (let i = 0; i < 41; i++) ledger.save(`${i}`, () => recordOf(`${i}`));
    const go = slow();
    await clock.advance(250);
    const forgotten = ledger.forget('40');
    go();
    await forgotten;
    await settle();

    assert.deepEqual(
      log.filter((line) => line.includes('40')),
      ['delete 40'],
    );
  });

  it('does not write what is over by then', async () => {
    const { ledger, clock, log } = setUp();
    ledger.save('a', () => null);

    await clock.advance(1_000);

    assert.deepEqual(log, []);
  });

  it('forgets at once, without waiting for the next flush', async () => {
    const { ledger, clock, log } = setUp();
    ledger.save('a', () => recordOf('a'));
    ledger.save('b', () => recordOf('b'));

    await ledger.forget('a');
    assert.deepEqual(log, ['delete a']);
    await clock.advance(250);

    assert.deepEqual(log, ['delete a', 'put b:0']);
  });

  it('deletes after a write that is under way, so that the record does not come back', async () => {
    const { ledger, clock, log, slow } = setUp();
    const go = slow();
    ledger.save('a', () => recordOf('a'));
    await clock.advance(250);

    void ledger.forget('a');
    await settle();
    assert.deepEqual(log, []);
    go();
    await settle();

    assert.deepEqual(log, ['put a:0', 'delete a']);
  });

  it('says once that a store fails, and rests after some attempts', async () => {
    const { clock, store, log, ledgerOver } = setUp();
    let attempts = 0;
    const put = () => {
      attempts += 1;
      return Promise.reject(new Error('disk full'));
    };
    const ledger = ledgerOver({ ...store, put });
    ledger.save('a', () => recordOf('a'));

    await clock.advance(3600_000);

    assert.deepEqual([log, clock.pending], [['broken'], 0]);
    assert.ok(attempts <= 6, `${attempts} attempts`);
  });

  for (let moment = 0; moment < 20; moment++) {
    it(`goes on after one operation that fails, the one with number ${moment}`, async () => {
      const { clock, ledgerOver } = setUp();
      const stored = new Map<string, UploadRecord>();
      let count = 0;
      const once = async <T>(operation: () => T): Promise<T> => {
        if (count++ === moment) throw new DOMException('no room', 'QuotaExceededError');
        return operation();
      };
      const ledger = ledgerOver({
        load: () => once(() => [...stored.values()]),
        get: (id) => once(() => stored.get(id) ?? null),
        put: (records) =>
          once(() => {
            for (const record of records) stored.set(record.id, record);
          }),
        delete: (ids) =>
          once(() => {
            for (const id of ids) stored.delete(id);
          }),
      });

      for (let id = 0; id < 10; id++) {
        ledger.save(`${id}`, () => recordOf(`${id}`));
        await clock.advance(2_000);
        if (id % 2 === 0) assert.equal(await during(clock, ledger.forget(`${id}`)), true);
      }
      await clock.advance(10_000);

      assert.deepEqual([...stored.keys()], ['1', '3', '5', '7', '9']);
    });
  }

  it('deletes what is forgotten together in one transaction, and in the next what comes meanwhile', async () => {
    const { log, slow, ledger } = setUp();
    const go = slow();
    const first = ['a', 'b', 'c'].map((id) => ledger.forget(id));
    await settle();
    const next = ['d', 'e'].map((id) => ledger.forget(id));
    go();

    assert.deepEqual(await Promise.all([...first, ...next]), Array(5).fill(true));
    assert.deepEqual(log, ['delete a b c', 'delete d e']);
  });

  it('gathers deletions for a tenth of a second while other records are kept, and none after the last', async () => {
    const { clock, log, deletion, ledger } = setUp();
    deletion.isLast = false;

    const first = ledger.forget('a');
    await settle();
    const gathered = Promise.all(['b', 'c'].map((id) => ledger.forget(id)));
    await clock.advance(99);
    assert.deepEqual(log, ['delete a']);

    await clock.advance(1);
    assert.deepEqual(log, ['delete a', 'delete b c']);

    const more = ledger.forget('d');
    deletion.isLast = true;
    const last = ledger.forget('e');
    await settle();
    assert.deepEqual(log, ['delete a', 'delete b c', 'delete d e']);
    assert.deepEqual(await Promise.all([first, more, last]), [true, true, true]);
    assert.deepEqual(await gathered, [true, true]);
  });

  it('deletes although nothing can be written', async () => {
    const { clock, store, log, ledgerOver } = setUp();
    const ledger = ledgerOver({ ...store, put: () => Promise.reject(new Error('disk full')) });
    ledger.save('a', () => recordOf('a'));
    await clock.advance(60_000);

    assert.equal(await ledger.forget('b'), true);

    assert.deepEqual(log, ['broken', 'delete b']);
  });

  it('says that a record may still be there, once it has tried for a while', async () => {
    const { clock, store, ledgerOver } = setUp();
    const ledger = ledgerOver({ ...store, delete: () => Promise.reject(new Error('blocked')) });

    assert.equal(await during(clock, ledger.forget('a')), false);
    assert.equal(clock.pending, 0);
  });

  it('gives up a handle that cannot be copied, and nothing beside it', async () => {
    const { clock, ledgerOver } = setUp();
    const store = new MemoryStore({ wallNow: () => 0 });
    const ledger = ledgerOver(store);
    const good = { kind: 'file' } as unknown as FileHandle;
    const bad = { getFile: async () => new File([], 'a') };
    const live = { name: 'a', expiresAt: 1 };
    ledger.save('a', () => ({ ...recordOf('a'), ...live, handle: good }));
    ledger.save('b', () => ({ ...recordOf('b'), ...live, handle: bad }));

    await clock.advance(250);

    const handles = (await store.load('s')).map(({ id, handle }) => [id, handle]);
    assert.deepEqual(handles, [
      ['a', good],
      ['b', null],
    ]);
  });
});
