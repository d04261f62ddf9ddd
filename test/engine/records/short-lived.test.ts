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
const counted = (protocol: 'presigned' | 'chunked' = 'presigned') => {
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
  const bench = new Bench({ protocol }, { clock, store });
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

describe('The record of a brief file', () => {
  const begun = async () => {
    const made = counted();
    const id = made.bench.add(fileOf('a.bin', 10));
    await made.clock.advance(500);
    await made.bench.server.grant();
    await made.clock.advance(500);
    return { ...made, id };
  };

  it('is not written again for the session that was opened', async () => {
    const { bench, log, id } = await begun();

    assert.equal(bench.state(id), 'uploading');
    assert.deepEqual(log, ['put 1']);
  });

  it('is not written again when the file leaves the queue', async () => {
    const { bench, clock, log } = counted();
    bench.engine.configure({ autoStart: false });
    bench.add(fileOf('a.bin', 10));
    await clock.advance(500);
    bench.engine.start();
    await bench.server.grant();
    await clock.advance(500);

    assert.deepEqual(log, ['put 1']);
  });

  it('is written again for a session that a later page can ask what it has', async () => {
    const { bench, clock, memory } = counted('chunked');
    const id = bench.add(fileOf('a.bin', 10));
    await clock.advance(500);
    await bench.server.openSession({ part_size: 10 });
    await clock.advance(500);

    const record = await memory.get(id);
    assert.notEqual(record?.session ?? null, null);
    assert.notEqual(record?.fingerprint ?? null, null);
  });

  it('is written again when the user pauses the file, and when it goes on', async () => {
    const { bench, clock, memory, id } = await begun();
    bench.engine.pause(id);
    await clock.advance(250);
    assert.equal((await memory.get(id))?.pausedByUser, true);

    bench.engine.resume(id);
    await clock.advance(250);
    assert.equal((await memory.get(id))?.pausedByUser, false);
  });

  it('holds what was changed just before the file was started', async () => {
    const { bench, clock, memory } = counted();
    bench.engine.configure({ autoStart: false });
    const id = bench.add(fileOf('a.bin', 10));
    await clock.advance(500);
    bench.engine.setMetadata(id, { title: 'Dawn' });
    bench.engine.start();
    await bench.server.grant();
    await clock.advance(500);

    assert.deepEqual((await memory.get(id))?.metadata, { title: 'Dawn' });
  });

  it('is deleted for good while the file of a failed upload is still being sampled', async () => {
    const { bench, clock, memory, id } = await begun();
    let read = () => {};
    const isRead = new Promise<void>((resolve) => {
      read = resolve;
    });
    const file = bench.engine.fileOf(id) as File;
    const { arrayBuffer } = file;
    let isAsked = false;
    file.arrayBuffer = async () => {
      isAsked = true;
      await isRead;
      return arrayBuffer.call(file);
    };
    while (bench.state(id) !== 'failed') {
      await (await bench.server.nextPut()).answer({ status: 500 });
      await clock.advanceUntil(() => !bench.state(id).startsWith('waiting'));
    }
    await clock.advance(500);
    assert.ok(isAsked);
    bench.engine.remove(id);
    await clock.advance(500);
    read();
    await clock.advance(10_000);

    assert.equal(await memory.get(id), null);
  });
});

describe('A fingerprint', () => {
  const sampling = (options: Partial<EngineOptions> = {}) => {
    const sampled: number[] = [];
    const sha256 = (bytes: ArrayBuffer) => {
      sampled.push(bytes.byteLength);
      return fakeHasher.sha256(bytes);
    };
    const bench = new Bench({ protocol: 'presigned', ...options }, { hasher: { ...fakeHasher, sha256 } });
    return { bench, sampled };
  };

  it('is not made of a brief file that is stored in a moment', async () => {
    const { bench, sampled } = sampling();
    bench.add(fileOf('a.bin', 10));
    await bench.server.store();

    assert.equal(bench.engine.progress.done, 1);
    assert.deepEqual(sampled, []);
  });

  it('is made of one that is paused, so that a later page recognizes it after its date has changed', async () => {
    const { bench, sampled } = sampling();
    const id = bench.add(fileOf('a.bin', 10));
    await bench.server.grant();
    bench.engine.pause(id);
    await bench.clock.advance(1_000);

    assert.deepEqual(sampled, [10]);
    assert.notEqual((await bench.store.get(id))?.fingerprint ?? null, null);
  });

  it('is not made of one of which nothing is kept', async () => {
    const { bench, sampled } = sampling({ resume: false });
    const id = bench.add(fileOf('a.bin', 10));
    await bench.server.grant();
    bench.engine.pause(id);
    await bench.clock.advance(1_000);

    assert.deepEqual(sampled, []);
  });

  it('is made of a brief file in several parts, which must be of one content', async () => {
    const { bench, sampled } = sampling({ protocol: 'chunked', resume: false });
    bench.add(fileOf('a.bin', 30));
    await bench.server.openSession({ part_size: 10 });

    assert.deepEqual(sampled, [30]);
  });

  it('is made of a larger file before anything is sent', async () => {
    const { bench, sampled } = sampling({ resume: false });
    bench.add(fileOf('a.bin', 100_000));
    await bench.settle();

    assert.equal(sampled.length, 1);
  });
});
