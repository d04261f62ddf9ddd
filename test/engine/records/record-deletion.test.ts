import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../../../src/preset.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { FakeLockManager } from '../../support/fake-ports.js';

/** An engine whose store counts what is deleted, with one upload that has been opened. */
const counted = async (options: Partial<EngineOptions> = {}, locks = new FakeLockManager().tab()) => {
  const clock = new FakeClock();
  const store = new MemoryStore({ wallNow: () => clock.wallNow() });
  const deleted: string[] = [];
  const counting = {
    load: (scope: string) => store.load(scope),
    get: (id: string) => store.get(id),
    put: (records: Parameters<MemoryStore['put']>[0]) => store.put(records),
    delete: async (ids: readonly string[]) => {
      deleted.push(...ids);
      await store.delete(ids);
      // As from a database, whose answer takes its time.
      await settle();
    },
  };
  const bench = new Bench({ protocol: 'presigned', ...options }, { store: counting, locks, clock });
  const id = bench.add(fileOf('a.bin', 20));
  const mint = await bench.transport.next('POST', '/uploads');
  await mint.answer({ json: { uploadUrl: 'https://storage.test/a', fileId: 'f1' } });
  await bench.clock.advance(1_000);
  return { bench, id, deleted, store };
};

const finish = async ({ transport }: Bench) => (await transport.next('PUT', '/a')).answer({});

describe('RecordKeeper, deletion', () => {
  it('deletes a record once, at its end, and not again for whatever is done to the upload afterwards', async () => {
    const { bench, id, deleted } = await counted();
    await finish(bench);
    await bench.clock.advance(1_000);
    assert.equal(bench.state(id), 'done');

    bench.engine.pause();
    bench.engine.cancel();
    bench.engine.clear();
    await bench.clock.advance(1_000);

    assert.deepEqual(deleted, [id]);
  });

  it('deletes the record of an upload that is canceled once', async () => {
    const { bench, id, deleted } = await counted();

    bench.engine.remove(id);
    await bench.clock.advance(1_000);

    assert.deepEqual(deleted, [id]);
  });

  it('deletes what it wrote before it was told to keep nothing', async () => {
    const { bench, id, deleted } = await counted();

    bench.engine.configure({ resume: false });
    await finish(bench);
    bench.add(fileOf('b.bin', 20));
    bench.engine.cancel();
    await bench.clock.advance(1_000);

    assert.deepEqual(deleted, [id]);
  });

  it('does not bring back the record of a failed upload that is removed while others are written', async () => {
    const manager = new FakeLockManager();
    const tab = manager.tab();
    let grant = () => {};
    const slow = new Promise<void>((resolve) => {
      grant = resolve;
    });
    let isSlow = false;
    const tryHold = async (name: string) => {
      if (isSlow) await slow;
      return tab.tryHold(name);
    };
    const { bench, id, store } = await counted({ retryWindowMs: 0 }, { ...tab, tryHold });
    await (await bench.transport.next('PUT', '/a')).fail();
    await bench.clock.advance(5_000);
    isSlow = true;
    bench.add(fileOf('b.bin', 20));
    await (await bench.transport.next('PUT', '/a')).fail();
    assert.equal(bench.state(id), 'failed');
    await bench.clock.advance(1_000);

    bench.engine.remove(id);
    grant();
    await settle();
    await bench.clock.advance(1_000);

    assert.equal(await store.get(id), null);
  });
});
