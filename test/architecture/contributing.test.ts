/** `CONTRIBUTING.md` leads a reader to files: each that it names exists, under the path that it gives. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readSources } from './sources.js';

const TEXT = readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');

/** The map of the code, and the way of one upload through it. */
const MAP = TEXT.slice(TEXT.indexOf('| Looking for |'), TEXT.indexOf('## Add'));

const missingIn = (text: string): string[] => {
  const paths = readSources().map(({ path }) => `/src/${path}`);
  const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map((match) => match[1] ?? '');
  return named.filter((name) => !paths.some((path) => path.endsWith(`/${name}`)));
};

describe('CONTRIBUTING.md', () => {
  it('names files that exist', () => {
    assert.ok(MAP.length > 1000);
    assert.deepEqual(missingIn(MAP), []);
  });

  it('would be told of a file that was moved', () => {
    assert.deepEqual(missingIn('`src/engine/drive/with-retries.ts`, `schedule/with-retries.ts`'), [
      'schedule/with-retries.ts',
    ]);
  });
});
