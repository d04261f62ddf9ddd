import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Store } from '../../../src/ports/store.js';
import type { EngineOptions } from '../../../src/preset.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { fakeHasher } from '../../support/fake-ports.js';

const FILES = 30;

/** Each transaction, with how many records it is about. */
const counted = () => {
  const clock = new FakeClock();
  const memory = new MemoryStore({ wallNow: () => clock.wallNow() });
  const log: string[] = [];
  const store: Store = {
    load: (scope) => memory.load(scope),
    get: (id) => memory.get(id),
    put: (records) => {
      log.push(`put ${records.length}`);
      return memory.put(records);
    },
    delete: (ids) => {
      log.push(`delete ${ids.length}`);
      return memory.delete(ids);
    },
  };
  const bench = new Bench({ protocol: 'presigned' }, { clock, store });
  return { bench, clock, log, memory };
};

const addMany = ({ engine }: Bench): void => {
  engine.addFiles(Array.from({ length: FILES }, (_, index) => fileOf(`${index}.bin`, 10)));
};

const storeAll = async (bench: Bench): Promise<void> => {
  for (let file = 0; bench.engine.progress.pending > 0; file += 1) {
    for (const { method, answer } of bench.transport.open.map((open) => ({ method: open.method, answer: open }))) {
      const json = { uploadUrl: `https://storage.test/${file}-${Math.random()}`, fileId: `f${Math.random()}` };
      await answer.answer(method === 'POST' ? { json } : {});
    }
  }
};

describe('Records', () => {
  it('are not written for files that live for a moment, and so not deleted', async () => {
    const { bench, clock, log } = counted();
    addMany(bench);
    await bench.settle();
    await storeAll(bench);
    await clock.advance(5_000);

    assert.equal(bench.engine.progress.done, FILES);
    assert.deepEqual(log, []);
  });

  it('that were written are deleted in a few transactions', async () => {
    const { bench, clock, log, memory } = counted();
    addMany(bench);
    await clock.advance(1_000);
    const { uploads } = bench.engine;
    assert.ok(log.length > 0 && log.every((entry) => entry.startsWith('put')));

    log.length = 0;
    bench.engine.cancel();
    await clock.advance(1_000);

    assert.ok(log.length <= 2, log.join(', '));
    assert.deepEqual(await Promise.all(uploads.map(({ id }) => memory.get(id))), Array(FILES).fill(null));
  });
});

describe('A fingerprint', () => {
  const samples = async (size: number, options: Partial<EngineOptions>) => {
    let made = 0;
    const sha256 = (bytes: ArrayBuffer) => {
      made += 1;
      return fakeHasher.sha256(bytes);
    };
    const bench = new Bench({ protocol: 'presigned', ...options }, { hasher: { ...fakeHasher, sha256 } });
    bench.add(fileOf('a.bin', size));
    await bench.server.store();
    assert.equal(bench.engine.progress.done, 1);
    return made;
  };

  it('is made of a file whose record is kept', async () => {
    assert.ok((await samples(10, {})) > 0);
  });

  it('is not made of a small file of which nothing is kept', async () => {
    assert.equal(await samples(10, { resume: false }), 0);
  });

  it('is made of a larger one, which must not change on its way', async () => {
    assert.ok((await samples(100_000, { resume: false })) > 0);
  });
});
