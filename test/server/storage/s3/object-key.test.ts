import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanName } from '../../../../src/server/http/clean-name.js';
import { HttpError } from '../../../../src/server/http/http-error.js';
import {
  chooseKey,
  encodeKey,
  isKeyIn,
  objectHeaders,
  readName,
} from '../../../../src/server/storage/s3/object-key.js';

const CALLER = { userId: 'ada', workspaceId: '', folderId: 'users/7' };
const FILE = { workspaceId: '', folderId: 'users/7', name: 'beach.jpg', size: 3, type: 'image/jpeg' };

describe('Keys of objects', () => {
  it('keep the folder of the caller, tell the path, and never meet', async () => {
    const file = { ...FILE, relativePath: 'holiday/beach.jpg' };
    const keys = await Promise.all([1, 2].map(() => chooseKey(file, CALLER, { key: undefined })));
    for (const key of keys) assert.match(key, /^users\/7\/[\da-f-]{36}\/holiday\/beach\.jpg$/);
    assert.notEqual(keys[0], keys[1]);
  });

  it('begin at the top for the folder "root"', async () => {
    const key = await chooseKey({ ...FILE, folderId: 'root' }, CALLER, { key: undefined });
    assert.match(key, /^[\da-f-]{36}\/beach\.jpg$/);
  });

  it('are what beforeOpen chose, else what the option chooses', async () => {
    const options = { key: () => 'chosen/by-option' };
    assert.equal(await chooseKey({ ...FILE, key: 'chosen/by-hook' }, CALLER, options), 'chosen/by-hook');
    assert.equal(await chooseKey(FILE, CALLER, options), 'chosen/by-option');
  });

  for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/./b', 'a\nb', '\ud800', 'x'.repeat(1025), 7, undefined]) {
    it(`refuse ${JSON.stringify(key)?.slice(0, 20)} from a hook`, async () => {
      await assert.rejects(chooseKey(FILE, CALLER, { key: () => key as string }), TypeError);
    });
  }

  it('stay within what S3 takes and what a ticket carries, whatever a file is called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 400 }), async (name) => {
        const clean = cleanName(name);
        const key = await chooseKey({ ...FILE, name: clean }, CALLER, { key: undefined });
        assert.ok(new TextEncoder().encode(key).byteLength <= 500);
      }),
    );
  });

  it('come through a URL unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const name = cleanName(text);
        const { pathname, search, hash } = new URL(`http://localhost/bucket/${encodeKey(`a/${name}`)}`);
        assert.equal(decodeURIComponent(pathname), `/bucket/a/${name}`);
        assert.equal(search + hash, '');
      }),
    );
  });

  it('belong to a target only below its folder', () => {
    const target = { workspaceId: '', folderId: 'users/7' };
    assert.equal(isKeyIn(target, 'users/7/a.txt'), true);
    for (const key of ['users/8/a.txt', 'users/77/a.txt', 'users/7', 'users/7/../8/a.txt', '']) {
      assert.equal(isKeyIn(target, key), false, key);
    }
  });
});

describe('Headers of objects', () => {
  const headersOf = (metadata: Record<string, unknown>, name = 'beach.jpg', key = 'x/beach.jpg') =>
    objectHeaders(key, { ...FILE, name, metadata }, { headers: { 'cache-control': 'no-store' } });

  it('hold the type and those of the options, and no more where the key tells the name', () => {
    assert.deepEqual(headersOf({}), { 'cache-control': 'no-store', 'content-type': 'image/jpeg' });
  });

  it('hold metadata as printable text', () => {
    assert.deepEqual(headersOf({ Album_Id: 7, tags: ['a'], title: 'Größe' }), {
      'cache-control': 'no-store',
      'content-type': 'image/jpeg',
      'x-amz-meta-album-id': '7',
      'x-amz-meta-tags': '["a"]',
      'x-amz-meta-title': '=?UTF-8?B?R3LDtsOfZQ==?=',
    });
  });

  it('refuse more metadata than S3 stores', () => {
    assert.throws(
      () => headersOf({ a: 'x'.repeat(2048) }),
      (error) => error instanceof HttpError && error.status === 400,
    );
  });

  it('bring any name back that the key does not tell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const name = cleanName(text);
        const headers = new Headers(headersOf({}, name, 'x/7'));
        assert.equal(readName(headers, 'x/7'), name);
      }),
    );
  });

  it('are read without harm when another program wrote them', () => {
    for (const value of ['=?UTF-8?B?%?=', '=?UTF-8?Q?=C3=A4?=', '']) {
      assert.equal(typeof readName(new Headers({ 'x-amz-meta-name': value }), 'a/b'), 'string');
    }
  });
});
