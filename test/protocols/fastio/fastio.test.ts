import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { RateHeaders } from '../../../src/emulator/current/rate-limiter.js';
import {
  type Bench,
  chunksBySession,
  endsOf,
  fileOf,
  MiB,
  mostAtOnce,
  openBench,
  refusedIn,
  sha256Of,
  storedIn,
  uploadAll,
  WORKSPACE,
} from './support/bench.js';

const BATCH = 'POST upload/batch/';

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
    const stored = storedIn(bench);
    for (const file of files) assert.equal(stored.get(file.name), await sha256Of(file), file.name);
  });

  for (const envelope of ['nested', 'mixed'] as const) {
    it(`understands answers that are ${envelope}`, async () => {
      bench = await openBench({ current: { envelope, unresolvedEvery: 2 } });
      const files = [fileOf('a.bin', 10), fileOf('b.bin', 11), fileOf('c.bin', 12), fileOf('d.bin', 5 * MiB)];
      assert.deepEqual(endsOf(await uploadAll(bench.open(), files)), ['done', 'done', 'done', 'done']);
    });
  }

  it('sends 500 files of 20 kB in three batches, and asks only after those that were not placed at once', async () => {
    bench = await openBench({ current: { unresolvedEvery: 50 } });
    const files = Array.from({ length: 500 }, (_, index) => fileOf(`f${index}.bin`, 20_000, index + 1));
    const uploads = await uploadAll(bench.open(), files);
    assert.equal(uploads.filter(({ state }) => state === 'done').length, 500);
    assert.equal(bench.count(BATCH), 3);
    assert.equal(storedIn(bench).size, 500);
    const others = bench.requests().filter((request) => request !== BATCH && !request.endsWith('/details/'));
    assert.deepEqual(others.sort(), ['GET upload/algos/', 'GET upload/limits/']);
  });

  it('keeps the folders of files, in batches and in sessions', async () => {
    bench = await openBench();
    const engine = bench.open();
    const idle = new Promise((resolve) => engine.addEventListener('queue-complete', resolve, { once: true }));
    engine.addFiles([
      { file: fileOf('a.txt', 3), relativePath: 'Photos/2026/a.txt' },
      { file: fileOf('b.txt', 4), relativePath: 'b.txt' },
      { file: fileOf('c.bin', 4 * MiB), relativePath: 'Photos/c.bin' },
    ]);
    await idle;
    const paths = bench.emulator.files().map(({ relativePath }) => relativePath);
    assert.deepEqual(paths.sort(), ['Photos/2026/a.txt', 'Photos/c.bin', 'b.txt']);
  });

  it('sends files with long names one by one, because batches shorten them', async () => {
    bench = await openBench();
    const names = [`${'n'.repeat(97)}.bin`, `${'n'.repeat(96)}.bin`, `${'ö'.repeat(200)}.bin`, 'a.bin'];
    const uploads = await uploadAll(
      bench.open(),
      names.map((name, index) => fileOf(name, 10 + index)),
    );
    assert.deepEqual(endsOf(uploads), ['done', 'done', 'done', 'done']);
    assert.deepEqual([...storedIn(bench).keys()].sort(), names.sort());
    assert.equal(bench.count(BATCH), 1);
  });

  it('fits a file into the chunks of the plan', async () => {
    bench = await openBench({ limits: { chunks: 5 } });
    const file = fileOf('large.bin', 12 * MiB + 1);
    assert.deepEqual(endsOf(await uploadAll(bench.open({ partSize: MiB }), [file])), ['done']);
    const [chunks = []] = chunksBySession(bench);
    assert.deepEqual(
      chunks.map(({ part }) => part),
      [1, 2, 3, 4, 5],
    );
    assert.equal(storedIn(bench).get('large.bin'), await sha256Of(file));
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
    for (const chunks of chunksBySession(bench)) {
      assert.equal(mostAtOnce(chunks), 3);
      const last = chunks.at(-1);
      assert.ok(chunks.slice(0, -1).every(({ endedAt }) => endedAt !== null && endedAt <= (last?.startedAt ?? 0)));
    }
    assert.deepEqual(refusedIn(bench), []);
  });

  for (const headers of ['ve-epoch', 'legacy-date'] satisfies RateHeaders[]) {
    it(`stays within a rate limit that is told by ${headers}`, async () => {
      bench = await openBench({ current: { rateLimit: { requests: 10, windowMs: 1000, headers } } });
      const files = [
        fileOf('a.bin', 12 * MiB),
        ...Array.from({ length: 4 }, (_, index) => fileOf(`${index}.bin`, 4 * MiB)),
      ];
      const uploads = await uploadAll(bench.open({ partSize: MiB }), files);
      assert.ok(uploads.every(({ state }) => state === 'done'));
      // What comes before its time is refused by the emulator.
      assert.deepEqual(refusedIn(bench), []);
    });
  }

  it('waits as long as a refusal says and then goes on', async () => {
    const rateLimit = { requests: 10, windowMs: 1000, headers: 'retry-after' } as const;
    bench = await openBench({ current: { rateLimit } });
    const uploads = await uploadAll(bench.open({ partSize: MiB }), [fileOf('a.bin', 16 * MiB)]);
    assert.deepEqual(endsOf(uploads), ['done']);
  });

  it('goes on after a lost answer to complete, and stores one version', async () => {
    bench = await openBench({
      faults: [{ match: { path: '/complete/$' }, times: 1, action: { type: 'drop-answer' } }],
    });
    const file = fileOf('a.bin', 5 * MiB);
    assert.deepEqual(endsOf(await uploadAll(bench.open(), [file])), ['done']);
    assert.deepEqual([...storedIn(bench)], [['a.bin', await sha256Of(file)]]);
  });

  it('says why an assembly failed, and a retry stores the file in a new session', async () => {
    let isBroken = true;
    const failsAssembly = { test: () => isBroken } as unknown as RegExp;
    bench = await openBench({ current: { failsAssembly } });
    const engine = bench.open();
    const [upload] = await uploadAll(engine, [fileOf('a.bin', 5 * MiB)]);
    assert.equal(upload?.error?.code, 'assembly-failed');
    assert.match(upload?.error?.message ?? '', /assembly_failed.*told to fail/);
    isBroken = false;
    const idle = new Promise((resolve) => engine.addEventListener('queue-complete', resolve, { once: true }));
    engine.retry();
    await idle;
    assert.deepEqual(endsOf(engine.uploads), ['done']);
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
    assert.equal(storedIn(bench).size, 5);
  });

  it('replaces a node under its lock and gives the lock back', async () => {
    bench = await openBench();
    const [first] = await uploadAll(bench.open(), [fileOf('a.bin', 10)]);
    const engine = bench.open({ metadata: { fastioFileId: first?.fileId } });
    const file = fileOf('a.bin', 5 * MiB);
    const [second] = await uploadAll(engine, [file]);
    assert.equal(second?.error, null);
    assert.equal(second?.fileId, first?.fileId);
    assert.equal(storedIn(bench).get('a.bin'), await sha256Of(file));
    const lock = `workspace/${WORKSPACE}/storage/${first?.fileId}/lock/`;
    const status = await fetch(`${bench.emulator.url}/current/${lock}`, {
      headers: { Authorization: `Bearer ${bench.emulator.apiKey}` },
    });
    assert.equal(((await status.json()) as { locked: boolean }).locked, false);
  });

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

  it('sends small files once that were paused and resumed while their batch was under way', async () => {
    bench = await openBench({ faults: [{ match: { path: '/batch/$' }, action: { type: 'delay', ms: 300 } }] });
    const engine = bench.open();
    const idle = new Promise((resolve) => engine.addEventListener('queue-complete', resolve, { once: true }));
    const [first] = engine.addFiles([fileOf('a.bin', 10), fileOf('b.bin', 11), fileOf('c.bin', 12)]);
    while (bench.count(BATCH) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
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
    while (bench.count(BATCH) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    engine.pause();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const idle = new Promise((resolve) => engine.addEventListener('queue-complete', resolve, { once: true }));
    engine.resume();
    await idle;
    assert.deepEqual(endsOf(engine.uploads), ['done', 'done', 'done']);
    assert.equal(bench.count(BATCH), 2);
  });

  it('sends a chunk again that arrived damaged', async () => {
    const damaged = { result: false, error: { code: 199007, text: 'the chunk has not its hash' } };
    const action = { type: 'status', status: 406, body: JSON.stringify(damaged) } as const;
    bench = await openBench({ faults: [{ match: { path: '/chunk/$' }, times: 1, action }] });
    assert.deepEqual(endsOf(await uploadAll(bench.open(), [fileOf('a.bin', 5 * MiB)])), ['done']);
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
    const stored = storedIn(bench);
    for (const file of files) assert.equal(stored.get(file.name), await sha256Of(file), file.name);
  });

  it('uses another digest where the server does not check CRC-32C', async () => {
    bench = await openBench({ current: { algorithms: ['md5', 'sha384'] } });
    const files = [fileOf('a.bin', 5 * MiB), fileOf('b.bin', 5)];
    assert.deepEqual(endsOf(await uploadAll(bench.open(), files)), ['done', 'done']);
  });
});
