import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Store } from '../../../src/ports/store.js';
import type { EngineOptions } from '../../../src/preset.js';
import { Bench, fileOf, presignedBench, SCOPE } from '../../support/builders.js';
import { FakeLockManager } from '../../support/fake-ports.js';

describe('RecordKeeper', () => {
  const failOnce = async (bench: Bench): Promise<string> => {
    const id = bench.add(fileOf('a.txt', 20));
    await (await bench.server.nextInit()).answer({ status: 413 });
    return id;
  };

  it('holds the lock of an upload while it is not over, and only then', async () => {
    const locks = new FakeLockManager();
    const bench = new Bench({ protocol: 'chunked' }, { locks: locks.tab() });
    const id = await failOnce(bench);
    await bench.clock.advance(1_000);
    assert.deepEqual(locks.held, []);

    bench.engine.retry(id);
    await bench.server.nextInit();

    assert.deepEqual(locks.held, [`fastio-upload:${id}`]);
  });

  it('keeps lock and record of an upload that is retried while its record is being deleted', async () => {
    const locks = new FakeLockManager();
    const bench = new Bench({ protocol: 'chunked' }, { locks: locks.tab() });
    bench.engine.addEventListener('upload-failed', ({ detail }) => bench.engine.retry(detail.upload.id), {
      once: true,
    });
    const id = await failOnce(bench);
    await bench.server.openSession();
    await bench.clock.advance(1_000);

    assert.deepEqual(locks.held, [`fastio-upload:${id}`]);
    assert.deepEqual(
      (await bench.store.load(SCOPE)).map((record) => record.id),
      [id],
    );
  });

  it('forgets a canceled upload at once, even while others are being written', async () => {
    const bench = new Bench({ protocol: 'chunked', autoStart: false });
    const [first, second] = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    await bench.clock.advance(1_000);
    bench.engine.pause(second);

    bench.engine.cancel(first);
    await bench.settle();

    assert.deepEqual(
      (await bench.store.load(SCOPE)).map(({ id }) => id),
      [second],
    );
  });

  it('frees the lock of an upload that was canceled while it was being claimed', async () => {
    const locks = new FakeLockManager();
    const { hold, tryHold, isHeldHere } = locks.tab();
    let give = () => {};
    const slow = new Promise<void>((resolve) => {
      give = resolve;
    });
    const late = { hold, isHeldHere, tryHold: async (name: string) => slow.then(() => tryHold(name)) };
    const bench = new Bench({ protocol: 'chunked' }, { locks: late });
    const id = bench.add(fileOf('a.txt'));
    bench.engine.cancel(id);
    await bench.settle();

    give();
    await bench.settle();

    assert.deepEqual(locks.held, []);
  });

  it('writes neither bytes nor secrets', async () => {
    const bench = presignedBench({ headers: { Authorization: 'Bearer sesame' } });
    bench.add(fileOf('a.txt', 'the content of the file'));
    await (await bench.server.nextMint()).answer({
      json: {
        uploadUrl: 'https://storage.test/object?signature=sesame',
        fileId: 'f',
        headers: { 'x-token': 'sesame' },
      },
    });
    await bench.clock.advance(1_000);

    const written = JSON.stringify([await bench.store.load(SCOPE), bench.events.all]);

    assert.ok(written.includes('a.txt'));
    assert.doesNotMatch(written, /sesame|signature|the content|storage\.test/);
  });

  it('keeps nothing when it may not resume', async () => {
    const bench = new Bench({ protocol: 'chunked', resume: false });
    bench.add(fileOf('a.txt', 100));
    await bench.server.openSession();

    await bench.clock.advance(10_000);

    assert.deepEqual(await bench.store.load(SCOPE), []);
  });
});

describe('RecordKeeper, whose store fails', () => {
  /** An engine whose store does nothing but fail. */
  const benchOnBroken = (error: Error, options: Partial<EngineOptions> = {}): Bench => {
    const broken = () => Promise.reject(error);
    const store: Store = { load: broken, get: broken, put: broken, delete: broken };
    return new Bench({ protocol: 'presigned', ...options }, { store });
  };

  it('says once that nothing will outlive the page, and uploads all the same', async () => {
    const bench = benchOnBroken(new DOMException('full', 'QuotaExceededError'));
    await bench.engine.restore();
    const states: string[] = [];
    for (const name of ['a.txt', 'b.txt']) {
      const id = bench.add(fileOf(name));
      await bench.server.store();
      await bench.clock.advance(1000);
      states.push(bench.state(id));
    }
    assert.deepEqual(states, ['done', 'done']);
    assert.equal(bench.events.of('resume-unavailable').length, 1);
  });

  it('says nothing where nothing is to be kept', async () => {
    const bench = benchOnBroken(new Error('forbidden'), { resume: false });
    bench.add(fileOf('a.txt'));
    await bench.clock.advance(1000);
    assert.deepEqual(bench.events.of('resume-unavailable'), []);
  });

  it('goes on without a store that fails', async () => {
    const bench = benchOnBroken(new Error('disk full'));
    const id = bench.add(fileOf('a.txt'));
    await bench.server.grant();
    await bench.clock.advance(1_000);
    await (await bench.server.nextPut()).answer({});

    assert.equal(bench.state(id), 'done');
  });
});
