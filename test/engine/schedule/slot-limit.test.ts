import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slotLimit } from '../../../src/engine/schedule/slot-limit.js';

describe('slotLimit', () => {
  it('is what the user chose', () => {
    assert.equal(slotLimit({ parallel: 3 }), 3);
  });

  it('leaves it to the line where the user did not choose, or chose what would never send anything', () => {
    for (const parallel of ['auto', 0, -1, Number.NaN] as const) assert.equal(slotLimit({ parallel }), Infinity);
  });
});
