import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CustodyInit } from '../src/engine/records/custody.js';
import { loadCustody } from '../src/page-records.js';
import { UploadEngine } from '../src/preset.js';
import { Bench, fileOf, SCOPE } from './support/builders.js';
import { FakeLockManager } from './support/fake-ports.js';

const namesKept = async ({ store }: Bench) => (await store.load(SCOPE)).map(({ name }) => name);

const pending = () => {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

describe('records of a page', () => {
  it('are those of the platform once their code is there', async () => {
    const engine = new UploadEngine({ endpoint: 'https://app.test/uploads' });
    assert.deepEqual(await engine.restore(), []);
    assert.equal(engine.close(), true);
  });

  it('reject where their code does not come', async () => {
    const load = () => Promise.reject(new TypeError('Failed to fetch'));
    await assert.rejects(loadCustody({}, {} as CustodyInit, load), TypeError);
  });

  it('begin with where uploads stand when their code comes, and lock them', async () => {
    const locks = new FakeLockManager();
    const { promise, resolve } = pending();
    const bench = new Bench({ protocol: 'chunked' }, { loaded: () => promise, locks: locks.tab() });
    const [over, id] = [bench.add(fileOf('over.bin', 10)), bench.add(fileOf('big.bin', 100))];
    bench.engine.cancel(over);
    await bench.clock.advance(1_000);
    assert.deepEqual(locks.held, []);

    resolve();
    await bench.clock.advance(1_000);

    assert.deepEqual(await namesKept(bench), ['big.bin']);
    assert.deepEqual(locks.held, [`fastio-upload:${id}`]);
  });

  it('hold up no upload while their code is on its way', async () => {
    const bench = new Bench({ protocol: 'presigned' }, { loaded: () => new Promise(() => {}) });
    const id = bench.add(fileOf('a.txt', 10));
    await bench.server.store();
    assert.equal(bench.state(id), 'done');
  });

  it('stay away where their code did not come, which is said once, and uploads go on', async () => {
    let attempts = 0;
    const loaded = async () => {
      attempts += 1;
      throw new TypeError('Failed to fetch');
    };
    const bench = new Bench({ protocol: 'presigned' }, { loaded });
    assert.deepEqual(await bench.engine.restore(), []);
    const id = bench.add(fileOf('a.txt', 10));
    await bench.server.store();

    assert.equal(bench.state(id), 'done');
    assert.equal(attempts, 1);
    assert.equal(bench.events.of('resume-unavailable').length, 1);
    assert.equal(bench.engine.close(), true);
  });

  it('are not asked for where nothing is to be kept', async () => {
    let attempts = 0;
    const loaded = async () => {
      attempts += 1;
    };
    const bench = new Bench({ protocol: 'presigned', resume: false }, { loaded });
    bench.add(fileOf('a.txt', 10));
    await bench.server.store();
    assert.equal(attempts, 0);
  });

  it('hear no other tab when the engine was closed before their code came', async () => {
    const { promise, resolve } = pending();
    let listeners = 0;
    const listen = () => {
      listeners += 1;
    };
    const channel = { post: () => {}, listen };
    const bench = new Bench({ protocol: 'presigned' }, { loaded: () => promise, channel });
    bench.add(fileOf('a.txt', 10));
    await bench.server.store();
    assert.equal(bench.engine.close(), true);

    resolve();
    await bench.settle();

    assert.equal(listeners, 0);
  });
});
