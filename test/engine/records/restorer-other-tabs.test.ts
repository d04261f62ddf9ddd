import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UploadRecord } from '../../../src/ports/store.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf, SCOPE } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeChannelHub, FakeLockManager } from '../../support/fake-ports.js';
import { receiptsOf } from '../../support/scripted-server.js';
import { benchWith, file, recordOf } from './restored.js';

describe('Restorer, other tabs', () => {
  /** Another tab holds the lock of a record that this one restores. */
  const elsewhere = async (changes: Partial<UploadRecord> = {}) => {
    const locks = new FakeLockManager();
    const other = locks.tab();
    const channels = new FakeChannelHub();
    const heard: unknown[] = [];
    const channel = channels.tab();
    channel.listen((message) => heard.push(message), { signal: new AbortController().signal });
    const record = await recordOf(file, changes);
    await other.tryHold(`fastio-upload:${record.id}`);
    const bench = await benchWith([record], {}, { locks: locks.tab(), channel: channels.tab() });
    await bench.engine.restore();
    await bench.settle();
    return { bench, id: record.id, locks, other, channel, heard };
  };

  /** A tab drives an upload that two others show, the first of which is the next to drive it. */
  const threeTabs = async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ wallNow: () => clock.wallNow() });
    const locks = new FakeLockManager();
    const channels = new FakeChannelHub();
    const record = await recordOf(file);
    await store.put([record]);
    const first = locks.tab();
    await first.tryHold(`fastio-upload:${record.id}`);
    const open = async () => {
      const bench = new Bench({ protocol: 'chunked' }, { clock, store, locks: locks.tab(), channel: channels.tab() });
      await bench.engine.restore();
      await bench.settle();
      return bench;
    };
    const without = await open();
    return { without, having: await open(), id: record.id, dieFirst: () => first.die() };
  };

  it('shows an upload that another tab drives, and touches neither record nor server', async () => {
    const { bench, id } = await elsewhere({ receipts: receiptsOf([1, 2, 3]) });

    assert.equal(bench.state(id), 'waiting other-tab');
    await bench.clock.advance(60_000);

    await bench.transport.quiet();
    assert.equal((await bench.store.load(SCOPE)).length, 1);
  });

  it('takes over when the other tab dies, from the record as it is then', async () => {
    const { bench, id, other } = await elsewhere();
    await bench.store.put([{ ...(await recordOf(file)), id, receipts: receiptsOf([1, 2, 3]) }]);

    other.die();
    await bench.server.showParts([1, 2, 3]);

    await bench.server.nextComplete();
  });

  it('goes on with a file that was chosen here while the other tab had the upload', async () => {
    const { bench, id, other } = await elsewhere();
    assert.equal(bench.add(fileOf('big.bin', 30)), id);
    await bench.settle();
    assert.equal(bench.state(id), 'waiting other-tab');

    other.die();

    await bench.server.nextInspect();
  });

  it('goes on where the file was chosen, although a tab without it took the upload over before', async () => {
    const { without, having, id, dieFirst } = await threeTabs();
    dieFirst();
    await without.settle();
    assert.deepEqual([without.state(id), having.state(id)], ['paused needs-file', 'waiting other-tab']);

    assert.equal(having.add(fileOf('big.bin', 30)), id);

    await (await having.server.nextInspect()).answer({ json: { parts: [] } });
    assert.deepEqual([without.state(id), having.state(id)], ['waiting other-tab', 'uploading']);
    assert.equal(without.transport.open.length, 0);
  });

  it('goes on where the file was chosen before a tab without it took the upload over', async () => {
    const { without, having, id, dieFirst } = await threeTabs();
    having.add(fileOf('big.bin', 30));
    await having.settle();

    dieFirst();

    await having.server.nextInspect();
    assert.equal(without.state(id), 'waiting other-tab');
  });

  it('keeps what it drives when another tab has the file as well', async () => {
    const { without: driving, having, id, dieFirst } = await threeTabs();
    driving.add(fileOf('big.bin', 30));
    await driving.settle();
    dieFirst();
    await driving.server.nextInspect();

    having.add(fileOf('big.bin', 30));
    await having.settle();

    assert.deepEqual([driving.state(id), having.state(id)], ['preparing', 'waiting other-tab']);
  });

  it('leaves the list when the other tab finishes it', async () => {
    const { bench, id, other, locks } = await elsewhere();
    await bench.store.delete([id]);

    other.die();
    await bench.settle();

    assert.deepEqual(bench.engine.uploads, []);
    assert.deepEqual(bench.events.names(id), ['upload-removed']);
    assert.deepEqual(locks.held, []);
  });

  it('stops waiting for the other tab when it is removed here, and asks nothing of that tab', async () => {
    const { bench, id, heard, locks } = await elsewhere();
    heard.length = 0;

    bench.engine.remove(id);
    await bench.settle();

    assert.equal(locks.waiting, 0);
    assert.deepEqual(heard, []);
    assert.equal((await bench.store.load(SCOPE)).length, 1);
  });

  it('asks the tab that drives it to pause or cancel it', async () => {
    const { bench, id, heard } = await elsewhere();
    heard.length = 0;

    bench.engine.pause(id);
    bench.engine.cancel(id);
    await bench.settle();

    assert.deepEqual(heard, [
      { type: 'pause', id },
      { type: 'cancel', id },
    ]);
    assert.equal(bench.state(id), 'waiting other-tab');
  });
});
