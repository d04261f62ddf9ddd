/** A whole engine on lines in virtual time: how long a file takes, and how many of its bytes are sent. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SlotQueue } from '../../../src/engine/schedule/slot-queue.js';
import { KiB, MiB } from '../../../src/lib/byte-size.js';
import type { EngineOptions } from '../../../src/preset.js';
import { dataTimeouts } from '../../../src/transports/data-timeouts.js';
import { Bench } from '../../support/builders.js';
import { equalParts } from '../../support/equal-parts.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeConnectivity } from '../../support/fake-ports.js';
import { hollowFile, type LineProfile, SimulatedLine } from '../../support/simulated-line.js';

/** Twice what ten seconds carry. */
const FIRST_LOSS = 8 * MiB;
const MBIT = 1_000_000 / 8;

/** Sends files of this size together, and tells how it went. */
const send = async (profile: LineProfile, size: number, options: Partial<EngineOptions> = {}, files = 1) => {
  const clock = new FakeClock();
  const line = new SimulatedLine(clock, profile);
  const bench = new Bench({ protocol: 'chunked', ...options }, { clock, transport: line });
  const startedAt = clock.now();
  const each = Math.ceil(size / files);
  const ids = Array.from({ length: files }, (_, index) => bench.add(hollowFile(`big-${index}.bin`, each)));
  const isOver = (id: string) => ['done', 'failed'].includes(bench.upload(id).state);
  await clock.advanceUntil(() => ids.every(isOver));
  const seconds = (clock.now() - startedAt) / 1000;
  for (const id of ids) assert.equal(bench.upload(id).error, null);
  assert.deepEqual(line.violations, []);
  return { seconds, sentShare: line.sentBytes / size, timeShare: seconds / (size / profile.rate), line };
};

describe('An engine on a line that breaks', () => {
  for (const { rate, every, size, time, sent } of [
    { rate: 4 * MBIT, every: 60, size: 100 * MiB, time: 1.25, sent: 1.15 },
    { rate: 1 * MBIT, every: 60, size: 100 * MiB, time: 1.5, sent: 1.5 },
    { rate: 2 * MBIT, every: 20, size: 20 * MiB, time: 1.25, sent: 1.2 },
    { rate: 0.256 * MBIT, every: 60, size: 16 * MiB, time: 1.5, sent: 1.5 },
  ]) {
    it(`gets ${size / MiB} MiB through ${rate / MBIT} Mbit/s with a break every ${every} s`, async () => {
      const result = await send({ rate, roundTripMs: 60, breaksEveryMs: every * 1000 }, size);
      assert.ok(result.timeShare <= time, `it took ${result.timeShare} of its time`);
      assert.ok(result.sentShare <= sent, `${result.sentShare} of its size was sent`);
    });
  }
});

describe('Small files on a thin line', () => {
  /** Bodies of this size leave in one go and are heard of only when they have arrived. */
  const size = 60 * KiB;
  const options = { clock: new FakeClock(), connectivity: new FakeConnectivity() };
  const deadlineMs = (bytes: number) => dataTimeouts(new ArrayBuffer(bytes), options).briefMs;

  for (const { files, rate, connections, nextHop } of [
    { files: 1, rate: KiB, connections: 6, nextHop: 'http/1.1' },
    { files: 48, rate: 8000, connections: 6, nextHop: 'http/1.1' },
    { files: 48, rate: 8000, connections: 100, nextHop: 'h2' },
  ]) {
    it(`get through: ${files} at ${rate} bytes a second by ${nextHop}`, async () => {
      const clock = new FakeClock();
      const line = new SimulatedLine(clock, { rate, connections, deadlineMs, roundTripMs: 60 });
      const queue = new SlotQueue({ clock, nextHop: () => nextHop });
      const { engine } = new Bench({ protocol: 'chunked' }, { clock, transport: line, slots: () => queue });
      engine.addFiles(Array.from({ length: files }, (_, index) => hollowFile(`${index}.bin`, size)));
      await clock.advanceUntil(() => engine.progress.pending === 0);

      assert.equal(engine.progress.done, files);
      assert.ok(line.sentBytes <= 2 * files * size, `${line.sentBytes / files / size} of the sizes was sent`);
    });
  }
});

describe('Parts of one size', () => {
  it('are made smaller while the line cuts each of them, and keep one size once one is confirmed', async () => {
    const profile = { rate: 1 * MBIT, roundTripMs: 60, breaksEveryMs: 30_000 };
    const { timeShare, sentShare, line } = await send(profile, 40 * MiB, { protocol: equalParts(MiB) });
    assert.ok(timeShare <= 1.6, `it took ${timeShare} of its time`);
    assert.ok(sentShare <= 1.6, `${sentShare} of its size was sent`);
    assert.ok(line.breaks > 5);
  });

  it('stay as large as the line bears where it holds', async () => {
    const { line } = await send({ rate: 4e6, roundTripMs: 60 }, 96 * MiB, { protocol: equalParts(MiB) });
    assert.equal(line.sentBytes, 96 * MiB);
  });
});

describe('An engine on a line that holds', () => {
  it('fills a line whose connections are capped, nearly as six equal slices do', async () => {
    const { seconds } = await send({ rate: 24e6, connectionRate: 4e6, roundTripMs: 80 }, 128 * MiB);
    const slices = (128 * MiB) / 24e6 + 3 * 0.08;
    assert.ok(seconds <= slices * 1.05, `it took ${seconds} s, and slices ${slices} s`);
  });
});

describe('An engine on any line', () => {
  /** Rates, distances, caps and breaks as they occur; between two breaks at least a few of the smallest parts get through. */
  const lines = fc
    .record({
      rate: fc.integer({ min: 30_000, max: 12_000_000 }),
      share: fc.constantFrom(1, 1, 1 / 2, 1 / 6),
      roundTripMs: fc.integer({ min: 5, max: 400 }),
      breaksEveryMs: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 15_000, max: 120_000 })),
      seconds: fc.integer({ min: 1, max: 400 }),
      // Others on the same line, and files that share what is left of it.
      neighbours: fc.constantFrom(0, 0, 1, 3),
      files: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ rate, share, seconds, files, ...line }) => ({
      files,
      // `rate` is what the neighbours leave at least to one connection.
      profile: { ...line, rate: rate * (1 + line.neighbours), connectionRate: Math.max(rate * share, 30_000) },
      size: Math.min(rate * seconds, 64 * MiB),
    }));

  it('gets through, and sends little twice', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async ({ profile, size, files }) => {
        const { line } = await send(profile, size, {}, files);
        const lost = line.sentBytes - size;
        // What was in flight at the first break is lost before anything is known of the line: ten seconds of it at most.
        const firstLoss = Math.max(FIRST_LOSS, profile.rate * 10);
        const perBreak = 0.25 * Math.min(profile.rate * (profile.breaksEveryMs / 1000), size);
        assert.ok(lost <= 1 || lost <= firstLoss + line.breaks * perBreak, `${lost} bytes were sent again`);
      }),
      // The same lines each time, because a run takes seconds; `LINES_SEED` tries others.
      { numRuns: Number(process.env.LINES_RUNS ?? 40), seed: Number(process.env.LINES_SEED ?? 1) },
    );
  });
});
