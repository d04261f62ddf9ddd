import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UNKNOWN_LINE } from '../../../src/engine/schedule/line-model.js';
import { wishedPartSize } from '../../../src/engine/schedule/part-size.js';
import { MiB } from '../../../src/lib/byte-size.js';

describe('the size of a part', () => {
  it('is what a slow line carries in some three seconds, also after a first round trip that opened connections', () => {
    const laneRate = 160_000;
    const line = { ...UNKNOWN_LINE, laneRate, goodput: 6 * laneRate, roundTripMs: 210, largestPart: 16 * MiB };

    const bytes = wishedPartSize({ line, now: 2_000, rest: 15 * MiB, underWay: 0, lanes: 6 });

    const seconds = bytes / laneRate;
    assert.ok(seconds > 2.5 && seconds < 3.5, `${seconds} s`);
  });
});
