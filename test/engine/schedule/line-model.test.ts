import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  answered,
  arrivedBytes,
  confirmed,
  failed,
  type LineModel,
  MIN_PART_BYTES,
  memoryOf,
  recalled,
  throttled,
  UNKNOWN_LINE,
} from '../../../src/engine/schedule/line-model.js';
import { inFlightBytes, lanesWithRoom, wishedPartSize } from '../../../src/engine/schedule/part-size.js';
import { MiB } from '../../../src/lib/byte-size.js';

/** So many requests of `bytes` beside each other, each of which takes `ms`. */
const after = (line: LineModel, { count = 6, bytes = MiB, ms = 1000, concurrency = line.lanes, most = 6, at = 0 }) => {
  let model = line;
  for (let i = 0; i < count; i++) {
    model = confirmed(model, { startedAt: at, now: at + ms, bytes, concurrency, most });
  }
  return model;
};

const events = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('confirmed' as const),
      ms: fc.integer({ min: 0, max: 60_000 }),
      bytes: fc.nat({ max: 100 * MiB }),
      concurrency: fc.double({ min: 0, max: 32, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('failed' as const),
      ms: fc.integer({ min: 0, max: 60_000 }),
      bytes: fc.nat({ max: 100 * MiB }),
      sentBytes: fc.nat({ max: MiB }),
    }),
    fc.record({ kind: fc.constant('throttled' as const), running: fc.nat({ max: 32 }) }),
    fc.record({ kind: fc.constant('answered' as const), ms: fc.integer({ min: 0, max: 60_000 }) }),
  ),
  { maxLength: 80 },
);

