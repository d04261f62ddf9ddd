import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startEmulator } from '../../../src/emulator/index.js';
import { bytesOf, jsonOf, sha256, until, withEmulator } from '../api-client.js';

const NAMES = {
  emoji: '🦊 fox 👩‍👩‍👧.png',
  'reserved marks': '100 % #1? & a=b;c+d.txt',
  quotes: `"double" 'single' \`back\`.txt`,
  'right-to-left marks': '\u202egpj.exe \u200fשלום.txt',
  '200 characters': `${'長'.repeat(196)}.txt`,
  '200 emoji': '🦊'.repeat(200),
  backslashes: '..\\..\\windows\\system32',
  'percent-encoded slashes': '..%2f..%2fetc%2fpasswd',
  'a line break': 'two\r\nlines: x.txt',
  'an object key': '__proto__',
};

/** The name in `filename*`, as RFC 8187 writes it. */
const downloadName = (disposition: string): string => {
  const [, encoded] = /filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)$/.exec(disposition) ?? [];
  assert.ok(encoded, disposition);
  return decodeURIComponent(encoded);
};

describe('admin routes', () => {
  for (const [what, name] of Object.entries(NAMES)) {
    it(`keep a name with ${what}, off the disk and in the download`, () =>
      withEmulator({}, async (emulator, api) => {
        const bytes = bytesOf(100);
        const { url, fileId } = await api.mint({ filename: name, relative_path: `ordner ü/${name}` });
        assert.equal((await api.put(url, bytes)).status, 200);
        assert.equal((await api.uploadInParts([bytes], { filename: name })).status, 200);
        const files = await jsonOf(await fetch(`${emulator.url}/emulator/files`));
        assert.deepEqual(
          files.map((file: { name: string }) => file.name),
          [name, name],
        );
        assert.equal(files[0].relativePath, `ordner ü/${name}`);
        const download = await fetch(`${emulator.url}/emulator/files/${fileId}`);
        const disposition = download.headers.get('content-disposition') ?? '';
        assert.match(disposition, /^attachment; filename="[\x20-\x7e]*"; /);
        assert.equal(downloadName(disposition), name);
        for (const path of readdirSync(emulator.dataDir, { recursive: true })) {
          assert.match(String(path), /^[a-z]+(\/\w+(\.bin|\.json|\/session\.json)?)?$/);
        }
      }));
  }

  it('replace half a character by the replacement mark', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint({ filename: 'a\ud83e.txt' });
      await api.put(url, bytesOf(1));
      assert.equal(emulator.files()[0]?.name, 'a\ufffd.txt');
    }));

  it('serve bytes that no browser will run', () =>
    withEmulator({}, async (emulator, api) => {
      const html = new TextEncoder().encode('<script>alert(1)</script>');
      const { url, fileId } = await api.mint({ filename: 'x.html', contentType: 'text/html' });
      await api.put(url, html, 'text/html');
      const answer = await fetch(`${emulator.url}/emulator/files/${fileId}`);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
      assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/);
      assert.match(answer.headers.get('content-security-policy') ?? '', /sandbox/);
      assert.equal(answer.headers.get('content-length'), String(html.length));
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), html);
    }));

  it('know no path but ids', () =>
    withEmulator({}, async (emulator) => {
      for (const id of ['nope', '..%2f..%2fetc%2fpasswd', '%2e%2e', '%00', '%zz', '']) {
        assert.equal((await fetch(`${emulator.url}/emulator/files/${id}`)).status, 404);
      }
    }));

  it('empty the store and the disk, and let the log be', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      await api.put(url, bytesOf(10));
      await api.init(5);
      assert.equal((await fetch(`${emulator.url}/emulator/files`, { method: 'DELETE' })).status, 204);
      assert.deepEqual(emulator.files(), []);
      assert.deepEqual(readdirSync(join(emulator.dataDir, 'objects')), []);
      assert.deepEqual(readdirSync(join(emulator.dataDir, 'sessions')), []);
      assert.equal((await api.put(url, bytesOf(10))).status, 403);
      assert.equal(emulator.log().length, 4);
    }));

  it('log what was asked, without signatures and without the admin routes themselves', () =>
    withEmulator({}, async (emulator, api) => {
      const { url, fileId } = await api.mint();
      await api.put(url, bytesOf(70_000));
      const id = await api.init(5);
      await api.putPart(id, 1, bytesOf(5), { origin: 'http://localhost:1' });
      await until(() => emulator.log().every((entry) => entry.endedAt !== null));
      const log = await jsonOf(await fetch(`${emulator.url}/emulator/log`));
      assert.deepEqual(
        log.map((entry: Record<string, unknown>) => [entry.method, entry.path, entry.status, entry.part, entry.name]),
        [
          ['POST', '/v1/workspaces/ws_1/presigned-urls', 200, null, null],
          ['PUT', `/storage/${fileId}`, 200, null, 'a.bin'],
          ['POST', '/v1/uploads/chunked/init', 200, null, null],
          ['PUT', `/v1/uploads/chunked/${id}/parts`, 200, 1, 'a.bin'],
        ],
      );
      assert.equal(log[1].bytes, 70_000);
      assert.equal(log[3].origin, 'http://localhost:1');
      assert.ok(log[1].startedAt <= log[1].endedAt);
      assert.doesNotMatch(JSON.stringify(log), new RegExp(`signature|${emulator.apiKey}`));
    }));

  it('count the bytes of requests that were refused before their body', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      await api.put(url, bytesOf(500), 'text/plain');
      await until(() => emulator.log().at(-1)?.bytes === 500);
    }));

  it('take a script, show it, and clear it', () =>
    withEmulator({}, async (emulator, api) => {
      const faults = `${emulator.url}/emulator/faults`;
      const rules = [{ match: { method: 'POST' }, times: 1, action: { type: 'status', status: 503 } }];
      assert.equal((await fetch(faults, { method: 'POST', body: JSON.stringify({ rules }) })).status, 200);
      assert.deepEqual(await jsonOf(await fetch(faults)), { rules });
      assert.equal((await api.mintRaw()).status, 503);
      for (const body of [JSON.stringify(rules), '[]']) await fetch(faults, { method: 'POST', body });
      assert.equal((await api.mintRaw()).status, 200);
      await fetch(faults, { method: 'POST', body: JSON.stringify(rules) });
      await fetch(faults, { method: 'POST' });
      assert.deepEqual(await jsonOf(await fetch(faults)), { rules: [] });
    }));

  it('stay open whatever the script', () =>
    withEmulator({ faults: [{ action: { type: 'reset' } }] }, async (emulator, api) => {
      await assert.rejects(api.mintRaw());
      assert.equal((await fetch(`${emulator.url}/emulator/files`)).status, 200);
    }));

  it('are shut to pages of other sites', () =>
    withEmulator({}, async (emulator) => {
      const init = { method: 'DELETE', headers: { 'sec-fetch-site': 'cross-site' } };
      const answer = await fetch(`${emulator.url}/emulator/files`, init);
      assert.equal(answer.status, 403);
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
    }));
});

