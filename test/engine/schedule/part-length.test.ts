import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CutRequest, lengthOfPart } from '../../../src/engine/schedule/part-length.js';
import { KiB, MiB } from '../../../src/lib/byte-size.js';

const first: CutRequest = { number: 1, start: 0, rest: 10 * MiB, wish: MiB, limits: {}, former: [] };
const second: CutRequest = { ...first, number: 2, start: MiB, rest: 9 * MiB };

describe('The length of a part', () => {
  const cases: [string, CutRequest, number][] = [
    ['is the wish, rounded up to a multiple of 64 KiB', { ...first, wish: MiB + 1 }, MiB + 64 * KiB],
    ['is at least the limit', { ...first, limits: { minPartSize: 5 * MiB } }, 5 * MiB],
    ['is at most the limit', { ...first, limits: { maxPartSize: 100_000 } }, 100_000],
    ['leaves no more than the parts that are left can hold', { ...first, limits: { maxParts: 4 } }, 2.5 * MiB],
    ['takes a small rest along', { ...first, wish: 9 * MiB }, 10 * MiB],
    ['differs from that of the same number at another place', { ...second, former: [[2 * MiB, 3 * MiB]] }, MiB - 1],
    ['may be what it was at this place', { ...second, former: [[MiB, 2 * MiB]] }, MiB],
    [
      'grows where it may not be smaller',
      { ...second, former: [[2 * MiB, 3 * MiB]], limits: { minPartSize: MiB } },
      MiB + 1,
    ],
    [
      'leaves no rest that another last part had',
      { ...second, rest: 3 * MiB, former: [[MiB, 6 * MiB, 8 * MiB]] },
      MiB - 1,
    ],
  ];
  for (const [title, request, expected] of cases) it(title, () => assert.equal(lengthOfPart(request), expected));
});
