import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Bench, fileOf, MiB, openBench, sha256Of, storedIn, whenIdle } from './support/bench.js';

describe('fastio against the emulator', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  it('stores a folder of every kind of size byte for byte', async () => {
    bench = await openBench();
    const engine = bench.open();
    const files = [
      fileOf('empty.bin', 0),
      fileOf('small.bin', 20_000),
      fileOf('below.bin', 4 * MiB - 1),
      fileOf('exact.bin', 4 * MiB),
      fileOf('large.bin', 21 * MiB + 5),
    ];
    const idle = whenIdle(engine);
    engine.addFiles(files);
    const uploads = await idle;
    assert.deepEqual(
      uploads.map(({ state, error }) => error?.message ?? state),
      files.map(() => 'done'),
    );
    const stored = storedIn(bench);
    for (const file of files) assert.equal(stored.get(file.name), await sha256Of(file), file.name);
  });

  it('sends 500 files of 20 kB in three batches', async () => {
    bench = await openBench();
    const engine = bench.open();
    const files = Array.from({ length: 500 }, (_, index) => fileOf(`f${index}.bin`, 20_000, index + 1));
    const idle = whenIdle(engine);
    engine.addFiles(files);
    await idle;
    const requests = bench.requests();
    const counts = new Map<string, number>();
    for (const request of requests) counts.set(request, (counts.get(request) ?? 0) + 1);
    console.log(counts, engine.progress);
    assert.equal(requests.filter((request) => request === 'POST upload/batch/').length, 3);
    assert.equal(storedIn(bench).size, 500);
  });
});
