/** A file that passes its limit holds two ideas: split it before adding to it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSources } from './sources.js';

const MOST_LINES = 300;

describe('sources', () => {
  it(`have at most ${MOST_LINES} lines a file`, () => {
    const long = readSources()
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `src/${path} has ${lines} lines`);
    assert.deepEqual(long, []);
  });

  it('silence no compiler error without a reason', () => {
    const silenced = readSources().flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (/@ts-(ignore|nocheck)/.test(line) ? [`src/${path}:${index + 1}`] : [])),
    );
    assert.deepEqual(silenced, []);
  });
});
