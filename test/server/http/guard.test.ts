import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createUploadHandler, type UploadHandlerOptions } from '../../../src/server/index.js';
import { API_KEY, gatewayOver, MINT, refusal, SECRET, workingUpstream } from '../support/scripted-upstream.js';

const FRIEND = 'https://friend.example';

/** Calls `GET {base}` at `https://app.example` with these headers only. */
const call = (headers: Record<string, string>, options: Partial<UploadHandlerOptions> = {}, method = 'GET') =>
  createUploadHandler({
    apiKey: API_KEY,
    workspaceId: 'w',
    ticketSecret: SECRET,
    authorize: () => ({ userId: 'ann' }),
    ...options,
  })(new Request('https://app.example/api/uploads', { method, headers }));

describe('the guard without allowed origins', () => {
  const admitted: [string, Record<string, string>][] = [
    ['a page of the same origin', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://app.example' }],
    ['the address bar', { 'Sec-Fetch-Site': 'none' }],
    ['an old browser on the same origin', { Origin: 'https://app.example' }],
    ['a page behind a proxy that ends TLS', { Origin: 'http://app.example' }],
    ['a program', {}],
  ];
  for (const [who, headers] of admitted) {
    it(`admits ${who}`, async () => assert.equal((await call(headers)).status, 200));
  }

  const refused: [string, Record<string, string>][] = [
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: FRIEND }],
    ['an image tag on another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sister domain', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.app.example' }],
    ['an old browser on another origin', { Origin: FRIEND }],
    ['another port', { Origin: 'https://app.example:8443' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['a name that only begins alike', { Origin: 'https://app.example.evil.example' }],
  ];
  for (const [who, headers] of refused) {
    it(`refuses ${who}`, async () => {
      const response = await call(headers);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      assert.deepEqual(await refusal(response), [403, 'forbidden']);
    });
  }

  it('does not ask who a refused caller is', async () => {
    let asked = false;
    await call(
      { 'Sec-Fetch-Site': 'cross-site' },
      {
        authorize: () => {
          asked = true;
          return { userId: 'ann' };
        },
      },
    );
    assert.equal(asked, false);
  });

  it('lets no cross-site page mint', async () => {
    const upstream = workingUpstream();
    const response = await gatewayOver(upstream)('POST', '/presigned', {
      json: { filename: 'a', size: 1 },
      headers: { 'Sec-Fetch-Site': 'cross-site', Origin: FRIEND },
    });
    assert.deepEqual([...(await refusal(response)), upstream.asked(MINT).length], [403, 'forbidden', 0]);
  });
});

describe('the guard with allowed origins', () => {
  const options = { allowedOrigins: [FRIEND] };
  const crossSite = { 'Sec-Fetch-Site': 'cross-site', Origin: FRIEND };

  it('lets their pages read answers and failures, with credentials', async () => {
    const answers = [await call(crossSite, options), await call(crossSite, { ...options, authorize: () => null })];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401],
    );
    for (const { headers } of answers) {
      assert.equal(headers.get('access-control-allow-origin'), FRIEND);
      assert.equal(headers.get('access-control-allow-credentials'), 'true');
      assert.match(headers.get('access-control-expose-headers') ?? '', /ETag.*Retry-After/);
      assert.equal(headers.get('vary'), 'Origin');
    }
  });

  it('answers their preflight without asking who they are', async () => {
    const asks = { 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'x-token,content-type' };
    const response = await call({ ...crossSite, ...asks }, { ...options, authorize: () => null }, 'OPTIONS');
    assert.equal(response.status, 204);
    assert.match(response.headers.get('access-control-allow-methods') ?? '', /PUT.*DELETE/);
    assert.equal(response.headers.get('access-control-allow-headers'), 'x-token,content-type');
    assert.equal(response.headers.get('access-control-allow-origin'), FRIEND);
  });

  it('refuses the preflight of others, and still serves its own origin', async () => {
    const evil = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    assert.equal((await call(evil, options, 'OPTIONS')).status, 403);
    const own = await call({ 'Sec-Fetch-Site': 'same-origin' }, options);
    assert.deepEqual(
      [own.status, own.headers.get('access-control-allow-origin'), own.headers.get('vary')],
      [200, null, 'Origin'],
    );
  });
});
