import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isValidRecord } from '../../src/stores/validate-record.js';
import { file, recordOf } from '../engine/records/restored.js';

const isReadable = async (changes: object): Promise<boolean> =>
  isValidRecord({ ...(await recordOf(file)), ...changes }, 0);

const NO_COUNTS = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, '10'];

describe('A record', () => {
  for (const number of NO_COUNTS) {
    const shown = typeof number === 'string' ? `'${number}'` : number;

    it(`whose sizes or numbers are ${shown} is not read, because its parts would have no end`, async () => {
      const odd = [
        { size: number },
        { partSize: number },
        { partSize: [10, number] },
        { doubtedFrom: number },
        { receipts: [{ number, size: 10 }] },
        { receipts: [{ number: 1, size: number }] },
      ];
      for (const changes of odd) assert.equal(await isReadable(changes), false, JSON.stringify(changes));
    });
  }

  it('whose parts are empty, go back or reach beyond the file is not read', async () => {
    for (const partSize of [0, [10, 10], [20, 10], [10, 31]]) {
      assert.equal(await isReadable({ partSize }), false, JSON.stringify(partSize));
    }
  });

  it('is read with parts of one size, of several, of none yet, and of an empty file', async () => {
    for (const changes of [
      { partSize: 10 },
      { partSize: 100 },
      { partSize: [10, 30] },
      { partSize: [], receipts: [] },
      { partSize: null, receipts: [] },
      { size: 0, partSize: [0], receipts: [{ number: 1, size: 0 }] },
    ]) {
      assert.equal(await isReadable(changes), true, JSON.stringify(changes));
    }
  });
});
