import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KiB } from '../../../src/lib/byte-size.js';
import { fileOf, openChunked, presignedBench, SCOPE } from '../../support/builders.js';
import { having, received } from '../../support/scripted-server.js';
import { warningsDuring } from '../../support/warnings.js';

describe('A part that failed', () => {
  it('is sent again by no other lane before the wait that was told is over', async () => {
    const { bench, id, transport, events, clock, server } = await openChunked(40, { parallel: 3 });
    const lanes = [...transport.open];
    const failing = lanes.find(({ partNumber }) => partNumber === 2);
    await failing?.answer({ status: 503 });
    const [retry] = events.of('upload-retry');
    const waitMs = retry?.delayMs ?? 0;
    assert.ok(waitMs > 0);

    for (const part of lanes) if (part.isOpen) await received(part);
    for (const part of transport.open) await received(part);
    await clock.advance(waitMs - 1);

    assert.deepEqual(
      transport.exchanges.map(({ partNumber }) => partNumber).filter((number) => number > 0),
      [1, 2, 3, 4],
    );
    await clock.advance(1);
    await server.takePart();
    await server.complete();
    assert.equal(bench.state(id), 'done');
  });

  it('is told as complete once the record has it, where only the record can tell what the server holds', async () => {
    const bench = presignedBench({ protocol: 'chunked', parallel: 2 });
    const id = bench.add(fileOf('big.bin', 400 * KiB));
    await bench.server.openSession({ part_size: undefined });
    const lanes = [...bench.transport.open];
    for (const part of lanes) part.progress(64 * KiB);
    for (const part of lanes) await part.fail();
    const seen: (readonly number[])[] = [];
    bench.engine.addEventListener('part-complete', async () => {
      const [record] = await bench.store.load(SCOPE);
      seen.push(record?.receipts.map(({ number }) => number) ?? []);
    });

    for (let rounds = 0; bench.state(id) !== 'finishing' && rounds < 10; rounds++) {
      await bench.clock.advance(5_000);
      for (const part of bench.transport.open) await received(part);
    }

    const [first, , again] = bench.transport.exchanges.flatMap(({ body }) => body?.size ?? []);
    assert.ok(again !== undefined && first !== undefined && again < first, 'it was cut anew');
    assert.deepEqual(
      seen.map((numbers) => numbers.length),
      [1, 2, 3],
    );
  });
});

describe('Many lanes', () => {
  const LANES = 16;

  type SetUp = Awaited<ReturnType<typeof openChunked>>;

  /** Answers until all lanes have a request under way: each round shows the line model that it can carry more. */
  const openLanes = async ({ transport, clock }: SetUp) => {
    for (let rounds = 0; transport.open.length < LANES && rounds < 60; rounds++) {
      await clock.advance(100);
      for (const part of transport.open) await (part.method === 'PUT' ? received(part) : part.answer(having([])));
    }
    assert.equal(transport.open.length, LANES);
  };

  const begin = async (): Promise<SetUp> => {
    const setUp = await openChunked(20_000, { parallel: LANES });
    await openLanes(setUp);
    return setUp;
  };

  it('print no warning of a leak, and end when the upload is paused', async () => {
    const warnings = await warningsDuring(async () => {
      const { transport, bench, id } = await begin();
      bench.engine.pause(id);
      await bench.settle();
      assert.equal(transport.open.length, 0);
    });
    assert.deepEqual(warnings, []);
  });

  it('end together when one of them fails for good, and as many come again after it', async () => {
    const setUp = await begin();
    const { transport, bench, id } = setUp;

    await transport.open[9]?.answer({ status: 400 });
    assert.deepEqual([transport.open.length, bench.state(id)], [0, 'failed']);

    bench.engine.retry(id);
    await openLanes(setUp);
  });

  it('open no other after one has failed, though a part arrives at the same moment', async () => {
    const { transport, bench, id } = await begin();
    const [arriving, failing] = transport.open;
    assert.ok(arriving && failing);
    const sent = transport.exchanges.length;

    await Promise.all([received(arriving), failing.answer({ status: 400 })]);

    assert.deepEqual([transport.exchanges.length - sent, bench.state(id)], [0, 'failed']);
  });
});
