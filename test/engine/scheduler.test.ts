import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RELEASE_AFTER_MS } from '../../src/engine/upload/undo-buffer.js';
import { Bench, fileOf, openChunked, presignedBench } from '../support/builders.js';
import { received, SESSION } from '../support/scripted-server.js';

describe('Scheduler, turns and slots', () => {
  it('does not starve small files behind a big one', async () => {
    const bench = new Bench({ parallel: 2 });
    bench.add(fileOf('big.bin', 100));
    for (let i = 0; i < 3; i++) bench.add(fileOf(`small-${i}.txt`, 5));
    const urls = { presigned: '/mint', chunked: '/chunked' };
    await (await bench.transport.next('GET', '/uploads')).answer({
      json: { protocols: ['presigned', 'chunked'], urls, chunkedAbove: 20 },
    });

    let grants = 0;
    const begun: string[] = [];
    for (let request = 0; request < 12; request++) {
      await bench.settle();
      for (const exchange of bench.transport.open) {
        const { pathname, origin } = exchange.url;
        if (pathname.endsWith('/init')) await exchange.answer({ json: { upload_id: 's', part_size: 10 } });
        else if (pathname === '/mint') {
          grants += 1;
          await exchange.answer({ json: { uploadUrl: `${origin}/store/${grants}`, fileId: `f${grants}` } });
        }
      }
      const [first] = bench.transport.open;
      assert.ok(bench.transport.open.length <= 2);
      if (first === undefined) break;
      begun.push(first.url.pathname.startsWith('/store') ? 'small' : 'big');
      await first.answer({ headers: { ETag: '"e"' } });
    }

    assert.ok(begun.lastIndexOf('small') <= 6, `order was ${begun.join(' ')}`);
    assert.equal(begun.filter((kind) => kind === 'small').length, 3);
  });

  it('shares the slots of an origin with the other engines of the page', async () => {
    const one = presignedBench({ parallel: 2 });
    const two = new Bench({ protocol: 'presigned', parallel: 2 }, { slots: one.slots, clock: one.clock });
    for (const bench of [one, two]) {
      bench.engine.addFiles([fileOf('a.txt'), fileOf('b.txt')]);
      for (let i = 0; i < 2; i++) await bench.server.grant();
    }
    assert.deepEqual([one.transport.open.length, two.transport.open.length], [2, 0]);

    await one.transport.open[0]?.answer({});
    await one.settle();

    assert.deepEqual([one.transport.open.length, two.transport.open.length], [1, 1]);
  });

  it('says after two seconds that a file waits for a slot', async () => {
    const bench = presignedBench({ parallel: 1 });
    bench.add(fileOf('first.bin'));
    const id = bench.add(fileOf('next.bin'));
    for (let i = 0; i < 2; i++) await bench.server.grant();
    await bench.settle();

    await bench.clock.advance(1_999);
    assert.equal(bench.state(id), 'uploading');

    await bench.clock.advance(1);
    assert.equal(bench.state(id), 'waiting slots');
  });

  it('says after two seconds that a file waits for a server that throttles', async () => {
    const bench = presignedBench({ parallel: 1 });
    bench.add(fileOf('first.bin'));
    await bench.server.grant();
    await (await bench.server.nextPut()).answer({ status: 429, headers: { 'Retry-After': '300' } });
    const id = bench.add(fileOf('next.bin'));
    await bench.server.grant();
    await bench.settle();

    await bench.clock.advance(2_000);

    assert.equal(bench.state(id), 'waiting throttled');
  });
});

describe('Scheduler, cancel', () => {
  const steps = ['queued', 'uploading', 'waiting', 'paused', 'finishing'] as const;

  for (const step of steps) {
    it(`says nothing more after cancel while ${step}`, async () => {
      const bench = new Bench({ protocol: 'chunked', autoStart: step !== 'queued' });
      const { transport, engine, events, clock, server } = bench;
      const id = bench.add(fileOf('big.bin', 10));
      if (step !== 'queued') {
        await server.openSession();
        const part = await server.nextPart();
        if (step === 'waiting') await part.fail();
        if (step === 'finishing') await received(part);
        if (step === 'paused') engine.pause(id);
      } else await bench.settle();
      assert.equal(bench.upload(id).state, step);
      events.clear();

      engine.cancel(id);
      engine.cancel(id);
      engine.pause(id);
      engine.resume(id);
      await clock.advance(60_000);

      assert.deepEqual(events.names(id), ['upload-state', 'upload-canceled']);
      const left = transport.open.map(({ method, url }) => `${method} ${url.pathname}`);
      assert.deepEqual(left, step === 'queued' ? [] : ['DELETE /uploads/s1']);
    });
  }

  it('says nothing more after cancel while preparing, and releases the session that was being opened', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const { transport, engine, events, server } = bench;
    const id = bench.add(fileOf('big.bin', 10));
    const init = await server.nextInit();
    events.clear();

    engine.cancel(id);
    await init.answer({ json: SESSION });

    await bench.clock.advance(RELEASE_AFTER_MS);
    await transport.next('DELETE', '/uploads/s1');
    assert.deepEqual(events.names(id), ['upload-state', 'upload-canceled']);
  });

  it('drops an answer that comes in the moment of the cancel', async () => {
    const { id, server, engine, events } = await openChunked(10);
    const part = await server.nextPart();
    events.clear();

    const answered = received(part);
    engine.cancel(id);
    await answered;

    assert.deepEqual(events.names(id), ['upload-state', 'upload-canceled']);
  });

  it('releases the session of a failed upload that leaves the list', async () => {
    const { id, transport, server, engine, clock } = await openChunked(10);
    await (await server.nextPart()).answer({ status: 402 });

    engine.remove(id);
    await clock.advance(RELEASE_AFTER_MS);

    await transport.next('DELETE', '/uploads/s1');
  });
});
