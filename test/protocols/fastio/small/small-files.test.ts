import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { BATCH, type Bench, endsOf, fileOf, MiB, openBench, untilIdle, uploadAll } from '../support/bench.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('small files by fastio', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  it('sends 500 files of 20 kB in three batches, and asks only after those that were not placed at once', async () => {
    bench = await openBench({ current: { unresolvedEvery: 50 } });
    const files = Array.from({ length: 500 }, (_, index) => fileOf(`f${index}.bin`, 20_000, index + 1));
    const uploads = await uploadAll(bench.open(), files);
    assert.equal(uploads.filter(({ state }) => state === 'done').length, 500);
    assert.equal(bench.count(BATCH), 3);
    assert.equal(bench.stored().size, 500);
    const others = bench.requests().filter((request) => request !== BATCH && !request.endsWith('/details/'));
    assert.deepEqual(others.sort(), ['GET upload/algos/', 'GET upload/limits/']);
  });

  it('sends files with long names one by one, because batches shorten them', async () => {
    bench = await openBench();
    const names = [`${'n'.repeat(97)}.bin`, `${'n'.repeat(96)}.bin`, `${'ö'.repeat(200)}.bin`, 'a.bin'];
    const uploads = await uploadAll(
      bench.open(),
      names.map((name, index) => fileOf(name, 10 + index)),
    );
    assert.deepEqual(endsOf(uploads), ['done', 'done', 'done', 'done']);
    assert.deepEqual([...bench.stored().keys()].sort(), names.sort());
    assert.equal(bench.count(BATCH), 1);
  });

  it('uploads as a guest of a share, whose files go one by one because batches need a login', async () => {
    const share = '9876543210987654321';
    bench = await openBench({ current: { shares: [{ id: share, type: 'receive' }] } });
    const { url } = bench.emulator;
    const guest = await fetch(`${url}/current/share/${share}/auth/guest/`, { method: 'POST', body: '{}' });
    const { auth_token: token } = (await guest.json()) as { auth_token: string };
    const engine = bench.open({
      workspaceId: `share/${share}`,
      headers: async () => ({ Authorization: `Bearer ${token}` }),
    });
    const files = [fileOf('a.bin', 1), fileOf('b.bin', 2), fileOf('c.bin', 5 * MiB)];
    assert.deepEqual(endsOf(await uploadAll(engine, files)), ['done', 'done', 'done']);
    assert.deepEqual(endsOf((await uploadAll(engine, [fileOf('d.bin', 3), fileOf('e.bin', 4)])).slice(3)), [
      'done',
      'done',
    ]);
    assert.equal(bench.count(BATCH), 1);
    assert.equal(bench.stored().size, 5);
  });

  it('sends small files once that were paused and resumed while their batch was under way', async () => {
    bench = await openBench({ faults: [{ match: { path: '/batch/$' }, action: { type: 'delay', ms: 300 } }] });
    const engine = bench.open();
    const idle = untilIdle(engine);
    const [first] = engine.addFiles([fileOf('a.bin', 10), fileOf('b.bin', 11), fileOf('c.bin', 12)]);
    while (bench.count(BATCH) === 0) await nextTurn();
    engine.pause(first?.id);
    engine.resume(first?.id);
    await idle;
    assert.deepEqual(endsOf(engine.uploads), ['done', 'done', 'done']);
    assert.deepEqual(
      bench.requests().filter((request) => request.startsWith('POST')),
      [BATCH],
    );
  });

  it('sends small files again that were all paused on the way', async () => {
    bench = await openBench({ faults: [{ match: { path: '/batch/$' }, times: 1, action: { type: 'swallow' } }] });
    const engine = bench.open();
    engine.addFiles([fileOf('a.bin', 10), fileOf('b.bin', 11), fileOf('c.bin', 12)]);
    while (bench.count(BATCH) === 0) await nextTurn();
    engine.pause();
    // The request has broken off.
    while (bench.emulator.log().some(({ endedAt }) => endedAt === null)) await nextTurn();
    const idle = untilIdle(engine);
    engine.resume();
    await idle;
    assert.deepEqual(endsOf(engine.uploads), ['done', 'done', 'done']);
    assert.equal(bench.count(BATCH), 2);
  });
});
