import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Signer } from '../../../src/server/tickets/signer.js';
import { signalled } from '../support/loopback.js';
import {
  API_KEY,
  gatewayOver,
  refusal,
  ScriptedUpstream,
  SECRET,
  workingUpstream,
} from '../support/scripted-upstream.js';

/** Stands for the user `ann`. */
const USER = await new Signer(SECRET).sign('user', 'ann');

const V1 = ['presigned', 'chunked'];

const offering = (answer: () => Response) => new ScriptedUpstream().on('GET /current/upload/algos/', answer);

describe('capabilities', () => {
  it('names what is offered, under paths that the browser can use', async () => {
    const send = gatewayOver(offering(() => Response.json({ result: true, algos: ['crc32c'] })));
    for (const path of ['', '/']) {
      const response = await send('GET', path);
      assert.deepEqual(
        [response.status, await response.json()],
        [
          200,
          {
            version: 1,
            protocols: ['presigned', 'chunked', 'fastio', 'form'],
            urls: {
              presigned: '/api/uploads/presigned',
              confirm: '/api/uploads/confirm',
              chunked: '/api/uploads/chunked',
              fastio: '/api/uploads/current',
              form: '/api/uploads/form',
            },
            chunkedAbove: 8 * 2 ** 20,
            mintBatch: 100,
            user: USER,
            limits: {},
          },
        ],
      );
    }
  });

  const answers: [string, string[], () => Response][] = [
    ['has no /current/', V1, () => new Response('not found', { status: 404 })],
    [
      'says that the path does not route',
      V1,
      () => Response.json({ result: false, error: { code: 9992 } }, { status: 404 }),
    ],
    ['fails', [...V1, 'fastio', 'form'], () => new Response(null, { status: 500 })],
    [
      'cannot be reached',
      [...V1, 'fastio', 'form'],
      () => {
        throw new TypeError('fetch failed');
      },
    ],
    ['refuses the key', [...V1, 'fastio', 'form'], () => new Response('{"result":false}', { status: 401 })],
  ];

  for (const [what, protocols, answer] of answers) {
    it(`names ${protocols.join(', ')} over an upstream that ${what}`, async () => {
      const offer = await (await gatewayOver(offering(answer))('GET', '')).json();
      assert.deepEqual([offer.protocols, 'fastio' in offer.urls], [protocols, protocols.includes('fastio')]);
    });
  }

  it('names the user by a value that says nothing of them, and stays the same', async () => {
    const send = gatewayOver(offering(() => Response.json({ result: true, algos: [] })));
    const userOf = async (user: string) => (await (await send('GET', '', { user })).json()).user;
    const ann = await userOf('ann@company.example');
    assert.match(ann, /^[\w-]{43}$/);
    assert.equal(await userOf('ann@company.example'), ann);
    assert.notEqual(await userOf('bob'), ann);
  });

  it('announces the largest body that the host lets through', async () => {
    const offer = await (await gatewayOver(new ScriptedUpstream(), { maxPartSize: 4_500_000 })('GET', '')).json();
    assert.equal(offer.maxPartSize, 4_500_000);
  });

  it('refuses at once a dialect that the storage does not serve', () => {
    assert.throws(() => gatewayOver(new ScriptedUpstream(), { protocols: ['multipart'] }), /^TypeError: protocols: /);
  });

  it('asks the upstream once for all, and only where nothing was chosen', async () => {
    const upstream = offering(() => Response.json({ result: true, algos: ['crc32c'] }));
    const send = gatewayOver(upstream);
    await Promise.all([send('GET', ''), send('GET', '')]);
    await gatewayOver(upstream, { protocols: ['fastio'] })('GET', '');
    assert.equal(upstream.seen.length, 1);
  });

  it('offers everything over an upstream that does not say in time', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const asked = signalled();
    const fetch = (_url: string, { signal }: RequestInit) => {
      asked.resolve();
      return new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    };
    const offer = gatewayOver(new ScriptedUpstream(), { fetch })('GET', '');
    await asked.promise;
    context.mock.timers.tick(3000);
    assert.deepEqual((await (await offer).json()).protocols, [...V1, 'fastio', 'form']);
  });

  it('keeps a limit of which the hook has nothing to say', async () => {
    // As callers without exact optional types may have it.
    const limits: object = { maxFileSize: undefined, maxFiles: 3 };
    const authorize = () => ({ userId: 'ann', limits });
    const send = gatewayOver(workingUpstream(), { authorize, limits: { maxFiles: 2, maxFileSize: 9 } });
    assert.deepEqual((await (await send('GET', '')).json()).limits, { maxFiles: 3, maxFileSize: 9 });
    const json = { filename: 'a', total_size: 10 };
    assert.deepEqual(await refusal(await send('POST', '/chunked/init', { json })), [413, 'too-large']);
  });

  it('says what the options chose, and the limits of this user', async () => {
    const authorize = () => ({ userId: 'ann', limits: { maxFileSize: 5 } });
    const options = {
      authorize,
      protocols: ['chunked' as const],
      chunkedAbove: 0,
      limits: { maxFiles: 2, maxFileSize: 9 },
    };
    assert.deepEqual(await (await gatewayOver(new ScriptedUpstream(), options)('GET', '')).json(), {
      version: 1,
      protocols: ['chunked'],
      urls: { chunked: '/api/uploads/chunked' },
      chunkedAbove: 0,
      user: USER,
      limits: { maxFiles: 2, maxFileSize: 5 },
    });
  });

  it('answers HEAD without a body', async () => {
    const response = await gatewayOver(new ScriptedUpstream())('HEAD', '');
    assert.deepEqual([response.status, response.body], [200, null]);
  });

  it('follows the base path', async () => {
    const { createUploadHandler } = await import('../../../src/server/index.js');
    const options = { apiKey: API_KEY, workspaceId: 'w', ticketSecret: SECRET, authorize: () => ({ userId: 'u' }) };
    const atRoot = createUploadHandler({ ...options, basePath: '/' });
    const below = createUploadHandler({ ...options, basePath: '/files/up/' });
    const urls = async (response: Response) => (await response.json()).urls.chunked;
    assert.equal(await urls(await atRoot(new Request('http://a/'))), '/chunked');
    assert.equal(await urls(await below(new Request('http://a/files/up'))), '/files/up/chunked');
    assert.equal((await below(new Request('http://a/files/upx'))).status, 404);
  });
});
