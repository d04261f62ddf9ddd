/** What a page has to load, minified and compressed with brotli. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { bundle } from './bundle.js';
import { packageJson, readBuilt } from './published.js';

const KB = 1000;
/**
 * The engine as such: list, states, edits and undo, plan, slots, retries and line model, files, duplicates and limits,
 * drive, the facade and what ties them together. Records, their restoration and other tabs come beside the first requests.
 */
const ENGINE_BYTES = 17.5 * KB;
/**
 * `fastio-upload/engine`: the engine with the adapters that a page starts with, which are `auto`, `presigned`, `chunked`
 * and their wire formats (7), transports (2), the common file types and the platform (1). Records with database and locks,
 * the other file types, `prepare`, hashing and the other protocols come when they are needed.
 */
const ENTRY_BYTES = 29.8 * KB;
/**
 * Lit, engine, the protocols `presigned` and `chunked` with their transports, and the drop area stay in the file, because
 * an upload must not depend on a further file that a bad line may not bring. What draws the files and keeps their records
 * comes beside it at once; languages, pictures, hashing, folders, the doctor and further protocols when they are needed.
 * The goal is 45 kB.
 */
const CDN_BYTES = 45 * KB;
/** Files that the CDN file loads on demand: a protocol may weigh 2.5 kB. */
const BESIDE_BYTES: Readonly<Record<string, number>> = { multipart: 2.5 * KB, tus: 2.5 * KB, form: KB };

/** What brotli makes of nothing. */
const TYPES_ALONE = 1;

/**
 * Published entries, by their names in `exports`, with what they need at once; frameworks are the application's.
 */
const ENTRIES: Readonly<Record<string, number>> = {
  '.': 48.8 * KB,
  './define': 47 * KB,
  './engine': ENTRY_BYTES,
  './react': 48 * KB,
  './vue': 48 * KB,
  './svelte': TYPES_ALONE,
  './jsx/*': TYPES_ALONE,
  './protocols/auto': 2 * KB,
  './protocols/presigned': 4 * KB,
  './protocols/chunked': 3 * KB,
  './protocols/fastio': 10 * KB,
  './protocols/multipart': 5 * KB,
  './protocols/tus': 3.5 * KB,
  './protocols/form': 1.5 * KB,
  './stores/*': 2 * KB,
  './locales/*': 3 * KB,
  './server': 30 * KB,
  './server/node': 1.5 * KB,
  './server/s3': 11 * KB,
  './emulator': 24 * KB,
  './testing': 2 * KB,
};

/** The budget of the entry itself, or of all in its folder. */
const budgetOf = (entry: string): number => ENTRIES[entry] ?? ENTRIES[entry.replace(/[^/]+$/, '*')] ?? 0;

const entries = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry, file: target.default, budget: budgetOf(entry) }],
);

/** What `npm run size` shows. */
const report: { readonly what: string; readonly bytes: number; readonly limit: number; readonly left: number }[] = [];

const assertFits = (code: string, limit: number, what: string): void => {
  const size = brotliCompressSync(code).length;
  report.push({ what, bytes: size, limit, left: limit - size });
  assert.ok(code.length > 0 || limit === TYPES_ALONE, `${what} is not there`);
  assert.ok(
    size <= limit,
    `${what} weighs ${size} bytes and may weigh ${limit}: load what is seldom needed on demand, or say in the same change what the bytes above buy and raise the number here`,
  );
};

describe('sizes', () => {
  after(() => console.table(report));

  it(`keep the engine alone within ${ENGINE_BYTES} bytes`, async () => {
    assertFits(await bundle('dist/engine/engine-core.js'), ENGINE_BYTES, 'the engine');
  });

  it(`keep the CDN file within ${CDN_BYTES} bytes`, () => {
    assertFits(readBuilt(packageJson.unpkg), CDN_BYTES, packageJson.unpkg);
  });

  for (const [name, limit] of Object.entries(BESIDE_BYTES)) {
    it(`keep the CDN's ${name} within ${limit} bytes`, () => {
      assertFits(readBuilt(`dist/cdn/${name}.js`), limit, `dist/cdn/${name}.js`);
    });
  }

  for (const { entry, file, budget } of entries) {
    it(`keep the entry ${entry} within ${budget} bytes`, async () => {
      assertFits(await bundle(file), budget, entry);
    });
  }

  it('count the whole of the CDN file: it imports no other at once', () => {
    assert.doesNotMatch(readBuilt(packageJson.unpkg), /(from|import)\s*["']\.\//);
  });
});
