import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  type Bench,
  endsOf,
  fileOf,
  MiB,
  mostAtOnce,
  openBench,
  sha256Of,
  untilIdle,
  uploadAll,
} from './support/bench.js';

describe('chunks by fastio', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  it('fits a file into the chunks of the plan', async () => {
    bench = await openBench({ limits: { chunks: 5 } });
    const file = fileOf('large.bin', 12 * MiB + 1);
    assert.deepEqual(endsOf(await uploadAll(bench.open({ partSize: MiB }), [file])), ['done']);
    const [chunks = []] = bench.chunksBySession();
    assert.deepEqual(
      chunks.map(({ part }) => part),
      [1, 2, 3, 4, 5],
    );
    await bench.assertStored(file);
  });

  it('refuses a file that does not fit before a byte of it is sent', async () => {
    bench = await openBench({ limits: { chunks: 5, chunkSize: MiB } });
    const [upload] = await uploadAll(bench.open(), [fileOf('large.bin', 5 * MiB + 1)]);
    assert.equal(upload?.error?.code, 'too-large');
    assert.match(upload?.error?.message ?? '', /5 chunks of at most 1048576 bytes/);
    assert.deepEqual(bench.requests(), ['GET upload/limits/']);
  });

  it('never has more than three chunks of a session in flight, and the last one alone', async () => {
    bench = await openBench({ faults: [{ match: { path: '/chunk/$' }, action: { type: 'delay', ms: 150 } }] });
    const files = [fileOf('a.bin', 8 * MiB), fileOf('b.bin', 9 * MiB)];
    await uploadAll(bench.open({ partSize: MiB }), files);
    for (const chunks of bench.chunksBySession()) {
      assert.equal(mostAtOnce(chunks), 3);
      const last = chunks.at(-1);
      assert.ok(chunks.slice(0, -1).every(({ endedAt }) => endedAt !== null && endedAt <= (last?.startedAt ?? 0)));
    }
    assert.deepEqual(bench.refused(), []);
  });

  it('goes on after a lost answer to complete, and stores one version', async () => {
    bench = await openBench({
      faults: [{ match: { path: '/complete/$' }, times: 1, action: { type: 'drop-answer' } }],
    });
    const file = fileOf('a.bin', 5 * MiB);
    assert.deepEqual(endsOf(await uploadAll(bench.open(), [file])), ['done']);
    assert.deepEqual([...bench.stored()], [['a.bin', await sha256Of(file)]]);
  });

  it('says why an assembly failed, and a retry stores the file in a new session', async () => {
    let isBroken = true;
    const failsAssembly = { test: () => isBroken } as unknown as RegExp;
    bench = await openBench({ current: { failsAssembly } });
    const engine = bench.open();
    const [upload] = await uploadAll(engine, [fileOf('a.bin', 5 * MiB)]);
    assert.equal(upload?.error?.code, 'assembly-failed');
    assert.match(upload?.error?.message ?? '', /assembly_failed.*failsAssembly/);
    isBroken = false;
    const idle = untilIdle(engine);
    engine.retry();
    await idle;
    assert.deepEqual(endsOf(engine.uploads), ['done']);
  });

  it('deletes the session of a canceled upload, and never all of them', async () => {
    bench = await openBench({ faults: [{ match: { path: '/chunk/$' }, after: 2, action: { type: 'swallow' } }] });
    const engine = bench.open({ partSize: MiB });
    const twoParts = new Promise<void>((resolve) => {
      engine.addEventListener('part-complete', ({ detail }) => detail.upload.parts?.confirmed === 2 && resolve());
    });
    engine.addFiles([fileOf('a.bin', 8 * MiB)]);
    await twoParts;
    engine.cancel();
    while (bench.count('DELETE upload/{id}/') === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(bench.count('DELETE upload/'), 0);
  });

  it('sends a chunk again that arrived damaged', async () => {
    const damaged = { result: false, error: { code: 199007, text: 'the chunk has not its hash' } };
    const action = { type: 'status', status: 406, body: JSON.stringify(damaged) } as const;
    bench = await openBench({ faults: [{ match: { path: '/chunk/$' }, times: 1, action }] });
    assert.deepEqual(endsOf(await uploadAll(bench.open(), [fileOf('a.bin', 5 * MiB)])), ['done']);
  });
});
