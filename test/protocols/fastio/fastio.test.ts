import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { BATCH, type Bench, endsOf, fileOf, MiB, openBench, uploadAll } from './support/bench.js';

describe('fastio against the emulator', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  it('stores a folder of every kind of size byte for byte', async () => {
    bench = await openBench();
    const files = [
      fileOf('empty.bin', 0),
      fileOf('small.bin', 20_000),
      fileOf('below.bin', 4 * MiB - 1),
      fileOf('exact.bin', 4 * MiB),
      fileOf('large.bin', 21 * MiB + 5),
    ];
    const uploads = await uploadAll(bench.open(), files);
    assert.deepEqual(endsOf(uploads), ['done', 'done', 'done', 'done', 'done']);
    await bench.assertStored(...files);
  });

  for (const [way, sizes] of [
    ['in a batch', [10, 11, 12]],
    ['in sessions', [5 * MiB, 5 * MiB + 1, 5 * MiB + 2]],
    ['in both', [10, 5 * MiB, 12]],
  ] as const) {
    it(`stores three files of one name as three files, ${way}`, async () => {
      bench = await openBench();
      const images = sizes.map((size) => fileOf('image.png', size));
      await bench.assertApart(await uploadAll(bench.open(), images), images);
    });
  }

  it('stores three files of one name as three files, each in one request', async () => {
    bench = await openBench();
    const engine = bench.open();
    const images = [10, 11, 12].map((size) => fileOf('image.png', size));
    for (const image of images) await uploadAll(engine, [image]);
    assert.equal(bench.count('POST upload/'), 3);
    await bench.assertApart(engine.uploads, images);
  });

  it('stores three files of one name as three files where batches are refused', async () => {
    bench = await openBench({ faults: [{ match: { path: '/batch/$' }, action: { type: 'status', status: 400 } }] });
    const images = [10, 11, 12].map((size) => fileOf('image.png', size));
    const uploads = await uploadAll(bench.open(), images);
    assert.deepEqual([bench.count(BATCH), bench.count('POST upload/')], [1, 3]);
    await bench.assertApart(uploads, images);
  });

  for (const envelope of ['nested', 'mixed'] as const) {
    it(`understands answers that are ${envelope}`, async () => {
      bench = await openBench({ current: { envelope, unresolvedEvery: 2 } });
      const files = [fileOf('a.bin', 10), fileOf('b.bin', 11), fileOf('c.bin', 12), fileOf('d.bin', 5 * MiB)];
      assert.deepEqual(endsOf(await uploadAll(bench.open(), files)), ['done', 'done', 'done', 'done']);
    });
  }

  it('keeps the folders of files, in batches and in sessions', async () => {
    bench = await openBench();
    await uploadAll(bench.open(), [
      { file: fileOf('a.txt', 3), relativePath: 'Photos/2026/a.txt' },
      { file: fileOf('b.txt', 4), relativePath: 'b.txt' },
      { file: fileOf('c.bin', 4 * MiB), relativePath: 'Photos/c.bin' },
    ]);
    const paths = bench.emulator.files().map(({ relativePath }) => relativePath);
    assert.deepEqual(paths.sort(), ['Photos/2026/a.txt', 'Photos/c.bin', 'b.txt']);
  });

  it('says that the plan does not allow uploads', async () => {
    bench = await openBench({ plan: 'none' });
    const files = [fileOf('a.bin', 1), fileOf('b.bin', 2), fileOf('c.bin', 5 * MiB)];
    const uploads = await uploadAll(bench.open(), files);
    assert.deepEqual(endsOf(uploads), ['payment-required', 'payment-required', 'payment-required']);
  });

  it('says that the scope of the credential is too narrow', async () => {
    const keys = [{ key: 'narrow', userId: 'bot', scopes: ['workspace:1:rw'] }];
    bench = await openBench({ current: { keys } });
    const engine = bench.open({ headers: () => ({ Authorization: 'Bearer narrow' }) });
    const [upload] = await uploadAll(engine, [fileOf('a.bin', 5 * MiB)]);
    assert.equal(upload?.error?.code, 'unauthorized');
    assert.match(upload?.error?.message ?? '', /credential reaches less far/);
  });

  it('stores everything in spite of resets, lost answers and server errors', async () => {
    bench = await openBench({
      faults: [
        { match: { method: 'POST' }, probability: 0.15, seed: 3, action: { type: 'reset', afterBytes: 100_000 } },
        { match: { method: 'POST' }, probability: 0.1, seed: 4, action: { type: 'drop-answer' } },
        { match: { path: '/current/' }, probability: 0.1, seed: 5, action: { type: 'status', status: 503 } },
      ],
    });
    const files = [
      fileOf('a.bin', 9 * MiB),
      ...Array.from({ length: 30 }, (_, index) => fileOf(`${index}.bin`, 1000 + index)),
    ];
    const uploads = await uploadAll(bench.open({ partSize: MiB }), files);
    assert.ok(uploads.every(({ state }) => state === 'done'));
    await bench.assertStored(...files);
  });

  it('uses another digest where the server does not check CRC-32C', async () => {
    bench = await openBench({ current: { algorithms: ['md5', 'sha384'] } });
    const files = [fileOf('a.bin', 5 * MiB), fileOf('b.bin', 5)];
    assert.deepEqual(endsOf(await uploadAll(bench.open(), files)), ['done', 'done']);
  });
});
