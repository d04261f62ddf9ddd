import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createEmulator } from '../../src/emulator/index.js';
import { bytesOf, jsonOf, md5, sha256, until, withEmulator } from './api-client.js';

const codeOf = async (response: Response): Promise<string> => (await jsonOf(response)).error.code;

describe('presigned dialect', () => {
  it('stores what is put to a granted URL, byte for byte', () =>
    withEmulator({}, async (emulator, api) => {
      const bytes = bytesOf(300_000);
      const { url, fileId } = await api.mint({ relative_path: 'photos/a.bin', metadata: { owner: 'me' } });
      const answer = await api.put(url, bytes);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('etag'), md5(bytes));
      const [file] = emulator.files();
      assert.deepEqual(
        { ...file, storedAt: typeof file?.storedAt },
        {
          fileId,
          name: 'a.bin',
          relativePath: 'photos/a.bin',
          contentType: 'application/x-test',
          workspaceId: 'ws_1',
          folderId: null,
          metadata: { owner: 'me' },
          size: 300_000,
          sha256: sha256(bytes),
          storedAt: 'number',
        },
      );
      assert.deepEqual(await api.download(fileId), bytes);
    }));

  it('stores an empty file', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint({ size: 0 });
      assert.equal((await api.put(url, new Uint8Array())).status, 200);
      assert.equal(emulator.files()[0]?.sha256, sha256(new Uint8Array()));
    }));

  it('keeps URLs under 1,024 characters whatever the name', () =>
    withEmulator({}, async (_, api) => {
      const { url } = await api.mint({ filename: '🦊'.repeat(200), metadata: { note: 'x'.repeat(5000) } });
      assert.ok(url.length < 1024, url);
    }));

  it('demands the bearer key', () =>
    withEmulator({ apiKey: 'right' }, async (_, api) => {
      for (const authorization of ['Bearer wrong', 'Basic right', '']) {
        const headers = { authorization, 'content-type': 'application/json' };
        const answer = await api.call('/v1/workspaces/ws_1/presigned-urls', { method: 'POST', headers, body: '{}' });
        assert.equal(answer.status, 401);
        assert.equal(await codeOf(answer), 'unauthorized');
      }
    }));

  it('refuses a workspace that the key may not write to', () =>
    withEmulator({ workspaces: ['ws_2'] }, async (_, api) => {
      assert.equal((await api.mintRaw()).status, 403);
    }));

  for (const [what, fields] of Object.entries({
    'no name': { filename: '' },
    'a name with a slash': { filename: '../a' },
    'a dot name': { filename: '..' },
    'a path that climbs': { relative_path: 'a/../../b' },
    'an absolute path': { relative_path: '/etc/passwd' },
    'no content type': { contentType: '' },
    'a content type with a line break': { contentType: 'a/b\r\nx: y' },
    'no time': { expiresIn: 0 },
    'a size that is no count': { size: -1 },
    'metadata that is no object': { metadata: [1] },
  })) {
    it(`mints nothing for ${what}`, () =>
      withEmulator({}, async (_, api) => {
        const answer = await api.mintRaw(fields);
        assert.equal(answer.status, 400);
        assert.equal(await codeOf(answer), 'bad-request');
      }));
  }

  it('refuses a body that is no JSON', () =>
    withEmulator({}, async (_, api) => {
      const init = { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } };
      assert.equal((await api.call('/v1/workspaces/ws_1/presigned-urls', init)).status, 400);
    }));

  for (const [what, spoil] of Object.entries({
    'a changed signature': (url: string) => url.replace(/signature=.{5}/, 'signature=AAAAA'),
    'a later end': (url: string) => url.replace(/expires=\d+/, `expires=${Date.now() + 1e9}`),
    'no signature': (url: string) => url.replace(/\?.*/, ''),
    'another file': (url: string) => url.replace(/file_\w{4}/, 'file_0000'),
  })) {
    it(`refuses ${what}`, () =>
      withEmulator({}, async (emulator, api) => {
        const { url } = await api.mint();
        const answer = await api.put(spoil(url), bytesOf(10));
        assert.equal(answer.status, 403);
        assert.equal(await codeOf(answer), 'signature-invalid');
        assert.deepEqual(emulator.files(), []);
      }));
  }

  it('refuses a URL of another file with a genuine signature', () =>
    withEmulator({}, async (_, api) => {
      const [one, two] = [await api.mint(), await api.mint()];
      const url = one.url.replace(one.fileId, two.fileId);
      assert.equal((await api.put(url, bytesOf(10))).status, 403);
    }));

  it('refuses another method than the signed one', () =>
    withEmulator({}, async (_, api) => {
      const { url } = await api.mint();
      for (const method of ['POST', 'DELETE', 'GET']) {
        const answer = await fetch(url, { method, headers: { 'content-type': 'application/x-test' } });
        assert.equal(answer.status, 403);
        assert.equal(await codeOf(answer), 'method-mismatch');
      }
    }));

  it('refuses a URL past its end', async () => {
    let now = Date.now();
    await withEmulator({ now: () => now }, async (_, api) => {
      const { url, expiresAt } = await api.mint({ expiresIn: 2 });
      assert.equal(Date.parse(expiresAt), now + 2000);
      now += 2000;
      const answer = await api.put(url, bytesOf(10));
      assert.equal(answer.status, 403);
      assert.equal(await codeOf(answer), 'grant-expired');
    });
  });

  for (const type of ['application/octet-stream', 'application/x-test;charset=utf-8', 'APPLICATION/X-TEST']) {
    it(`refuses ${type} where application/x-test was signed`, () =>
      withEmulator({}, async (_, api) => {
        const { url } = await api.mint();
        const answer = await api.put(url, bytesOf(10), type);
        assert.equal(answer.status, 403);
        assert.equal(await codeOf(answer), 'content-type-mismatch');
      }));
  }

  it('enforces a declared size, with and without a length', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint({ size: 10 });
      assert.equal((await api.put(url, bytesOf(11))).status, 400);
      for (const size of [9, 11]) {
        const body = new Blob([bytesOf(size)]).stream();
        const init: RequestInit & { duplex: 'half' } = { method: 'PUT', body, duplex: 'half' };
        const answer = await fetch(url, { ...init, headers: { 'content-type': 'application/x-test' } });
        assert.equal(await codeOf(answer), 'size-mismatch');
      }
      assert.deepEqual(emulator.files(), []);
      assert.equal((await api.put(url, bytesOf(10))).status, 200);
    }));

  it('refuses files above the limit', () =>
    withEmulator({ maxFileSize: 100 }, async (emulator, api) => {
      assert.equal((await api.mintRaw({ size: 101 })).status, 413);
      const { url } = await api.mint();
      assert.equal((await api.put(url, bytesOf(101))).status, 413);
      assert.deepEqual(emulator.files(), []);
    }));

  it('answers the same bytes again as the first time, and refuses others', () =>
    withEmulator({}, async (emulator, api) => {
      const bytes = bytesOf(1000);
      const { url } = await api.mint();
      const statuses = [];
      for (const body of [bytes, bytes, bytesOf(1000)]) statuses.push((await api.put(url, body)).status);
      assert.deepEqual(statuses, [200, 200, 409]);
      assert.deepEqual(
        emulator.files().map((file) => file.sha256),
        [sha256(bytes)],
      );
    }));

  it('stores one of two bodies that race for one URL', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      const answers = await Promise.all([api.put(url, bytesOf(100_000)), api.put(url, bytesOf(100_000))]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
      assert.equal(emulator.files().length, 1);
    }));

  it('shows nothing of a file while it arrives, and nothing when it stops arriving', () =>
    withEmulator({}, async (emulator, api) => {
      const { url, fileId } = await api.mint();
      const put = request(url, { method: 'PUT', headers: { 'content-type': 'application/x-test' } });
      put.write(bytesOf(2 ** 20));
      await until(() => emulator.log().at(-1)?.bytes === 2 ** 20);
      assert.equal((await api.call(`/v1/workspaces/ws_1/files/${fileId}`)).status, 404);
      put.on('error', () => {}).destroy();
      await until(() => emulator.log()[1]?.aborted === true);
      await until(() => readdirSync(join(emulator.dataDir, 'temp')).length === 0);
      assert.deepEqual(emulator.files(), []);
    }));

  it('tells of a stored file to its workspace only', () =>
    withEmulator({}, async (_, api) => {
      const { url, fileId } = await api.mint({ metadata: { a: 1 } });
      await api.put(url, bytesOf(5));
      const found = await jsonOf(await api.call(`/v1/workspaces/ws_1/files/${fileId}`));
      assert.deepEqual(
        [found.fileId, found.name, found.size, found.content_type, found.metadata],
        [fileId, 'a.bin', 5, 'application/x-test', { a: 1 }],
      );
      const elsewhere = await api.call(`/v1/workspaces/ws_2/files/${fileId}`);
      assert.equal(elsewhere.status, 404);
      assert.equal(await codeOf(elsewhere), 'file-not-found');
    }));

  it('answers a preflight from any origin, and lets the page read status and ETag', () =>
    withEmulator({}, async (_, api) => {
      const { url } = await api.mint();
      const preflight = await fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:1',
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
      assert.equal(preflight.headers.get('access-control-allow-methods'), 'PUT');
      assert.equal(preflight.headers.get('access-control-allow-headers'), 'Content-Type');
      assert.ok(Number(preflight.headers.get('access-control-max-age')) > 0);
      const refused = await api.put(url, bytesOf(1), 'text/plain');
      assert.equal(refused.headers.get('access-control-allow-origin'), '*');
      const stored = await api.put(url, bytesOf(1));
      assert.match(stored.headers.get('access-control-expose-headers') ?? '', /\bETag\b/);
    }));

  it('lets no page of another origin mint', () =>
    withEmulator({}, async (_, api) => {
      const preflight = await api.call('/v1/workspaces/ws_1/presigned-urls', {
        method: 'OPTIONS',
        headers: { origin: 'http://localhost:1', 'access-control-request-method': 'POST' },
      });
      assert.equal(preflight.status, 405);
      assert.equal(preflight.headers.get('access-control-allow-origin'), null);
    }));

  it('names the origin that it was told to, or was asked under', () =>
    withEmulator({}, async (emulator, api) => {
      assert.ok((await api.mint()).url.startsWith(`${emulator.url}/storage/`));
      const fixed = createEmulator({ publicOrigin: () => 'http://other.test:1', apiKey: 'k' });
      const server = createServer((request, response) => {
        if (!fixed.listener(request, response)) response.writeHead(418).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
      try {
        const answer = await fetch(`${origin}/v1/workspaces/w/presigned-urls`, {
          method: 'POST',
          headers: { authorization: 'Bearer k' },
          body: JSON.stringify({ filename: 'a', contentType: 'a/b', expiresIn: 1 }),
        });
        assert.match((await jsonOf(answer)).url, /^http:\/\/other\.test:1\/storage\/file_/);
        assert.equal((await fetch(`${origin}/index.html`)).status, 418);
      } finally {
        server.close();
        server.closeAllConnections();
        await fixed.close();
      }
    }));
});
