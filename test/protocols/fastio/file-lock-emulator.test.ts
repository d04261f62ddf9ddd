import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Bench, fileOf, MiB, openBench, uploadAll, WORKSPACE } from './support/bench.js';

describe('a lock at the emulator', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  for (const generation of ['stored', 'complete'] as const) {
    it(`replaces a node under its lock and gives the lock back, where sessions end at ${generation}`, async () => {
      bench = await openBench({ generation });
      const [first] = await uploadAll(bench.open(), [fileOf('a.bin', 10)]);
      const engine = bench.open({ metadata: { fastioFileId: first?.fileId } });
      const file = fileOf('a.bin', 5 * MiB);
      const [second] = await uploadAll(engine, [file]);
      assert.equal(second?.error, null);
      assert.equal(second?.fileId, first?.fileId);
      await bench.assertStored(file);
      const lock = `workspace/${WORKSPACE}/storage/${first?.fileId}/lock/`;
      const status = await fetch(`${bench.emulator.url}/current/${lock}`, {
        headers: { Authorization: `Bearer ${bench.emulator.apiKey}` },
      });
      assert.equal(((await status.json()) as { locked: boolean }).locked, false);
    });
  }

  it('replaces a node though the opening fails at first, and is not kept out by a lock of its own', async () => {
    bench = await openBench();
    const [first] = await uploadAll(bench.open(), [fileOf('a.bin', 10)]);
    const match = { method: 'POST', path: 'current/upload/$' };
    bench.emulator.faults([
      { match, times: 1, action: { type: 'status', status: 503 } },
      { match, after: 1, times: 1, action: { type: 'drop-answer' } },
    ]);
    const engine = bench.open({ metadata: { fastioFileId: first?.fileId } });
    const [second] = await uploadAll(engine, [fileOf('a.bin', 5 * MiB)]);
    assert.equal(second?.error, null);
    assert.equal(bench.count('POST workspace/{id}/storage/{id}/lock/'), 3);
    assert.equal(bench.count('DELETE workspace/{id}/storage/{id}/lock/'), 3);
  });

  it('keeps its lock when a chunk arrives damaged and is sent again', async () => {
    bench = await openBench();
    const [first] = await uploadAll(bench.open(), [fileOf('a.bin', 10)]);
    bench.emulator.faults([{ match: { path: '/chunk/$' }, times: 1, action: { type: 'status', status: 406 } }]);
    const engine = bench.open({ metadata: { fastioFileId: first?.fileId } });
    const file = fileOf('a.bin', 5 * MiB);
    const [second] = await uploadAll(engine, [file]);
    assert.equal(second?.error, null);
    await bench.assertStored(file);
    assert.equal(bench.count('POST workspace/{id}/storage/{id}/lock/'), 1);
    assert.equal(bench.count('DELETE workspace/{id}/storage/{id}/lock/'), 1);
  });

  it('names the holder of a lock and sends nothing', async () => {
    bench = await openBench();
    const [first] = await uploadAll(bench.open(), [fileOf('a.bin', 10)]);
    await fetch(`${bench.emulator.url}/current/workspace/${WORKSPACE}/storage/${first?.fileId}/lock/`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${bench.emulator.apiKey}` },
      body: new URLSearchParams({ duration: '60' }),
    });
    const engine = bench.open({ metadata: { fastioFileId: first?.fileId } });
    const [second] = await uploadAll(engine, [fileOf('a.bin', 5 * MiB)]);
    const { code, holder, lockedUntil = 0 } = second?.error ?? {};
    assert.deepEqual([code, holder], ['locked', 'owner']);
    assert.ok(lockedUntil > Date.now() && lockedUntil <= Date.now() + 61_000, String(lockedUntil));
    assert.equal(bench.count('POST upload/'), 1);
  });
});
