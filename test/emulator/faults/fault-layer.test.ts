import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesOf, withEmulator } from '../api-client.js';
import { PUT } from './support.js';

describe('fault script, requests', () => {
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
});
