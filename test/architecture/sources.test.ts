/** A file that passes its limit holds two ideas: split it before adding to it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSources } from './sources.js';

const MAX_LINES = 300;

/** More files beside each other are more than one glance takes in: group them by what changes together. */
const MAX_FILES = 15;

describe('sources', () => {
  it(`have at most ${MAX_LINES} lines a file`, () => {
    const long = readSources()
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ path, lines }) => `src/${path} has ${lines} lines`);
    assert.deepEqual(long, []);
  });

  it(`lie at most ${MAX_FILES} beside each other`, () => {
    const counts = new Map<string, number>();
    for (const { path } of readSources()) {
      const folder = path.split('/').slice(0, -1).join('/');
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const full = [...counts]
      .filter(([, files]) => files > MAX_FILES)
      .map(([folder, files]) => `src/${folder} has ${files} files`);
    assert.deepEqual(full, []);
  });

  it('load code of protocols and engine so that a failure is one of the network, or is caught', () => {
    const unguarded = readSources()
      .filter(({ path }) => /^(protocols|engine)\//.test(path))
      .flatMap(({ path, text }) => text.split('\n').map((line, index) => ({ at: `${path}:${index + 1}`, line })))
      .filter(({ line }) => line.includes('import('))
      .filter(({ line }) => !/lazyCode\(|load: async|\.catch\(/.test(line));
    assert.deepEqual(unguarded, []);
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
