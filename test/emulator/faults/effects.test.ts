import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesOf, jsonOf, MiB, md5, until, withEmulator } from '../api-client.js';
import { PUT } from './support.js';

describe('fault script, actions', () => {
  it('answers with status, headers and body, and does nothing else', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      const headers = { 'Retry-After': '3', 'Content-Type': 'text/plain' };
      api.fault({ match: PUT, times: 1, action: { type: 'status', status: 429, headers, body: 'slow down' } });
      const answer = await api.put(url, bytesOf(100_000));
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get('retry-after'), '3');
      assert.equal(answer.headers.get('content-type'), 'text/plain');
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.equal(await answer.text(), 'slow down');
      assert.deepEqual(emulator.files(), []);
      const entry = emulator.log().at(-1);
      assert.deepEqual([entry?.bytes, entry?.status, entry?.faults], [100_000, 429, ['status']]);
      assert.equal((await api.put(url, bytesOf(1))).status, 200);
    }));

  it('answers before the body has come, if early', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      api.fault({ match: PUT, action: { type: 'status', status: 503, early: true } });
      const put = request(url, { ...PUT, headers: { 'content-type': 'application/x-test', 'content-length': '20' } });
      put.write('ten bytes.');
      const status = await new Promise((resolve) => put.on('response', (answer) => resolve(answer.statusCode)));
      assert.equal(status, 503);
      put.end('ten bytes.');
      await until(() => emulator.log().at(-1)?.bytes === 20);
    }));

  it('resets at once, after so many bytes, or at the end of a shorter body', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      for (const afterBytes of [0, 200_000, MiB]) {
        api.fault({ match: PUT, action: { type: 'reset', afterBytes } });
        await assert.rejects(api.put(url, bytesOf(500_000)));
      }
      const [atOnce, inBody, atEnd] = emulator.log().filter((entry) => entry.method === 'PUT');
      assert.equal(atOnce?.bytes, 0);
      assert.ok(inBody && inBody.bytes >= 200_000 && inBody.bytes < 300_000, String(inBody?.bytes));
      assert.equal(atEnd?.bytes, 500_000);
      await until(() => emulator.log().every((entry) => entry.method !== 'PUT' || entry.aborted));
      await until(() => readdirSync(join(emulator.dataDir, 'temp')).length === 0);
      assert.deepEqual(emulator.files(), []);
    }));

  it('swallows: takes all bytes and never answers', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      api.fault({ match: PUT, action: { type: 'swallow' } });
      const put = request(url, { ...PUT, headers: { 'content-type': 'application/x-test' } });
      put.on('error', () => {}).end(bytesOf(300_000));
      await until(() => emulator.log().at(-1)?.bytes === 300_000);
      assert.equal(emulator.log().at(-1)?.status, 0);
      put.destroy();
      await until(() => emulator.log().at(-1)?.aborted === true);
    }));

  it('drops the answer of a part that it has stored', () =>
    withEmulator({}, async (_, api) => {
      const id = await api.init(5);
      api.fault({ match: { part: 1 }, times: 1, action: { type: 'drop-answer' } });
      await assert.rejects(api.putPart(id, 1, bytesOf(5)));
      assert.equal((await jsonOf(await api.inspect(id))).parts.length, 1);
    }));

  it('drops the answer of a complete that succeeded; asked again it answers', () =>
    withEmulator({}, async (emulator, api) => {
      const bytes = bytesOf(5);
      api.fault({ match: { path: '/complete$' }, times: 1, action: { type: 'drop-answer' } });
      const id = await api.init(5);
      await api.putPart(id, 1, bytes);
      await assert.rejects(api.complete(id, [md5(bytes)]));
      assert.equal((await jsonOf(await api.complete(id, [md5(bytes)]))).file_id, emulator.files()[0]?.fileId);
    }));

  it('delays an answer', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      api.fault({ match: PUT, action: { type: 'delay', ms: 80 } });
      await api.put(url, bytesOf(1));
      const entry = emulator.log().at(-1);
      await until(() => emulator.log().at(-1)?.endedAt !== null);
      assert.ok(Date.now() - (entry?.startedAt ?? 0) >= 79);
    }));

  it('sends a wrong ETag while the record stays right', () =>
    withEmulator({}, async (_, api) => {
      const bytes = bytesOf(5);
      api.fault({ match: PUT, action: { type: 'etag', as: 'wrong' } });
      const id = await api.init(5);
      const answer = await api.putPart(id, 1, bytes);
      const wrong = answer.headers.get('etag') ?? '';
      assert.match(wrong, /^[0-9a-f]{32}$/);
      assert.notEqual(wrong, md5(bytes));
      assert.equal((await jsonOf(answer)).etag, wrong);
      assert.equal((await api.complete(id, [wrong])).status, 409);
      assert.equal((await api.complete(id, [md5(bytes)])).status, 200);
    }));

  it('hides the ETag from pages, or leaves it out', () =>
    withEmulator({}, async (_, api) => {
      const id = await api.init(5);
      api.fault({ match: PUT, action: { type: 'etag', as: 'hidden' } });
      const hidden = await api.putPart(id, 1, bytesOf(5));
      assert.ok(hidden.headers.has('etag'));
      assert.doesNotMatch(hidden.headers.get('access-control-expose-headers') ?? '', /etag/i);
      assert.equal((await jsonOf(hidden)).etag, undefined);
      api.fault({ match: PUT, action: { type: 'etag', as: 'absent' } });
      const absent = await api.putPart(id, 1, bytesOf(5));
      assert.equal(absent.headers.get('etag'), null);
      assert.equal((await jsonOf(absent)).etag, undefined);
    }));

  it('leaves CORS headers out of answers and preflights', () =>
    withEmulator({}, async (_, api) => {
      const { url } = await api.mint();
      api.fault({ match: PUT, action: { type: 'no-cors' } });
      const headers = { origin: 'http://localhost:1', 'access-control-request-method': 'PUT' };
      const preflight = await fetch(url, { method: 'OPTIONS', headers });
      assert.equal(preflight.headers.get('access-control-allow-origin'), null);
      assert.equal((await api.put(url, bytesOf(1))).headers.get('access-control-allow-origin'), null);
    }));

  it('limits the rate and says when to come back', async () => {
    let now = 1_700_000_000_000;
    await withEmulator({ now: () => now }, async (_, api) => {
      api.fault({ action: { type: 'rate-limit', requests: 2, windowMs: 2500 } });
      const answers = [await api.mintRaw(), await api.mintRaw(), await api.mintRaw()];
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 429],
      );
      assert.deepEqual(
        answers.map(({ headers }) => headers.get('x-ve-limit-avail')),
        ['1', '0', '0'],
      );
      assert.equal(answers[2]?.headers.get('retry-after'), '3');
      assert.equal(answers[2]?.headers.get('x-ve-limit-max'), '2');
      assert.equal(answers[2]?.headers.get('x-ve-limit-expires'), '1700000003');
      now += 2500;
      assert.equal((await api.mintRaw()).status, 200);
    });
  });

  it('fills the disk: 507, and nothing is left behind', () =>
    withEmulator({}, async (emulator, api) => {
      const { url } = await api.mint();
      api.fault({ match: { name: 'a.bin' }, action: { type: 'disk-full', afterBytes: 200_000 } });
      const answer = await api.put(url, bytesOf(500_000));
      assert.equal(answer.status, 507);
      assert.equal((await jsonOf(answer)).error.code, 'disk-full');
      assert.deepEqual(readdirSync(join(emulator.dataDir, 'temp')), []);
      assert.deepEqual(emulator.files(), []);
      const { url: other } = await api.mint({ filename: 'b.bin' });
      assert.equal((await api.put(other, bytesOf(500_000))).status, 200);
    }));

  it('fills the disk while a file is put together; completing works once there is room', () =>
    withEmulator({}, async (emulator, api) => {
      api.fault({ match: { path: '/complete$' }, times: 1, action: { type: 'disk-full', afterBytes: MiB } });
      const parts = [bytesOf(2 * MiB), bytesOf(10)];
      const id = await api.init(2 * MiB + 10);
      for (const [index, part] of parts.entries()) await api.putPart(id, index + 1, part);
      assert.equal((await api.complete(id, parts.map(md5))).status, 507);
      assert.deepEqual(readdirSync(join(emulator.dataDir, 'temp')), []);
      assert.equal((await api.complete(id, parts.map(md5))).status, 200);
    }));
});
