/** What applications may import, and what they get. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packageJson, ROOT } from './published.js';

/** Every specifier that the package promises, with one name that must come from it; null where there is no script. */
const PROMISED: Readonly<Record<string, string | null>> = {
  'fastio-upload': 'FastioUpload',
  'fastio-upload/define': 'FastioUpload',
  'fastio-upload/react': 'FastioUpload',
  'fastio-upload/vue': null,
  'fastio-upload/locales/de': null,
  'fastio-upload/engine': 'UploadEngine',
  'fastio-upload/protocols/auto': null,
  'fastio-upload/protocols/presigned': null,
  'fastio-upload/protocols/chunked': null,
  'fastio-upload/stores/memory': null,
  'fastio-upload/stores/indexed-db': null,
  'fastio-upload/server': 'createUploadHandler',
  'fastio-upload/server/node': 'toNodeListener',
  'fastio-upload/emulator': 'startEmulator',
};

const load = (specifier: string): Promise<Record<string, unknown>> => import(specifier);

describe('the exports map', () => {
  for (const [specifier, name] of Object.entries(PROMISED)) {
    it(`resolves ${specifier}`, async () => {
      const module = await load(specifier);
      assert.ok(Object.keys(module).length > 0, 'it exports something');
      if (name !== null) assert.equal(typeof module[name], 'function', `it exports ${name}`);
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

  it('keeps the rest of the package private', async () => {
    await assert.rejects(load('fastio-upload/engine/upload-state'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
    await assert.rejects(load('fastio-upload/dist/index.js'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
  });

  it('gives the CDNs the file that needs nothing else', () => {
    assert.equal(packageJson.unpkg, packageJson.jsdelivr);
    assert.ok(existsSync(join(ROOT, packageJson.unpkg)));
  });
});
