/** What applications may import, and what they get. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packageJson, ROOT } from './published.js';

/** Every specifier that the package promises, with one name that must come from it; null where types are all. */
const PROMISED: Readonly<Record<string, string | null>> = {
  'fastio-upload': 'FastioUpload',
  'fastio-upload/define': 'FastioUpload',
  'fastio-upload/engine': 'UploadEngine',
  'fastio-upload/protocols/auto': 'auto',
  'fastio-upload/protocols/presigned': 'presigned',
  'fastio-upload/protocols/chunked': 'chunked',
  'fastio-upload/protocols/fastio': 'fastio',
  'fastio-upload/protocols/multipart': 'multipart',
  'fastio-upload/protocols/tus': 'tus',
  'fastio-upload/protocols/form': 'form',
  'fastio-upload/stores/memory': 'MemoryStore',
  'fastio-upload/stores/indexed-db': 'IndexedDbStore',
  'fastio-upload/react': 'useUploadEngine',
  'fastio-upload/vue': 'useUploadEngine',
  'fastio-upload/server': 'createUploadHandler',
  'fastio-upload/server/node': 'toNodeListener',
  'fastio-upload/server/s3': 's3',
  'fastio-upload/emulator': 'startEmulator',
  'fastio-upload/testing': 'startBackend',
  'fastio-upload/locales/ar': 'default',
  'fastio-upload/locales/de': 'default',
  'fastio-upload/locales/en': 'ENGLISH',
  'fastio-upload/jsx/react': null,
  'fastio-upload/jsx/preact': null,
  'fastio-upload/jsx/solid': null,
  'fastio-upload/svelte': null,
};

const load = (specifier: string): Promise<Record<string, unknown>> => import(specifier);

describe('the exports map', () => {
  for (const [specifier, name] of Object.entries(PROMISED)) {
    it(`resolves ${specifier}`, async () => {
      const module = await load(specifier);
      assert.deepEqual(name === null ? Object.keys(module) : [name in module], name === null ? [] : [true]);
    });
  }

  it('names the types of each entry first, and only files that exist', () => {
    for (const [entry, target] of Object.entries(packageJson.exports)) {
      const conditions = typeof target === 'string' ? { default: target } : target;
      if (typeof target !== 'string') assert.equal(Object.keys(target)[0], 'types', entry);
      for (const path of Object.values(conditions)) {
        if (path.includes('*')) continue;
        assert.ok(existsSync(join(ROOT, path)), `${entry} → ${path}`);
      }
    }
  });

  it('names every entry in full, so that nothing else of the package can be imported', async () => {
    assert.deepEqual(
      Object.keys(packageJson.exports).filter((entry) => entry.includes('*')),
      [],
    );
    for (const path of [
      'engine/upload-state',
      'dist/index.js',
      'protocols/shared/backend',
      'protocols/fastio/batcher',
    ]) {
      await assert.rejects(load(`fastio-upload/${path}`), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
    }
  });

  it('gives editors what they read', async () => {
    for (const name of ['custom-elements.json', 'web-types.json', 'vscode.html-custom-data.json', 'package.json']) {
      const module = await import(`fastio-upload/${name}`, { with: { type: 'json' } });
      assert.equal(typeof module.default, 'object', name);
    }
  });

  it('gives the CDNs the file that needs nothing else', () => {
    assert.equal(packageJson.unpkg, packageJson.jsdelivr);
    assert.ok(existsSync(join(ROOT, packageJson.unpkg)));
  });
});
