/** One word for one idea: words that were given up do not come back. `CONTRIBUTING.md` has those in their place. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readSources } from './sources.js';

/** Files, requests and servers are not persons; the rest has a term of the field. */
const GIVEN_UP =
  /\b(nobody|whoever|somebody|anybody|everybody|living[- ]file|waiting[- ]line|patient[- ]reader|trusted[- ]receipts?|build[- ]or[- ]blame|pacer|settler|custody|departures?|withdrawals?|whereabouts)\b/i;

/** A limit is a maximum or a minimum; by other words it is not found. */
const OTHER_LIMITS = /\bconst ([A-Z]+_)*(MOST|LEAST|LARGEST|SMALLEST|LONGEST|SHORTEST|CAP)(_[A-Z]+)* =/;

const ROOT = new URL('../../', import.meta.url);

/** Folders that hold code which is written here, and their kinds of files. */
const CODE = ['test', 'demo', '.ci'];
const OF_CODE = /\.([cm]?[jt]s|html|css|md|svelte)$|^\.ci\/run$/;
/** What is installed, and what is built. */
const FOREIGN = /\/(\.[^/]+|node_modules|dist|docs\/site|results|sveltekit\/build)$/;
/** Names the words themselves. */
const THIS_FILE = 'test/architecture/words.test.ts';

const codeBelow = (folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, ROOT), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return FOREIGN.test(path) ? [] : codeBelow(path);
    return OF_CODE.test(path) && path !== THIS_FILE ? [path] : [];
  });

const texts = (): { path: string; text: string }[] => [
  ...readSources().map(({ path, text }) => ({ path: `src/${path}`, text })),
  ...['README.md', 'CHANGELOG.md', 'SECURITY.md', 'vite.config.ts', ...CODE.flatMap(codeBelow)].map((path) => ({
    path,
    text: readFileSync(new URL(path, ROOT), 'utf8'),
  })),
];

const linesWith = (words: RegExp): string[] =>
  texts().flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (words.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );

describe('words', () => {
  it('that were given up stand nowhere in code, tests and documentation', () => {
    assert.deepEqual(linesWith(GIVEN_UP), []);
  });

  it('name limits MAX and MIN', () => {
    assert.deepEqual(linesWith(OTHER_LIMITS), []);
    assert.ok(OTHER_LIMITS.test('const MOST_LANES = 16;') && OTHER_LIMITS.test('export const UNANSWERED_CAP_MS = 3;'));
  });
});
