import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../../../src/preset.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeChannelHub, FakeLockManager } from '../../support/fake-ports.js';

/** Two tabs of one page; the second was there before anything was uploaded. */
const twoTabs = async (options: Partial<EngineOptions> = {}) => {
  const clock = new FakeClock();
  const store = new MemoryStore({ wallNow: () => clock.wallNow() });
  const manager = new FakeLockManager();
  const channels = new FakeChannelHub();
  const open = async () => {
    const locks = manager.tab();
    const bench = new Bench({ protocol: 'chunked', ...options }, { clock, store, locks, channel: channels.tab() });
    await bench.engine.restore();
    return { bench, die: locks.die };
  };
  const [first, second] = [await open(), await open()];
  /** Records are written and the others have looked them up. */
  const told = () => clock.advance(1_000);
  return { clock, manager, first, second, open, told };
};

describe('Other tabs', () => {
  it('show what begins to be uploaded here', async () => {
    const { first, second, told } = await twoTabs();
    const id = first.bench.add(fileOf('a.bin', 20));

    await told();

    assert.equal(second.bench.state(id), 'waiting other-tab');
    assert.deepEqual(
      second.bench.events.of('uploads-restored').map(({ uploads }) => uploads.map((upload) => upload.id)),
      [[id]],
    );
  });

  it('take over what had begun after they were opened', async () => {
    const { first, second, told } = await twoTabs();
    const id = first.bench.add(fileOf('a.bin', 20));
    await first.bench.server.openSession();
    await told();

    first.die();
    await told();

    assert.equal(second.bench.state(id), 'paused needs-file');
  });

  it('take the same file, chosen there as well, for the same upload', async () => {
    const { first, second, told } = await twoTabs();
    const id = first.bench.add(fileOf('a.bin', 20));
    await first.bench.server.nextInit();
    await told();

    assert.equal(second.bench.add(fileOf('a.bin', 20)), id);

    await second.bench.transport.quiet();
    assert.equal(second.bench.engine.uploads.length, 1);
  });

  it('leave alone what still waits for its turn here', async () => {
    const { first, open, told } = await twoTabs({ autoStart: false });
    const id = first.bench.add(fileOf('a.bin', 20));
    await told();

    const later = await open();
    assert.equal(later.bench.state(id), 'waiting other-tab');
    first.bench.engine.start();

    await first.bench.server.nextInit();
    assert.equal(first.bench.state(id), 'preparing');
  });

  it('are spared an upload that ended before its record was written', async () => {
    const { first, second, told, manager } = await twoTabs();
    const id = first.bench.add(fileOf('a.bin', 20));
    first.bench.engine.cancel(id);

    await told();

    assert.deepEqual([second.bench.engine.uploads, manager.held], [[], []]);
  });

  it('are not heard by an engine that was closed, until it restores again', async () => {
    const { first, second, told } = await twoTabs();
    assert.equal(second.bench.engine.close(), true);
    const id = first.bench.add(fileOf('a.bin', 20));
    await told();
    assert.deepEqual(second.bench.engine.uploads, []);

    await second.bench.engine.restore();

    assert.equal(second.bench.state(id), 'waiting other-tab');
  });

  it('are heard by an engine that has something to do, although it was to be closed', async () => {
    const { first, second, told } = await twoTabs();
    const id = first.bench.add(fileOf('a.bin', 20));
    await told();
    assert.deepEqual([first.bench.engine.close(), second.bench.engine.close()], [false, false]);

    second.bench.engine.cancel(id);
    await told();

    assert.equal(first.bench.state(id), 'canceled');
    assert.equal(first.bench.engine.close(), true);
  });

  it('that restore nothing show nothing of others', async () => {
    const { first, told, clock } = await twoTabs();
    const quiet = new Bench({ protocol: 'chunked' }, { clock, store: first.bench.store });
    first.bench.add(fileOf('a.bin', 20));

    await told();

    assert.deepEqual(quiet.engine.uploads, []);
  });
});
