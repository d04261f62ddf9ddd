import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeChannelHub, FakeLockManager } from '../../support/fake-ports.js';

/** A tab that drives an upload of two parts, and others that were open before and watch it. */
const watched = async (watchers: number) => {
  const clock = new FakeClock();
  const store = new MemoryStore({ wallNow: () => clock.wallNow() });
  const manager = new FakeLockManager();
  const hub = new FakeChannelHub();
  const said: unknown[] = [];
  const listening = new AbortController();
  hub.tab().listen((message) => said.push(message), listening);
  const deaths = new Map<Bench, () => void>();
  const open = () => {
    const locks = manager.tab();
    const bench = new Bench({ protocol: 'chunked', parallel: 1 }, { clock, store, locks, channel: hub.tab() });
    deaths.set(bench, locks.die);
    return bench;
  };
  const owner = open();
  const others = Array.from({ length: watchers }, open);
  for (const { engine } of others) await engine.restore();
  const id = owner.add(fileOf('a.bin', 20));
  await (await owner.transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });
  const part = await owner.transport.next('PUT', '/uploads/s1/parts');
  await clock.advance(1_000);
  return { clock, hub, owner, others, id, part, said, die: deaths.get(owner) };
};

describe('Tabs that watch', () => {
  it('tell each other nothing of what a third one drives', async () => {
    const { clock, others, id, part, said } = await watched(2);

    part.progress(7);
    await clock.advance(1_000);
    assert.deepEqual(
      others.map((bench) => bench.upload(id).sentBytes),
      [7, 7],
    );
    said.length = 0;
    await clock.advance(10_000);

    assert.deepEqual(said, []);
  });

  it('resume what they paused', async () => {
    const {
      clock,
      owner,
      others: [other],
      id,
    } = await watched(1);

    other?.engine.pause();
    await clock.advance(100);
    assert.equal(owner.state(id), 'paused user');
    other?.engine.resume();
    await clock.advance(100);

    assert.notEqual(owner.upload(id).state, 'paused');
  });

  it('show of a message what belongs to progress, and nothing else', async () => {
    const {
      clock,
      hub,
      others: [other],
      id,
    } = await watched(1);
    const progress = {
      sentBytes: 3,
      confirmedBytes: 0,
      ratio: 0.15,
      bytesPerSecond: 1,
      remainingMs: null,
      parts: null,
    };

    hub.tab().post({ type: 'progress', id, progress: { ...progress, state: 'done', name: 'other.bin' } });
    await clock.advance(100);

    const upload = other?.upload(id);
    assert.deepEqual([upload?.sentBytes, upload?.state, upload?.name], [3, 'waiting', 'a.bin']);
  });

  it('go back behind nothing that they have shown when they take over', async () => {
    const {
      clock,
      others: [other],
      id,
      part,
      die,
    } = await watched(1);
    part.progress(9);
    await clock.advance(1_000);
    assert.equal(other?.upload(id).ratio, 0.45);

    die?.();
    await clock.advance(1_000);

    assert.deepEqual([other?.state(id), other?.upload(id).ratio], ['paused needs-file', 0.45]);
  });
});
