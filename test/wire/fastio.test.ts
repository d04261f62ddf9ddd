import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  chunkQuery,
  clipName,
  createFields,
  folderOf,
  parseCreated,
  parseSessionDetails,
  parseSessionId,
  parseTarget,
  parseUploadLimits,
} from '../../src/wire/fastio.js';
import { manifestEntry, parseBatchResults } from '../../src/wire/fastio-batch.js';
import { parseEnvelope } from '../../src/wire/fastio-envelope.js';
import { parseLockHolder, parseLockToken } from '../../src/wire/fastio-file-lock.js';

const FILE = { name: 'a.bin', size: 5, relativePath: 'a.bin' };

describe('the envelope', () => {
  it('is a success in every form that was seen, flat or nested', () => {
    for (const result of [true, 'yes', 'true']) {
      assert.deepEqual(parseEnvelope(JSON.stringify({ result, id: 'x' })), { ok: true, payload: { result, id: 'x' } });
      const nested = JSON.stringify({ result, response: { id: 'x' } });
      assert.deepEqual(parseEnvelope(nested), { ok: true, payload: { id: 'x' } });
    }
  });

  it('is a failure with code and text under whichever names', () => {
    for (const error of [
      { code: 10522, text: 'no' },
      { code: '10522', message: 'no' },
    ]) {
      const envelope = parseEnvelope(JSON.stringify({ result: 'no', error }));
      assert.deepEqual(envelope, { ok: false, failure: { code: 10522, text: 'no', details: error } });
    }
    const flat = parseEnvelope(JSON.stringify({ result: false, error_id: 7, error_message: 'no' }));
    assert.deepEqual(flat, { ok: false, failure: { code: 7, text: 'no', details: {} } });
  });

  it('is never a success without saying so', () => {
    for (const result of [undefined, null, 0, 'no', false, {}]) {
      assert.equal(parseEnvelope(JSON.stringify({ result, id: 'x' }))?.ok, false);
    }
  });

  it('takes any text without throwing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseEnvelope(text)));
  });
});

describe('the id of a session', () => {
  it('is one segment of a path and never an empty one', () => {
    for (const text of ['', '.', '..', '...', 'a/b', '../x', 'a?b', 'a#b', 'a b', '%2e%2e', 'a\n']) {
      assert.equal(parseSessionId(text), null, text);
    }
    assert.equal(parseSessionId('3f5kq-abcde-12345'), '3f5kq-abcde-12345');
  });

  it('stays where it is put, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w.~/-]*$/)), (text) => {
        const id = parseSessionId(text);
        if (id === null) return;
        assert.equal(new URL(`https://api.test/current/upload/${id}/`).pathname, `/current/upload/${id}/`);
      }),
    );
  });
});

describe('the fields of a new session', () => {
  it('leave out what is empty', () => {
    assert.deepEqual(createFields(FILE, parseTarget('', '')), { name: 'a.bin', size: '5', action: 'create' });
  });

  it('name the target, the folder and the node that is replaced', () => {
    const file = { ...FILE, relativePath: 'x/y/a.bin', replaces: 'node' };
    assert.deepEqual(createFields(file, parseTarget('share/12', 'root')), {
      name: 'a.bin',
      size: '5',
      action: 'update',
      file_id: 'node',
      instance_id: '12',
      profile_type: 'share',
      folder_id: 'root',
      relative_path: 'x/y/',
    });
  });

  it('have a folder that ends in a slash, does not begin with one and climbs nowhere', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', 'b c'), { maxLength: 6 }), (names) => {
        const folder = folderOf([...names, 'file'].join('/'));
        assert.match(folder, /^([^/]+\/)*$/);
        assert.ok(!folder.split('/').some((name) => name === '..' || name === '.'));
      }),
    );
  });

  it('have a name of at most 255 characters that keeps its extension', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }), (stem) => {
        const name = clipName(`${stem}.jpeg`);
        assert.ok(Array.from(name).length <= 255);
        assert.ok(name.endsWith('.jpeg'));
      }),
    );
  });
});

describe('a chunk', () => {
  it('is named in the query', () => {
    const checksum = { algorithm: 'crc32c', value: 'e3069283' };
    assert.deepEqual(chunkQuery({ order: 2, size: 9 }, checksum, '00000000'), {
      order: '2',
      size: '9',
      hash_algo: 'crc32c',
      hash: 'e3069283',
      file_crc32c: '00000000',
    });
    assert.deepEqual(chunkQuery({ order: 1, size: 9 }, null, null), { order: '1', size: '9' });
  });
});

describe('payloads', () => {
  it('tell a session that is placed already from one that is not', () => {
    assert.deepEqual(parseCreated({ id: 'abc', new_file_id: 'f' }), { id: 'abc', fileId: 'f' });
    assert.deepEqual(parseCreated({ id: 'abc', new_file_id: null }), { id: 'abc' });
    assert.equal(parseCreated({ id: '' }), null);
  });

  it('give limits as numbers or digits, and none for zero', () => {
    assert.deepEqual(parseUploadLimits({ chunk_size: '104857600', size: 2 ** 30, chunks: 0 }), {
      maxChunkSize: 104857600,
      maxFileSize: 2 ** 30,
    });
  });

  it('give the chunks that the server holds', () => {
    const details = parseSessionDetails({ session: { status: 'UPLOADING', chunks: { 1: 10, '2': '20', x: 5, 0: 1 } } });
    assert.equal(details?.status, 'uploading');
    assert.deepEqual(
      [...(details?.chunks ?? [])],
      [
        [1, 10],
        [2, 20],
      ],
    );
    assert.equal(parseSessionDetails({}), null);
  });

  it('give the results of a batch by index, in whatever order they come', () => {
    const results = parseBatchResults({
      results: [
        { index: 1, status: 'error', error_code: 7, error_message: 'no' },
        { index: 0, status: 'ok', upload_id: 'abc', node_id: null },
      ],
    });
    assert.deepEqual(results?.get(0), { ok: true, id: 'abc', fileId: null });
    assert.deepEqual(results?.get(1), { ok: false, code: 7, text: 'no' });
    assert.equal(parseBatchResults({}), null);
  });

  it('take any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (payload) => {
        for (const parse of [
          parseCreated,
          parseUploadLimits,
          parseSessionDetails,
          parseBatchResults,
          parseLockHolder,
          parseLockToken,
        ]) {
          parse(payload);
        }
      }),
    );
  });
});

describe('an entry of a manifest', () => {
  it('names file, folder and digest', () => {
    const checksum = { algorithm: 'crc32c', value: '00000000' };
    assert.deepEqual(manifestEntry(3, { ...FILE, relativePath: 'x/a.bin' }, checksum), {
      index: 3,
      filename: 'a.bin',
      relative_path: 'x/',
      hash_algo: 'crc32c',
      hash: '00000000',
    });
  });
});
