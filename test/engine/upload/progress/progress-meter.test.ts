import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ProgressMeter } from '../../../../src/engine/upload/progress/progress-meter.js';

/** `bytes` every `everyMs`, for `ms`. */
const run = (
  meter: ProgressMeter,
  { bytes, everyMs, from, ms }: Record<'bytes' | 'everyMs' | 'from' | 'ms', number>,
) => {
  for (let now = from; now <= from + ms; now += everyMs) meter.add(bytes, now);
  return from + ms;
};

describe('ProgressMeter', () => {
  it('is never negative, never NaN, never infinite, whatever comes', () => {
    const steps = fc.array(
      fc.record({ bytes: fc.nat(), wait: fc.nat({ max: 10_000 }), act: fc.constantFrom('add', 'read', 'stop') }),
    );
    fc.assert(
      fc.property(steps, (list) => {
        const meter = new ProgressMeter();
        let now = 0;
        for (const { bytes, wait, act } of list) {
          now += wait;
          if (act === 'add') meter.add(bytes, now);
          if (act === 'stop') meter.stop();
          const rate = meter.bytesPerSecond(now);
          const left = meter.remainingMs(bytes, now);

          assert.ok(Number.isFinite(rate) && rate >= 0, `rate ${rate}`);
          assert.ok(left === null || (Number.isFinite(left) && left >= 0), `remaining ${left}`);
        }
      }),
    );
  });

  it('comes to the true rate of a steady stream, whatever the size of the steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1_000, max: 1e9 }), (everyMs, rate) => {
        const meter = new ProgressMeter();
        const end = run(meter, { bytes: (rate * everyMs) / 1000, everyMs, from: 0, ms: 20_000 });

        const measured = meter.bytesPerSecond(end);

        assert.ok(Math.abs(measured - rate) < rate * 0.1, `${measured} instead of ${rate}`);
      }),
    );
  });

  it('follows a change of speed within seconds, without a jump', () => {
    const meter = new ProgressMeter();
    run(meter, { bytes: 1_000, everyMs: 100, from: 0, ms: 10_000 });
    const before = meter.bytesPerSecond(10_000);
    run(meter, { bytes: 100, everyMs: 100, from: 10_100, ms: 400 });
    const soon = meter.bytesPerSecond(10_500);
    run(meter, { bytes: 100, everyMs: 100, from: 10_600, ms: 12_000 });

    assert.ok(soon > before / 2, 'no jump');
    assert.ok(meter.bytesPerSecond(22_600) < 1_500, 'but it follows');
  });

  it('falls to nothing when nothing moves', () => {
    const meter = new ProgressMeter();
    run(meter, { bytes: 1_000, everyMs: 100, from: 0, ms: 5_000 });

    assert.ok(meter.bytesPerSecond(30_000) < 100);
    assert.ok(meter.bytesPerSecond(60_000) < 1);
    assert.equal(meter.remainingMs(1_000, 60_000), null);
  });

  it('knows the time that remains from the rate', () => {
    const meter = new ProgressMeter();
    const end = run(meter, { bytes: 1_000, everyMs: 100, from: 0, ms: 10_000 });

    const left = meter.remainingMs(100_000, end) ?? 0;

    assert.ok(left > 9_000 && left < 11_000, `${left} ms`);
  });

  it('says nothing before it knows something, nor after a stop', () => {
    const meter = new ProgressMeter();
    meter.add(1_000_000, 0);
    assert.deepEqual([meter.bytesPerSecond(10), meter.remainingMs(1, 10)], [0, null]);
    meter.add(1_000_000, 1_000);
    assert.ok(meter.bytesPerSecond(1_000) > 0);

    meter.stop();

    assert.equal(meter.bytesPerSecond(2_000), 0);
  });
});
