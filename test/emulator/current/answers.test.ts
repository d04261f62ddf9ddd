import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RateHeaders } from '../../../src/emulator/index.js';
import { bytesOf, jsonOf } from '../api-client.js';
import { INSTANT, refusalOf, withCurrent } from './current-client.js';

describe('envelopes of the current API', () => {
  it('are flat with booleans unless told otherwise', () =>
    withCurrent({}, async (api) => {
      const { result, algos } = await jsonOf(await api.call('upload/algos/'));
      assert.deepEqual([result, algos.includes('crc32c')], [true, true]);
      const { result: no, error } = await jsonOf(await api.call('nothing/'));
      assert.deepEqual([no, error.code, typeof error.text], [false, 9992, 'string']);
    }));

  it('can be nested with yes and no', () =>
    withCurrent({ current: { envelope: 'nested' } }, async (api) => {
      const answer = await jsonOf(await api.call('upload/algos/'));
      assert.deepEqual([answer.result, answer.algos, answer.response.algos.length], ['yes', undefined, 5]);
      assert.equal((await jsonOf(await api.call('nothing/'))).result, 'no');
    }));

  it('can change with every answer', () =>
    withCurrent({ current: { envelope: 'mixed' } }, async (api) => {
      const seen = new Set<string>();
      for (let turn = 0; turn < 4; turn += 1) {
        const { result, response } = await jsonOf(await api.call('upload/algos/'));
        seen.add(`${result} ${response !== undefined}`);
      }
      assert.deepEqual([...seen].sort(), ['true false', 'true true', 'yes false', 'yes true']);
      const codes = [];
      for (let turn = 0; turn < 4; turn += 1) codes.push((await jsonOf(await api.call('nothing/'))).error.code);
      assert.deepEqual(codes, [9992, 9992, '9992', 9992]);
    }));
});

describe('rate limits of the current API', () => {
  const limit = (requests: number, headers: RateHeaders = 've-epoch') => ({ requests, windowMs: 5000, headers });

  it('count by key and open again when their window ends', () => {
    let now = Date.parse('2026-04-24T23:49:04.200Z');
    return withCurrent(
      { now: () => now, current: { rateLimit: limit(2), keys: [{ key: 'k2', userId: 'other' }] } },
      async (api) => {
        const ask = () => api.call('upload/algos/');
        const left = async () => (await ask()).headers.get('x-ve-limit-avail');
        assert.deepEqual([await left(), await left()], ['1', '0']);
        const refused = await ask();
        assert.equal(refused.headers.get('x-ve-limit-max'), '2');
        assert.equal(Number(refused.headers.get('x-ve-limit-expires')), Math.ceil((now + 5000) / 1000));
        assert.deepEqual(await refusalOf(refused), [429, 1671]);
        assert.equal((await api.as('k2').call('upload/algos/')).status, 200);
        now += 5000;
        assert.equal((await ask()).status, 200);
      },
    );
  });

  it('have a bucket of their own for batches', () =>
    withCurrent({ current: { stages: INSTANT, rateLimit: limit(1) } }, async (api) => {
      await api.call('upload/algos/');
      assert.equal((await api.batch([{ name: 'a', bytes: bytesOf(1) }])).status, 200);
      assert.equal((await api.batch([{ name: 'a', bytes: bytesOf(1) }])).status, 429);
    }));

  it('speak in either family, with either kind of expiry', async () => {
    const now = Date.parse('2026-04-24T23:49:04.000Z');
    for (const [headers, name, value] of [
      ['ve-date', 'x-ve-limit-expires', '2026-04-24 23:49:09 UTC'],
      ['legacy-epoch', 'x-rate-limit-expiry', String(now / 1000 + 5)],
      ['legacy-date', 'x-rate-limit-expiry', '2026-04-24 23:49:09 UTC'],
      ['retry-after', 'retry-after', '5'],
    ] as const) {
      await withCurrent({ now: () => now, current: { rateLimit: limit(1, headers) } }, async (api) => {
        await api.call('upload/algos/');
        const refused = await api.call('upload/algos/');
        assert.deepEqual([refused.status, refused.headers.get(name)], [429, value]);
      });
    }
  });
});

describe('CORS of the current API', () => {
  const preflight = (url: string): Promise<Response> =>
    fetch(`${url}/current/upload/`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://page.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });

  it('is off, because the API does not promise it', () =>
    withCurrent({}, async (api) => {
      assert.equal((await preflight(api.url)).headers.get('access-control-allow-origin'), null);
      assert.equal((await api.call('upload/algos/')).headers.get('access-control-allow-origin'), null);
    }));

  it('can be switched on, for refusals too', () =>
    withCurrent({ current: { cors: true } }, async (api) => {
      const answer = await preflight(api.url);
      assert.equal(answer.status, 204);
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.match(answer.headers.get('access-control-allow-headers') ?? '', /Authorization/);
      assert.equal((await api.call('nothing/')).headers.get('access-control-allow-origin'), '*');
      const exposed = (await api.call('upload/algos/')).headers.get('access-control-expose-headers') ?? '';
      assert.match(exposed, /x-ve-limit-expires/);
      assert.match(exposed, /X-Rate-Limit-Expiry/);
    }));
});
