/** What a page has to load, minified and compressed with brotli. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { packageJson, ROOT, readBuilt } from './published.js';

const KB = 1000;
/**
 * The engine as such: list, states, edits and undo, plan, slots, retries and line model, files, duplicates and limits,
 * drive, the facade and what ties them together. Records, their restoration and other tabs come beside the first requests.
 */
const ENGINE_BYTES = 17.1 * KB;
/**
 * `fastio-upload/engine`: the engine with the adapters that a page starts with, which are `auto`, `presigned`, `chunked`
 * and their wire formats (7), transports (2), the common file types and the platform (1). Records with database and locks,
 * the other file types, `prepare`, hashing and the other protocols come when they are needed.
 */
const ENTRY_BYTES = 29.1 * KB;
/**
 * Lit, engine, the protocols `presigned` and `chunked` with their transports, and the drop area stay in the file, because
 * an upload must not depend on a further file that a bad line may not bring. What draws the files and keeps their records
 * comes beside it at once; languages, pictures, hashing, folders, the doctor and further protocols when they are needed.
 * The goal is 45 kB.
 */
const CDN_BYTES = 45 * KB;

/** The entry and what it needs at once, without what it loads on demand and without a bundler's own runtime. */
const bundle = async (entry: string): Promise<string> => {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(ROOT, entry), formats: ['es'] },
      rolldownOptions: { output: { minify: true } },
    },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const chunks = new Map(outputs.flatMap((output) => (output.type === 'chunk' ? [[output.fileName, output]] : [])));
  const needed = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of needed) for (const other of chunks.get(name)?.imports ?? []) needed.add(other);
  return [...needed].map((name) => chunks.get(name)?.code ?? '').join('');
};

/** What `npm run size` shows. */
const report: { readonly what: string; readonly bytes: number; readonly limit: number; readonly left: number }[] = [];

const assertFits = (code: string, limit: number, what: string): void => {
  const size = brotliCompressSync(code).length;
  report.push({ what, bytes: size, limit, left: limit - size });
  assert.ok(code.length > 1000, `${what} is not there`);
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

  it(`keep the engine with its adapters within ${ENTRY_BYTES} bytes`, async () => {
    assertFits(await bundle('dist/preset.js'), ENTRY_BYTES, 'fastio-upload/engine');
  });

  it(`keep the CDN file within ${CDN_BYTES} bytes`, () => {
    assertFits(readBuilt(packageJson.unpkg), CDN_BYTES, packageJson.unpkg);
  });

  it('count the whole of the CDN file: it imports no other at once', () => {
    assert.doesNotMatch(readBuilt(packageJson.unpkg), /(from|import)\s*["']\.\//);
  });
});