describe('emulator', () => {
  it('listens on the loopback interface and answers unknown paths with 404', () =>
    withEmulator({}, async (emulator) => {
      assert.equal(emulator.url, `http://127.0.0.1:${emulator.port}`);
      assert.equal((await fetch(`${emulator.url}/`)).status, 404);
      assert.equal((await fetch(`${emulator.url}/v1/nothing`)).status, 404);
      assert.equal((await fetch(`${emulator.url}/emulator/files`, { method: 'PUT' })).status, 405);
    }));

  it('refuses a port that is taken, and leaves no folder', () =>
    withEmulator({}, async ({ port, dataDir }) => {
      const { TMPDIR } = process.env;
      // Where no other test makes and removes folders.
      process.env.TMPDIR = dataDir;
      try {
        const before = readdirSync(tmpdir());
        await assert.rejects(startEmulator({ port }), { code: 'EADDRINUSE' });
        assert.deepEqual(readdirSync(tmpdir()), before);
      } finally {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
      }
    }));

  it('removes its temporary folder on close, and keeps one that it was given', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'emulator-test-'));
    const [own, given] = [await startEmulator(), await startEmulator({ dataDir })];
    await Promise.all([own.close(), given.close()]);
    assert.deepEqual([existsSync(own.dataDir), existsSync(dataDir)], [false, true]);
    rmSync(dataDir, { recursive: true });
  });

  it('closes while requests hang', async () => {
    const emulator = await startEmulator({ faults: [{ action: { type: 'swallow' } }] });
    const hanging = fetch(`${emulator.url}/v1/workspaces/w/files/x`);
    await until(() => emulator.log().length === 1);
    await Promise.all([emulator.close(), assert.rejects(hanging)]);
  });

  it('forgets everything when cleared', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      await api.put(url, bytesOf(10));
      api.fault({ action: { type: 'reset' } });
      await emulator.clear();
      assert.deepEqual([emulator.files(), emulator.log()], [[], []]);
      assert.equal((await api.mintRaw()).status, 200);
    }));

  it('is full at its capacity, and takes more once something is gone', () =>
    withEmulator({ capacityBytes: 1000 }, async (emulator, api) => {
      const put = async (size: number) => (await api.put((await api.mint()).url, bytesOf(size))).status;
      assert.deepEqual([await put(600), await put(600), await put(400)], [200, 507, 200]);
      await fetch(`${emulator.url}/emulator/files`, { method: 'DELETE' });
      assert.equal(await put(1000), 200);
    }));

  it('stores 300 files sent at once, each as it was', () =>
    withEmulator({}, async (emulator, api) => {
      const bodies = Array.from({ length: 300 }, (_, index) => bytesOf(index * 37));
      await Promise.all(
        bodies.map(async (body, index) => {
          const { url } = await api.mint({ filename: `${index}.bin` });
          assert.equal((await api.put(url, body)).status, 200);
        }),
      );
      const stored = new Map(emulator.files().map((file) => [file.name, file.sha256]));
      assert.equal(stored.size, 300);
      for (const [index, body] of bodies.entries()) assert.equal(stored.get(`${index}.bin`), sha256(body));
    }));
});