describe('The model of a line', () => {
  it('keeps lanes and parts within reason, whatever happens', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(6, 10, 32), (list, most) => {
        let line = UNKNOWN_LINE;
        let now = 1_000;
        for (const event of list) {
          const startedAt = now;
          if ('ms' in event) now += event.ms;
          if (event.kind === 'confirmed') line = confirmed(line, { ...event, startedAt, now, most });
          else if (event.kind === 'failed') line = failed(line, { ...event, startedAt, now });
          else if (event.kind === 'throttled') line = throttled(line, event.running, now);
          else line = answered(line, event.ms);
          assert.ok(Number.isInteger(line.lanes) && line.lanes >= 1 && line.lanes <= Math.max(most, 6));
          assert.ok(line.goodput >= 0 && line.laneRate >= 0 && line.roundTripMs >= 0);
          assert.ok(line.largestPart >= MIN_PART_BYTES);
          const wish = wishedPartSize({ line, now, rest: 10 ** 9, underWay: 0, lanes: line.lanes });
          assert.ok(Number.isFinite(wish) && wish >= MIN_PART_BYTES, `${wish}`);
          assert.ok(lanesWithRoom(line, now, 5 * MiB) >= 1);
        }
      }),
    );
  });

  it('counts what breaks together once', () => {
    const line = after(UNKNOWN_LINE, { count: 6 });
    const broken = { startedAt: 1_500, now: 3_000, bytes: MiB, sentBytes: 1000 };
    const once = failed(line, broken);

    assert.deepEqual(failed(once, { ...broken, startedAt: 2_000 }), once);
    assert.equal(once.lanes, line.lanes, 'it carried bytes before it broke');
  });

  it('takes fewer lanes and smaller parts when it breaks before anything has arrived', () => {
    const broken = { startedAt: 0, now: 60_000, bytes: 256 * 1024, sentBytes: 1000 };
    const { lanes, largestPart } = failed(UNKNOWN_LINE, broken);

    assert.deepEqual([lanes, largestPart], [3, MIN_PART_BYTES]);
  });

  it('learns nothing of the line from an origin that cannot be reached', () => {
    const { lanes, largestPart, uptimeMs } = failed(UNKNOWN_LINE, { startedAt: 0, now: 10, bytes: MiB, sentBytes: 0 });

    assert.deepEqual([lanes, largestPart, uptimeMs], [6, UNKNOWN_LINE.largestPart, Infinity]);
  });

  it('comes back to all its lanes when they bring more', () => {
    let line: LineModel = { ...UNKNOWN_LINE, lanes: 1 };
    const seen = [line.lanes];
    for (let round = 0; round < 4; round++) {
      // Each connection has a rate of its own.
      line = after(line, { count: 6, at: round * 1000 });
      if (line.lanes !== seen.at(-1)) seen.push(line.lanes);
    }

    assert.deepEqual(seen, [1, 2, 4, 6]);
  });

  it('tries many lanes soon where requests are quick, and none where they wait for their bytes', () => {
    const opened = after(UNKNOWN_LINE, { count: 6, ms: 300, bytes: 20_000, most: 32 });
    const quick = after(opened, { count: 6, at: 300, ms: 120, bytes: 20_000, most: 32 });
    const slow = after(opened, { count: 24, at: 300, ms: 4_000, bytes: 500_000, most: 32 });

    assert.deepEqual([opened.lanes, quick.lanes, slow.lanes], [6, 24, 6]);
  });

  it('keeps more lanes over one round that brought nothing, and gives them up after a second', () => {
    const quick = { bytes: 20_000, most: 32 };
    const six = after({ ...UNKNOWN_LINE, round: { ...UNKNOWN_LINE.round, since: 0 } }, { ...quick, ms: 120 });
    const once = after(six, { ...quick, count: 24, at: 120, ms: 500 });
    const twice = after(once, { ...quick, count: 24, at: 620, ms: 500 });

    assert.deepEqual([six.lanes, once.lanes, twice.lanes], [24, 24, 6]);
  });

  it('measures all requests together, however many there are', () => {
    const { goodput, laneRate } = after({ ...UNKNOWN_LINE, roundTripMs: 100 }, { ms: 1100 });

    assert.equal(Math.round(goodput), Math.round((6 * MiB) / 1.1));
    assert.equal(Math.round(laneRate), MiB);
  });

  it('counts opening a connection against the first requests only', () => {
    // 80 ms there and back, three times at first; 4 MB/s.
    const opened = after(answered(UNKNOWN_LINE, 240), { bytes: MIN_PART_BYTES, ms: 240 + MIN_PART_BYTES / 4_000 });
    const settled = after(opened, { bytes: 8_000_000, ms: 2_080, at: 1_000 });
    const line = after(settled, { bytes: 8_000_000, ms: 2_080, at: 4_000 });
    assert.ok(Math.abs(line.laneRate / 4_000_000 - 1) < 0.03, `${line.laneRate}`);
    assert.ok(Math.abs(arrivedBytes(line, 1_080) / 4_000_000 - 1) < 0.03, 'what is under way is estimated alike');
    assert.equal(arrivedBytes(line, 50), 0);
  });

  it('puts no more on a line than ten seconds carry, and less where it does not hold as long', () => {
    const line = after({ ...UNKNOWN_LINE, roundTripMs: 20 }, { bytes: 100_000, ms: 1000, count: 20 });
    const breaking = failed(line, { startedAt: 1_000, now: 12_000, bytes: 100_000, sentBytes: 10 });

    assert.equal(Math.round(inFlightBytes(line, 2_000) / line.goodput), 10);
    assert.equal(Math.round(inFlightBytes(breaking, 12_000) / line.goodput), 1);
  });

  it('lets all lanes end together', () => {
    const line = after({ ...UNKNOWN_LINE, roundTripMs: 20, largestPart: 100 * MiB }, { count: 30 });
    // Five lanes have a megabyte each still to send, and this one the rest.
    const wish = wishedPartSize({ line, now: 2_000, rest: 4 * MiB, underWay: 5 * MiB, lanes: 6 });

    assert.equal(wish, 1.5 * MiB);
  });

  it('hands on what it knows as numbers, and takes nothing but sense from them', () => {
    const line = after({ ...UNKNOWN_LINE, roundTripMs: 20 }, { count: 12 });
    const memory: unknown = JSON.parse(JSON.stringify(memoryOf(line)));
    const next = recalled(memory as Record<string, number>);

    assert.deepEqual([next.goodput, next.laneRate, next.lanes], [line.goodput, line.laneRate, line.lanes]);
    assert.equal(next.uptimeMs, Infinity);
    assert.ok(next.largestPart <= 4 * MiB, 'the network may be another one');
    assert.equal(after(next, { count: 1, bytes: 1000 }).goodput < line.goodput, true);
    const nonsense = recalled({ lanes: -3, goodput: -1, largestPart: 1, other: 9 });
    assert.deepEqual([nonsense.lanes, nonsense.goodput, nonsense.largestPart], [6, 0, MIN_PART_BYTES]);
  });
});
