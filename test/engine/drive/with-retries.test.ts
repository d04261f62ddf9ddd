import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MIN_WAIT_MS } from '../../../src/engine/schedule/retry-policy.js';
import { fileOf, openChunked, presignedBench } from '../../support/builders.js';
import { received } from '../../support/scripted-server.js';

/** Halfway between the least wait and the first ceiling of 1 s, which is what the dice of the bench choose. */
const FIRST_WAIT_MS = (MIN_WAIT_MS + 1_000) / 2;

describe('withRetries', () => {
  it('waits with a time that it shows, then tries again', async () => {
    const { bench, id, server, events } = await openChunked(10);
    await (await server.nextPart()).answer({ status: 503 });

    const waiting = bench.upload(id);
    assert.equal(bench.state(id), 'waiting backoff');
    assert.equal(waiting.resumesAt, bench.clock.wallNow() + FIRST_WAIT_MS);
    const [retry] = events.of('upload-retry');
    assert.deepEqual([retry?.attempt, retry?.delayMs, retry?.error.code], [2, FIRST_WAIT_MS, 'http']);
    await bench.clock.advance(FIRST_WAIT_MS - 1);
    await bench.transport.quiet();
    await bench.clock.advance(1);

    await server.nextPart();
    assert.equal(bench.state(id), 'uploading');
  });

  it('counts the attempt that it plans, also where the list was just shown', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    const mint = await bench.server.nextMint();
    assert.equal(bench.upload(id).attempt, 1);

    await mint.answer({ status: 503 });

    const [retry] = bench.events.of('upload-retry');
    assert.deepEqual([retry?.attempt, retry?.upload.attempt, bench.upload(id).attempt], [2, 2, 2]);
  });

  it('keeps away as long as a 429 asks', async () => {
    const { bench, id, server } = await openChunked(10);
    await (await server.nextPart()).answer({ status: 429, headers: { 'Retry-After': '3' } });

    assert.equal(bench.state(id), 'waiting throttled');
    await bench.clock.advance(2_999);
    await bench.transport.quiet();
    await bench.clock.advance(501);

    await server.nextPart();
  });

  it('never comes sooner than its own backoff, however soon the server lets it', async () => {
    const { bench, server } = await openChunked(10);
    await (await server.nextPart()).answer({ status: 429, headers: { 'Retry-After': '0' } });

    await bench.clock.advance(FIRST_WAIT_MS - 1);
    await bench.transport.quiet();
    await bench.clock.advance(1);

    await server.nextPart();
  });

  it('takes an answer for a network, whatever the browser thinks of it', async () => {
    const { bench, id, server } = await openChunked(10);
    bench.connectivity.online = false;

    await (await server.nextPart()).answer({ status: 503 });

    assert.equal(bench.state(id), 'waiting backoff');
    await bench.clock.advance(FIRST_WAIT_MS);
    await server.nextPart();
  });

  it('ends a wait early for signs of a new network only once in a while', async () => {
    const { bench, transport } = await openChunked(10);
    bench.clock.dice = () => 0.99;
    let requests = 1;
    for (let count = 0; count < 40; count++) {
      for (const part of transport.open) await part.answer({ status: 503 });
      // Tabs are switched ten times a second.
      bench.connectivity.online = false;
      bench.connectivity.online = true;
      await bench.clock.advance(100);
      requests += transport.open.length;
    }

    assert.ok(requests <= 6, `${requests} requests in four seconds`);
  });

  it('fails once the retry budget is spent without progress', async () => {
    const { bench, id, transport } = await openChunked(10, { retryWindowMs: 60_000 });
    const begun = bench.clock.now();
    while (bench.upload(id).state !== 'failed') {
      const [open] = transport.open;
      if (open === undefined) await bench.clock.advance(1_000);
      else await open.answer({ status: 500 });
    }

    assert.deepEqual([bench.upload(id).error?.code, bench.upload(id).error?.retriable], ['http', true]);
    assert.ok(bench.clock.now() - begun > 20_000 && bench.clock.now() - begun <= 60_000);
  });

  it('restores the budget with each confirmed part', async () => {
    const { bench, id, transport } = await openChunked(30, { retryWindowMs: 40_000, parallel: 1 });
    for (let part = 1; part <= 3; part++) {
      const begun = bench.clock.now();
      while (bench.clock.now() - begun < 20_000) {
        const [open] = transport.open;
        if (open === undefined) await bench.clock.advance(1_000);
        else await open.answer({ status: 500 });
      }
      while (transport.open.length === 0) await bench.clock.advance(1_000);
      const [open] = transport.open;
      if (open !== undefined) await received(open);
    }

    assert.equal(bench.state(id), 'finishing');
  });

  it('waits offline without spending the budget, and goes on when the network is back', async () => {
    const { bench, id, transport, server } = await openChunked(40, { retryWindowMs: 10_000, parallel: 4 });
    const parts = await Promise.all([1, 2, 3, 4].map(() => server.nextPart()));
    for (const part of parts) await part.fail();
    await bench.clock.advance(2_000);
    bench.connectivity.online = false;
    for (const part of transport.open) await part.fail();

    assert.equal(bench.state(id), 'waiting offline');
    assert.equal(bench.upload(id).resumesAt, null);
    for (const from = bench.clock.now(); bench.clock.now() - from < 3600_000; ) {
      await bench.clock.advance(10_000);
      // Now and then it looks whether the browser is right.
      while (transport.open.length > 0) await transport.open[0]?.fail();
    }
    assert.equal(bench.state(id), 'waiting offline');
    bench.connectivity.online = true;
    await bench.settle();

    assert.equal(transport.open.length, 4);
    // An hour offline for four parts is still one hour: the budget continues where it stood.
    const begun = bench.clock.now();
    while (bench.upload(id).state !== 'failed' && bench.clock.now() - begun < 600_000) {
      for (const part of transport.open) await part.fail();
      await bench.clock.advance(500);
    }
    assert.equal(bench.state(id), 'failed');
  });
});
