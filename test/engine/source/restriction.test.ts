import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_OPTIONS } from '../../../src/engine/options.js';
import { checkFile, restrictionsOf } from '../../../src/engine/source/restriction.js';

const EMPTY = { count: 0, bytes: 0 };

const photo = { name: 'Holiday.JPG', type: 'image/jpeg', size: 10 };

describe('checkFile', () => {
  const check = (options: Partial<typeof DEFAULT_OPTIONS>, list = EMPTY) =>
    checkFile(photo, restrictionsOf({ ...DEFAULT_OPTIONS, ...options }, null), list)?.code ?? null;

  it('takes everything by default', () => {
    assert.equal(check({}, { count: 1e6, bytes: 1e15 }), null);
  });

  it('includes the limits themselves', () => {
    assert.equal(
      check({ maxFileSize: 10, minFileSize: 10, maxTotalSize: 15, maxFiles: 2 }, { count: 1, bytes: 5 }),
      null,
    );
    assert.equal(check({ maxFileSize: 9 }), 'rejected-size');
    assert.equal(check({ minFileSize: 11 }), 'rejected-size');
    assert.equal(check({ maxTotalSize: 14 }, { count: 1, bytes: 5 }), 'rejected-size');
    assert.equal(check({ maxFiles: 1 }, { count: 1, bytes: 5 }), 'rejected-count');
    assert.equal(check({ accept: '.png' }), 'rejected-type');
  });

  it('puts the limits of page and backend both in force, the narrower one first', () => {
    const options = { ...DEFAULT_OPTIONS, maxFileSize: 100, maxFiles: 1, accept: 'image/*' };
    const both = restrictionsOf(options, { maxFileSize: 50, maxFiles: 9, accept: '.jpg,.png' });

    assert.deepEqual([both.maxFileSize, both.maxFiles], [50, 1]);
    assert.equal(checkFile(photo, both, EMPTY), null);
    assert.equal(checkFile({ ...photo, name: 'a.gif' }, both, EMPTY)?.code, 'rejected-type');
    assert.equal(checkFile({ ...photo, type: 'text/plain' }, both, EMPTY)?.code, 'rejected-type');
  });

  it('admits nothing under a limit that could not be read', () => {
    assert.equal(check({ maxFileSize: Number.NaN }), 'rejected-size');
    assert.equal(check({ minFileSize: Number.NaN }), 'rejected-size');
    assert.equal(check({ maxTotalSize: Number.NaN }), 'rejected-size');
    assert.equal(check({ maxFiles: Number.NaN }), 'rejected-count');
  });
});
