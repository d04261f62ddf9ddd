import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KiB } from '../../../src/lib/byte-size.js';
import { fileOf, openChunked, presignedBench, SCOPE } from '../../support/builders.js';
import { received } from '../../support/scripted-server.js';

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
