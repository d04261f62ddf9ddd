import { expect } from '@open-wc/testing';
import { parseInstant } from '../../src/wire/headers.js';

describe('parseInstant', () => {
  it('reads a date as the API writes it, as ISO has it and as HTTP has it', () => {
    const dates = ['2026-04-24 23:49:04 UTC', '2026-04-24T23:49:04Z', 'Fri, 24 Apr 2026 23:49:04 GMT'];
    expect(dates.map(parseInstant)).to.deep.equal(dates.map(() => Date.UTC(2026, 3, 24, 23, 49, 4)));
  });
});
