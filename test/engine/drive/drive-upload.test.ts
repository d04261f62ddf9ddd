import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, fileOf, openChunked } from '../../support/builders.js';
import { having, received, SESSION } from '../../support/scripted-server.js';

describe('driveUpload', () => {
  it('never has more requests in flight than `parallel`', async () => {
    const { transport } = await openChunked(100, { parallel: 3 });

    for (let sent = 0; sent < 10; sent++) {
      assert.equal(transport.open.length, Math.min(3, 10 - sent));
      const [first] = transport.open;
      if (first !== undefined) await received(first);
    }
  });

  it('follows `parallel` when it changes meanwhile', async () => {
    const { bench, transport } = await openChunked(200, { parallel: 3 });

    bench.engine.configure({ parallel: 1 });
    for (let sent = 0; sent < 3; sent++) await received(transport.open[0] ?? assert.fail('nothing is sent'));
    assert.equal(transport.open.length, 1);
    bench.engine.configure({ parallel: 2 });
    await received(transport.open[0] ?? assert.fail('nothing is sent'));

    assert.equal(transport.open.length, 2);
  });

  it("obeys the server's own limit of parallel parts", async () => {
    const { transport } = await openChunked(100, { parallel: 5 }, { max_parallel: 2 });

    assert.equal(transport.open.length, 2);
  });

  it('counts only confirmed bytes as confirmed, and never shows less progress', async () => {
    const { bench, id, server } = await openChunked(20, { parallel: 1 });
    const part = await server.nextPart();
    part.progress(8);
    assert.deepEqual([bench.upload(id).sentBytes, bench.upload(id).confirmedBytes], [8, 0]);
    const before = bench.upload(id).ratio;

    await part.fail();

    assert.deepEqual([bench.upload(id).sentBytes, bench.upload(id).ratio], [0, before]);
  });

  it('does not show 100 % before the server has the file', async () => {
    const { bench, id, server } = await openChunked(10);
    await server.takePart();

    assert.equal(bench.state(id), 'finishing');
    assert.ok(bench.upload(id).ratio < 1);
  });

  it('starts over once when the session is lost, and says so', async () => {
    const { bench, id, server, events } = await openChunked(20, { parallel: 1 });
    await server.takePart();
    await (await server.nextPart()).answer({ status: 404 });

    const [retry] = events.of('upload-retry');
    assert.deepEqual([retry?.error.code, retry?.upload.confirmedBytes, retry?.upload.ratio], ['session-lost', 0, 0]);
    await server.openSession();
    await (await server.nextPart()).answer({ status: 410 });

    assert.equal(bench.upload(id).error?.code, 'session-lost');
  });

  it('looks again what the server has when it misses a part, and sends only that', async () => {
    const { bench, id, server } = await openChunked(30, { parallel: 3 });
    for (let part = 1; part <= 3; part++) await server.takePart();
    await (await server.nextComplete()).answer({ status: 409 });

    await server.showParts([1, 3]);
    const missing = await server.nextPart();
    assert.equal(missing.partNumber, 2);
    await received(missing);
    // The session was asked to complete before: the answer may have been lost.
    await server.showParts([1, 2, 3]);
    await server.complete();

    assert.equal(bench.state(id), 'done');
  });

  it('takes a new session when the server misses a part and cannot say which', async () => {
    const { bench, id, server } = await openChunked(10);
    await server.takePart();
    await (await server.nextComplete()).answer({ status: 409 });

    await (await server.nextInspect()).answer({ status: 405 });
    await server.openSession();

    assert.equal((await server.nextPart()).partNumber, 1);
    assert.equal(bench.state(id), 'uploading');
  });

  it('ends at once when the file can no longer be read', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const file = fileOf('gone.bin', 10);
    const id = bench.add(file);
    await bench.server.openSession();
    const part = await bench.server.nextPart();
    const unreadable = { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) };
    file.slice = () => Object.assign(new Blob(['x']), unreadable);

    await part.fail();

    assert.equal(bench.upload(id).error?.code, 'source-unreadable');
  });

  it('stops the other parts when one cannot go on, without showing a wait in between', async () => {
    const { bench, id, transport, server, events } = await openChunked(30, { parallel: 3 });
    const parts = [await server.nextPart(), await server.nextPart(), await server.nextPart()];
    await parts[0]?.fail();
    await parts[1]?.fail();

    await parts[2]?.answer({ status: 402 });

    assert.equal(bench.upload(id).error?.code, 'payment-required');
    assert.deepEqual(events.states(id), ['preparing', 'uploading', 'failed']);
    await transport.quiet();
  });

  it('sends no other part to a server that asked for quiet', async () => {
    const { bench, server } = await openChunked(40, { parallel: 2 });
    const [first, second] = [await server.nextPart(), await server.nextPart()];
    await first.answer({ status: 429, headers: { 'Retry-After': '3' } });
    await received(second);

    await bench.transport.quiet();
    await bench.clock.advance(3_500);

    assert.equal(bench.transport.open.length, 1, 'half the width after the quiet');
  });
});

describe('driveUpload, pause and resume', () => {
  it('stops the requests of a paused upload and goes on from what the server has', async () => {
    const { bench, id, transport, server, engine } = await openChunked(30, { parallel: 2 });
    await server.takePart();
    const [second, third] = [await server.nextPart(), await server.nextPart()];

    engine.pause(id);
    assert.equal(bench.state(id), 'paused user');
    assert.deepEqual([second.isOpen, third.isOpen], [false, false]);
    engine.resume(id);
    await server.showParts([1, 2]);

    assert.equal((await server.nextPart()).partNumber, 3);
    assert.equal(transport.open.length, 1);
    assert.equal(bench.upload(id).confirmedBytes, 20);
  });

  it('trusts its own ledger where the server cannot tell', async () => {
    const { id, server, engine } = await openChunked(20, { parallel: 1 });
    await server.takePart();
    engine.pause(id);
    engine.resume(id);

    await (await server.nextInspect()).answer({ status: 501 });

    assert.equal((await server.nextPart()).partNumber, 2);
  });

  it('announces it when the server has less than it had confirmed', async () => {
    const { id, server, engine, events } = await openChunked(20, { parallel: 1 });
    await server.takePart();
    engine.pause(id);
    engine.resume(id);

    await server.showParts([]);

    const [retry] = events.of('upload-retry');
    assert.deepEqual([retry?.error.code, retry?.upload.confirmedBytes], ['part-mismatch', 0]);
    assert.equal((await server.nextPart()).partNumber, 1);
  });

  it('survives pause and resume in one breath', async () => {
    const { bench, id, transport, server, engine } = await openChunked(20, { parallel: 1 });
    await server.nextPart();
    for (let i = 0; i < 5; i++) {
      engine.pause(id);
      engine.resume(id);
    }
    await bench.settle();

    const inspections = transport.open.filter(({ method }) => method === 'GET');
    assert.equal(inspections.length, 1);
    await inspections[0]?.answer(having([]));
    assert.equal(transport.open.length, 1);
  });

  it('goes on with the session that was being opened when it was paused', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const { engine, server } = bench;
    const id = bench.add(fileOf('big.bin', 10));
    const init = await server.nextInit();

    engine.pause(id);
    engine.resume(id);
    await bench.settle();
    await init.answer({ json: SESSION });

    await server.nextPart();
  });
});
