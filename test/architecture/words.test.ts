/** One word for one idea: words that were given up do not come back. `CONTRIBUTING.md` has those in their place. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readSources } from './sources.js';

/** Files, requests and servers are not persons; the rest has a term of the field. */
const GIVEN_UP =
  /\b(nobody|whoever|somebody|anybody|everybody|living[- ]file|waiting[- ]line|patient[- ]reader|trusted[- ]receipts?|build[- ]or[- ]blame|pacer|settler)\b/i;

const ROOT = new URL('../../', import.meta.url);
const DOCS = 'demo/docs/content/';

const texts = (): { path: string; text: string }[] => [
  ...readSources().map(({ path, text }) => ({ path: `src/${path}`, text })),
  ...['README.md', ...readdirSync(new URL(DOCS, ROOT), { recursive: true }).map((name) => DOCS + name)]
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(new URL(path, ROOT), 'utf8') })),
];

describe('words', () => {
  it('that were given up stand nowhere in code, README and documentation', () => {
    const found = texts().flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (GIVEN_UP.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );
    assert.deepEqual(found, []);
  });
});
