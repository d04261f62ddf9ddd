import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Totals } from '../../../../src/engine/upload/progress/totals.js';

const uploads = fc.record({
  state: fc.constantFrom('queued', 'uploading', 'done', 'failed', 'canceled'),
  size: fc.nat({ max: 1000 }),
  sentBytes: fc.nat({ max: 1000 }),
  confirmedBytes: fc.nat({ max: 1000 }),
  ratio: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('Totals', () => {
  it('are after any changes what they are of the uploads as they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(uploads, uploads)), (changes) => {
        const changed = new Totals();
        const fresh = new Totals();
        for (const [before] of changes) changed.add(before);
        for (const [before, after] of changes) {
          changed.subtract(before);
          changed.add(after);
          fresh.add(after);
        }
        const { ratio, ...sums } = changed.aggregate(10);
        const { ratio: expectedRatio, ...expected } = fresh.aggregate(10);
        assert.deepEqual(sums, expected);
        assert.ok(Math.abs(ratio - expectedRatio) < 1e-9);
      }),
    );
  });
});
