import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defined } from '../../src/lib/defined.js';

describe('defined', () => {
  it('leaves out what is undefined, and nothing else', () => {
    const fields = { none: undefined, zero: 0, empty: '', no: false, nothing: null };

    assert.deepEqual(defined(fields), { zero: 0, empty: '', no: false, nothing: null });
    assert.equal('none' in defined(fields), false);
  });
});
