import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { FaultRule } from '../../src/emulator/index.js';
import { type ApiClient, bytesOf, jsonOf, MiB, md5, until, withEmulator } from './api-client.js';

const PUT = { method: 'PUT' };

/** Numbers of the parts that were not answered 200, of one session of that many parts sent in that order. */
const struckParts = async (api: ApiClient, numbers: readonly number[], name = 'a.bin'): Promise<number[]> => {
  const id = await api.init(100, { filename: name });
  const answers = numbers.map(async (number) => ((await api.putPart(id, number, bytesOf(1))).ok ? [] : [number]));
  return (await Promise.all(answers)).flat().sort((a, b) => a - b);
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('fault script', () => {
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

  it('caps each connection for itself', () =>
    withEmulator({}, async (emulator, api) => {
      api.fault({ match: PUT, action: { type: 'bandwidth', bytesPerSecond: MiB } });
      const id = await api.init(2 * MiB);
      const part = bytesOf(100_000);
      const startedAt = Date.now();
      await Promise.all(upTo(12).map((number) => api.putPart(id, number, part)));
      const elapsed = Date.now() - startedAt;
      // 95 ms for each alone; one shared line would have taken 1,144.
      assert.ok(elapsed >= 90 && elapsed < 1000, `${elapsed} ms`);
      const connections = emulator.log().filter((entry) => entry.part !== null);
      assert.equal(new Set(connections.map((entry) => entry.connection)).size, 12);
    }));

  it('caps requests that share a connection together', () =>
    withEmulator({}, async (emulator, api) => {
      api.fault({ match: PUT, action: { type: 'bandwidth', bytesPerSecond: MiB } });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const headers = { 'content-type': 'application/x-test' };
      const put = async () => {
        const { url } = await api.mint();
        await new Promise((resolve, reject) => {
          const call = request(url, { ...PUT, agent, headers }, (answer) => answer.resume().on('end', resolve));
          call.on('error', reject).end(bytesOf(60_000));
        });
      };
      const startedAt = Date.now();
      await Promise.all(upTo(3).map(put));
      assert.ok(Date.now() - startedAt >= 160);
      assert.equal(
        new Set(
          emulator
            .log()
            .filter(({ method }) => method === 'PUT')
            .map((e) => e.connection),
        ).size,
        1,
      );
      agent.destroy();
    }));

  it('counts: lets the first through, strikes each n-th, stops after so many', () =>
    withEmulator({}, async (_, api) => {
      api.fault({ after: 2, every: 3, times: 2, action: { type: 'status', status: 500 } });
      const statuses = [];
      for (let index = 0; index < 12; index += 1) statuses.push((await api.mintRaw()).status);
      assert.deepEqual(
        statuses.flatMap((status, index) => (status === 500 ? [index + 1] : [])),
        [5, 8],
      );
    }));

  const chance: FaultRule = { match: PUT, probability: 0.3, seed: 7, action: { type: 'status', status: 500 } };
  const loose = { parts: { minPartSize: 1 } };

  it('draws chance from the seed, whatever the order of arrival', () =>
    withEmulator(loose, async (_, api) => {
      api.fault(chance);
      const forward = await struckParts(api, upTo(60));
      api.fault(chance);
      const backward = await struckParts(api, upTo(60).reverse());
      assert.ok(forward.length > 8 && forward.length < 30, String(forward.length));
      assert.deepEqual(backward, forward);
      api.fault({ ...chance, seed: 8 });
      assert.notDeepEqual(await struckParts(api, upTo(60)), forward);
    }));

  it('draws anew when a request is repeated, so that retries get through', () =>
    withEmulator(loose, async (_, api) => {
      api.fault({ ...chance, probability: 0.5 });
      const id = await api.init(100);
      const statuses = [];
      for (let attempt = 0; attempt < 20; attempt += 1) {
        statuses.push((await api.putPart(id, 1, bytesOf(1))).status);
      }
      assert.equal(new Set(statuses).size, 2);
    }));

  it('aims at parts, names and paths', () =>
    withEmulator(loose, async (_, api) => {
      const status = { type: 'status', status: 500 } as const;
      api.fault({ match: { part: [2, 4] }, action: status });
      assert.deepEqual(await struckParts(api, upTo(5)), [2, 4]);
      api.fault({ match: { name: 'b.bin' }, action: status });
      assert.deepEqual(await struckParts(api, upTo(2)), []);
      assert.deepEqual(await struckParts(api, upTo(2), 'b.bin'), [1, 2]);
      api.fault({ match: { path: '^/storage/' }, action: status });
      assert.deepEqual(await struckParts(api, upTo(2)), []);
    }));

  it('lets preflights pass unless they are meant', () =>
    withEmulator({}, async (_, api) => {
      const { url } = await api.mint();
      const headers = { origin: 'http://localhost:1', 'access-control-request-method': 'PUT' };
      const preflight = async () => (await fetch(url, { method: 'OPTIONS', headers })).status;
      api.fault({ action: { type: 'status', status: 500 } });
      assert.equal(await preflight(), 204);
      api.fault({ match: { method: 'OPTIONS' }, action: { type: 'status', status: 500 } });
      assert.equal(await preflight(), 500);
    }));

  it('joins rules that do not exclude each other; the first that ends the request wins', () =>
    withEmulator({}, async (emulator, api) => {
      api.fault(
        { action: { type: 'no-cors' } },
        { match: PUT, action: { type: 'status', status: 503 } },
        { match: PUT, action: { type: 'swallow' } },
      );
      const { url } = await api.mint();
      const answer = await api.put(url, bytesOf(1));
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
      assert.deepEqual(emulator.log().at(-1)?.faults, ['no-cors', 'status', 'swallow']);
    }));

  for (const [what, script] of Object.entries<unknown>({
    'an unknown action': [{ action: { type: 'explode' } }],
    'no action': [{}],
    'a misspelt counter': [{ time: 1, action: { type: 'swallow' } }],
    'a misspelt field of an action': [{ action: { type: 'reset', bytes: 1 } }],
    'a missing field': [{ action: { type: 'delay' } }],
    'a path that is no expression': [{ match: { path: '(' }, action: { type: 'swallow' } }],
    'rules that are no list': { rules: {} },
    text: 'nonsense',
  })) {
    it(`refuses ${what}`, () =>
      withEmulator({}, async (emulator) => {
        const init = { method: 'POST', body: JSON.stringify(script) };
        const answer = await fetch(`${emulator.url}/emulator/faults`, init);
        assert.equal(answer.status, 400);
        assert.match((await jsonOf(answer)).error.message, /fault script/);
      }));
  }
});
