import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusal, ScriptedUpstream } from '../../support/scripted-upstream.js';
import { asForm, currentUpstream, FILE, fastioOver } from './support.js';

describe('fastio in the capabilities', () => {
  it('is there when the options name it', async () => {
    const offer = await (await fastioOver(currentUpstream())('GET', '')).json();
    assert.deepEqual([offer.protocols, offer.urls], [['fastio'], { fastio: '/api/uploads/current' }]);
  });

  it('does not answer when they do not', async () => {
    const send = fastioOver(currentUpstream(), { protocols: ['chunked'] });
    assert.deepEqual(await refusal(await send('POST', '/current/upload/', asForm(FILE))), [404, 'not-found']);
  });
});

describe('what is not on the list', () => {
  const nowhere: [string, string][] = [
    ['DELETE', '/current/upload/'],
    ['DELETE', '/current/upload//'],
    ['DELETE', '/current/upload/%2e%2e/'],
    ['DELETE', '/current/upload/limits/'],
    ['GET', '/current/upload/details/'],
    ['GET', '/current/upload/'],
    ['POST', '/current/upload/x/stream/'],
    ['POST', '/current/web_upload/'],
    ['GET', '/current/workspace/ws_1/storage/root/'],
    ['GET', '/current/user/auth/'],
    ['GET', '/current/events/search/'],
  ];

  for (const [method, path] of nowhere) {
    it(`reaches no upstream: ${method} ${path}`, async () => {
      const upstream = new ScriptedUpstream();
      const { status } = await fastioOver(upstream)(method, path);
      assert.ok(status === 404 || status === 405, String(status));
      assert.equal(upstream.seen.length, 0);
    });
  }

  it('is refused to a page of another site before anything is asked', async () => {
    const upstream = new ScriptedUpstream();
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    const response = await fastioOver(upstream)('POST', '/current/upload/', { ...asForm(FILE), headers });
    assert.deepEqual(await refusal(response), [403, 'forbidden']);
    assert.equal(upstream.seen.length, 0);
  });
});
