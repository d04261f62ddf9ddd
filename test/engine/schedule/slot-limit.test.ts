import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slotLimit } from '../../../src/engine/schedule/slot-limit.js';
import { DEFAULT_OPTIONS } from '../../../src/preset.js';

const limit = (parallel: number | 'auto', origin: string | null): number =>
  slotLimit({ ...DEFAULT_OPTIONS, endpoint: 'https://app.test/uploads', parallel }, origin);

describe('slotLimit', () => {
  it('leaves one connection free where requests for JSON go as well', () => {
    assert.deepEqual([limit('auto', 'https://app.test'), limit('auto', 'https://storage.test')], [5, 6]);
  });

  it('is what the user chose, wherever the bytes go', () => {
    assert.deepEqual([limit(3, 'https://app.test'), limit(16, null)], [3, 16]);
  });

  it('takes what is no number of requests as no choice, for nothing would ever be sent', () => {
    for (const parallel of [0, -1, Number.NaN]) assert.equal(limit(parallel, 'https://storage.test'), 6);
  });
});
