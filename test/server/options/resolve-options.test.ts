import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createUploadHandler, type UploadHandlerOptions } from '../../../src/server/index.js';
import { API_KEY, SECRET } from '../support/scripted-upstream.js';

const GOOD: UploadHandlerOptions = {
  apiKey: API_KEY,
  workspaceId: 'ws_1',
  ticketSecret: SECRET,
  authorize: () => null,
};

describe('createUploadHandler', () => {
  const wrong: [string, unknown[]][] = [
    ['apiKey', [undefined, '', 'sk_1\n', 'sk 1', 7]],
    ['workspaceId', [undefined, '', 7]],
    ['folderId', ['', 7]],
    ['authorize', [undefined, 'ann']],
    ['ticketSecret', [undefined, 'short', 'x'.repeat(31), new Uint8Array(31)]],
    [
      'upstream',
      ['api.example', 'ftp://a', '/v1', 'https://a/v1', 'https://a/current/', 'https://a?b', 'https://u:p@a'],
    ],
    ['basePath', ['api', '/a?b', '']],
    ['limits', [null, { maxFileSize: -1 }, { maxFileSize: '5 MB' }, { maxFiles: 0 }, { accept: ['a'] }]],
    ['protocols', [[], ['tus'], 'presigned']],
    ['chunkedAbove', [-1, 1.5, '8']],
    ['mintBatch', [0, 1001, 1.5]],
    ['grantTtlSeconds', [0, 86_401]],
    ['allowedOrigins', ['https://a.example', ['*'], ['https://a.example/'], ['a.example']]],
    ['onStored', ['log']],
    ['storedFiles', [['f_1'], null, 'log']],
    ['upstreamTimeoutMs', [0, -1]],
  ];
  for (const [name, values] of wrong) {
    it(`refuses a wrong ${name} at once, and names it`, () => {
      for (const value of values) {
        const options = { ...GOOD, [name]: value };
        // `limits: null` means none, as leaving it out does.
        if (name === 'limits' && value === null) createUploadHandler(options);
        else
          assert.throws(
            () => createUploadHandler(options),
            { name: 'TypeError', message: new RegExp(`^${name}\\b`) },
            `${value}`,
          );
      }
    });
  }

  it('refuses no options at all', () => {
    assert.throws(() => createUploadHandler(undefined as unknown as UploadHandlerOptions), TypeError);
  });

  it('takes the least that is needed, and all that is possible', () => {
    createUploadHandler(GOOD);
    createUploadHandler({
      ...GOOD,
      apiKey: () => 'key',
      ticketSecret: new Uint8Array(32),
      folderId: 'fo_1',
      upstream: 'http://127.0.0.1:5173/emulator/',
      basePath: '/',
      limits: { maxFileSize: 0, maxFiles: 1, accept: '' },
      protocols: ['presigned'],
      chunkedAbove: 0,
      mintBatch: 1,
      grantTtlSeconds: 1,
      allowedOrigins: ['http://localhost:5173'],
      onStored: () => {},
      onError: () => {},
    });
  });
});
