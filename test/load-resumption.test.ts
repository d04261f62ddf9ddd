import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResumptionInit } from '../src/engine/records/resumption.js';
import { loadResumption } from '../src/load-resumption.js';
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

describe('resumption in a page', () => {
  it('uses the browser once its code is loaded', async () => {
    const engine = new UploadEngine({ endpoint: 'https://app.test/uploads' });
    assert.deepEqual(await engine.restore(), []);
    assert.equal(engine.close(), true);
  });

  it('rejects where its code cannot be loaded', async () => {
    const load = () => Promise.reject(new TypeError('Failed to fetch'));
    await assert.rejects(loadResumption({}, {} as ResumptionInit, load), TypeError);
  });

  it('records and locks running uploads once its code is loaded', async () => {
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

  it('delays no upload while its code is loading', async () => {
    const bench = new Bench({ protocol: 'presigned' }, { loaded: () => new Promise(() => {}) });
    const id = bench.add(fileOf('a.txt', 10));
    await bench.server.store();
    assert.equal(bench.state(id), 'done');
  });

  it('reports once that its code could not be loaded, and uploads continue', async () => {
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

  it('is not loaded where nothing is to be kept', async () => {
    let attempts = 0;
    const loaded = async () => {
      attempts += 1;
    };
    const bench = new Bench({ protocol: 'presigned', resume: false }, { loaded });
    bench.add(fileOf('a.txt', 10));
    await bench.server.store();
    assert.equal(attempts, 0);
  });

  it('receives no messages of other tabs when the engine was closed before its code was loaded', async () => {
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
