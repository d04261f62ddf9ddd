import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UploadHandlerOptions } from '../../src/server/index.js';
import { asForm, currentUpstream, FILE as FASTIO_FILE, fastioOver } from './routes/fastio/support.js';
import {
  API_KEY,
  GRANT_URL,
  gatewayOver,
  INIT,
  MINT,
  ORIGIN,
  refusal,
  ScriptedUpstream,
  workingUpstream,
} from './support/scripted-upstream.js';

const FILE = { filename: 'a.txt', contentType: 'text/plain', size: 3 };

describe('routing', () => {
  it('answers 404 for what is not there, a protocol that is not offered among it', async () => {
    const send = gatewayOver(new ScriptedUpstream(), { protocols: ['presigned'] });
    for (const path of ['/nothing', '/presigned/x', '/chunked/init', '//presigned']) {
      assert.deepEqual(await refusal(await send('POST', path, { json: FILE })), [404, 'not-found']);
    }
  });

  it('answers 405 with the methods that are possible', async () => {
    const response = await gatewayOver(new ScriptedUpstream())('POST', '/chunked/x', { json: {} });
    assert.equal(response.headers.get('allow'), 'GET, DELETE');
    assert.deepEqual(await refusal(response), [405, 'bad-request']);
  });

  it('takes a slash at the end for none', async () => {
    assert.equal((await gatewayOver(workingUpstream())('POST', '/presigned/', { json: FILE })).status, 200);
  });
});

describe('authorize', () => {
  const get = (authorize: UploadHandlerOptions['authorize'], more: Partial<UploadHandlerOptions> = {}) =>
    gatewayOver(new ScriptedUpstream(), { authorize, ...more })('GET', '');

  it('answers 401 when it says null, or in JavaScript nothing at all', async () => {
    assert.deepEqual(await refusal(await get(async () => null)), [401, 'unauthorized']);
    assert.deepEqual(await refusal(await get((async () => {}) as never)), [401, 'unauthorized']);
  });

  it('passes on the answer that it makes', async () => {
    const response = await get(() => Response.redirect('https://login.example/'), {
      allowedOrigins: ['https://b.example'],
    });
    assert.deepEqual([response.status, response.headers.get('location')], [302, 'https://login.example/']);
  });

  it('passes on one answer to any number of requests', async () => {
    const closed = new Response('closed until noon', { status: 503 });
    const send = gatewayOver(new ScriptedUpstream(), { authorize: () => closed });
    for (let turn = 0; turn < 3; turn++) {
      const response = await send('GET', '');
      assert.deepEqual([response.status, await response.text()], [503, 'closed until noon']);
    }
  });

  it('answers 500 when it throws or answers nonsense, and tells only the server why', async () => {
    const nonsense = [{}, { userId: '' }, { userId: 7 }, { userId: 'a', limits: { maxFileSize: '5 MB' } }];
    const hooks = [
      () => Promise.reject(new Error('no database at db.internal')),
      ...nonsense.map((value) => () => value),
    ];
    for (const hook of hooks) {
      const errors: Error[] = [];
      const response = await get(hook as UploadHandlerOptions['authorize'], {
        onError: (error) => void errors.push(error),
      });
      const text = await response.text();
      assert.deepEqual([response.status, JSON.parse(text).error.code], [500, 'internal']);
      assert.doesNotMatch(text, /db\.internal|userId/);
      assert.ok(errors[0]?.cause instanceof Error);
    }
  });

  it('survives an onError hook that throws, at once or later', async () => {
    const boom = () => {
      throw new Error('boom');
    };
    assert.equal((await get(boom, { onError: boom })).status, 500);
    const later = async () => boom();
    assert.equal((await get(boom, { onError: later })).status, 500);
    // Node tells of an unhandled rejection once the microtasks are done, and the test fails of it.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('rateLimit', () => {
  it('answers 429 with how long to wait, for the user that it names', async () => {
    const send = fastioOver(currentUpstream(), { rateLimit: (userId) => (userId === 'ann' ? 2.5 : null) });
    const response = await send('POST', '/current/upload/', asForm(FASTIO_FILE));
    assert.equal(response.headers.get('retry-after'), '3');
    assert.deepEqual(await refusal(response), [429, 'rate-limited']);
    assert.equal((await send('POST', '/current/upload/', { ...asForm(FASTIO_FILE), user: 'bob' })).status, 200);
  });

  it('goes on where there is nothing to wait, and fails where it is told no number', async () => {
    for (const [seconds, status] of [
      [0, 200],
      [-1, 200],
      [Number.NaN, 500],
      [Number.POSITIVE_INFINITY, 500],
    ] as const) {
      const send = fastioOver(currentUpstream(), { rateLimit: () => seconds });
      assert.equal((await send('POST', '/current/upload/', asForm(FASTIO_FILE))).status, status);
    }
  });
});

describe('a user', () => {
  const turns = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('has at most so many requests under way, whatever others have', async (context) => {
    context.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_700_000_000_000 });
    let calls = 0;
    const upstream = currentUpstream().on('POST /current/upload/', () =>
      ++calls === 1
        ? new Response(null, { status: 429, headers: { 'Retry-After': '2' } })
        : Response.json({ result: true, id: 'up1' }),
    );
    const send = fastioOver(upstream, { perUser: { requestsInFlight: 5 } });
    const open = (user: string) => send('POST', '/current/upload/', { ...asForm(FASTIO_FILE), user });
    await open('ann');
    const waiting = Array.from({ length: 5 }, () => open('ann'));
    await turns();
    const refused = await open('ann');
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.deepEqual(await refusal(refused), [429, 'rate-limited']);
    waiting.push(open('bob'));
    await turns();
    context.mock.timers.tick(2000);
    for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 200);
    assert.equal((await open('ann')).status, 200);
  });

  it('has at most so many unfinished uploads, of which one that ends makes room', async () => {
    let sessions = 0;
    const upstream = workingUpstream()
      .on(INIT, () => Response.json({ upload_id: `up_${++sessions}` }))
      .on('DELETE /v1/uploads/chunked/up_1', () => new Response(null, { status: 204 }));
    const send = gatewayOver(upstream, { perUser: { openSessions: 3 } });
    const json = { filename: 'a', total_size: 9 };
    const open = (user = 'ann') => send('POST', '/chunked/init', { json, user });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => open()));
    assert.deepEqual([answers.filter(({ ok }) => ok).length, sessions], [3, 3]);
    assert.deepEqual(await refusal(await open()), [429, 'rate-limited']);
    assert.equal((await open('bob')).status, 200);
    const [first] = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => answer.json()));
    await send('DELETE', `/chunked/${first.upload_id}`);
    assert.equal((await open()).status, 200);
  });

  it('is not held up for good by uploads that were left', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const send = gatewayOver(workingUpstream(), { perUser: { openSessions: 1 } });
    const open = () => send('POST', '/chunked/init', { json: { filename: 'a', total_size: 9 } });
    assert.equal((await open()).status, 200);
    assert.equal((await open()).status, 429);
    context.mock.timers.tick(3600_000);
    assert.equal((await open()).status, 200);
  });
});

describe('authorize at every step', () => {
  const steps: [string, string, object][] = [
    ['PUT', '/parts', { body: 'bytes', headers: { 'Fastio-Part-Number': '1' } }],
    ['GET', '', {}],
    ['POST', '/complete', { json: { parts: [{ part_number: 1, etag: 'abc' }] } }],
  ];
  const changes: [string, object, [number, string]][] = [
    ['another workspace', { workspaceId: 'ws_2' }, [403, 'forbidden']],
    ['another folder', { folderId: 'fo_2' }, [403, 'forbidden']],
    ['a smaller size', { limits: { maxFileSize: 8 } }, [413, 'too-large']],
    ['other types', { limits: { accept: 'image/*' } }, [415, 'type-not-allowed']],
  ];
  for (const [what, change, expected] of changes) {
    it(`stops an upload once the hook answers ${what}, and lets it be canceled`, async () => {
      const upstream = workingUpstream();
      let answer: object = {};
      const send = gatewayOver(upstream, { authorize: () => ({ userId: 'ann', ...answer }) });
      const { upload_id: id } = await (
        await send('POST', '/chunked/init', { json: { filename: 'a', total_size: 9, mime_type: 'a/b' } })
      ).json();
      answer = change;
      for (const [method, path, sent] of steps) {
        assert.deepEqual(await refusal(await send(method, `/chunked/${id}${path}`, sent)), expected);
      }
      assert.equal(upstream.seen.length, 1);
      assert.equal((await send('DELETE', `/chunked/${id}`)).status, 204);
    });
  }
});

describe('a client that has left', () => {
  it('ends the request to the upstream, and reports nothing', async () => {
    const leaving = new AbortController();
    const errors: Error[] = [];
    let ended = false;
    const fetch: UploadHandlerOptions['fetch'] = (_url, { signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          ended = true;
          reject(signal.reason);
        });
        leaving.abort();
      });
    const send = gatewayOver(new ScriptedUpstream(), { fetch, onError: (error) => void errors.push(error) });
    await send('POST', '/presigned', { json: FILE, signal: leaving.signal });
    assert.deepEqual([ended, errors], [true, []]);
  });
});

describe('secrets', () => {
  it('never leave in a failure: no key, no grant URL, nothing that the upstream said', async () => {
    const leak = JSON.stringify({ error: { code: 'x', message: `${API_KEY} ${GRANT_URL}` }, url: GRANT_URL });
    const statuses = [400, 401, 402, 403, 404, 405, 409, 410, 413, 422, 429, 500, 502, 503, 507];
    for (const status of statuses) {
      const answer = () =>
        new Response(leak, { status, headers: { 'x-key': API_KEY, 'set-cookie': `key=${API_KEY}` } });
      const upstream = workingUpstream().on(MINT, answer).on(INIT, answer);
      const send = gatewayOver(upstream);
      const calls: [string, unknown][] = [
        ['/presigned', FILE],
        ['/presigned', { files: [FILE, { ...FILE, size: -1 }] }],
        ['/chunked/init', { filename: 'a', total_size: 1 }],
      ];
      for (const [path, json] of calls) {
        const response = await send('POST', path, { json });
        const all = `${await response.text()} ${JSON.stringify([...response.headers])}`;
        assert.match(all, /"code":"/);
        assert.doesNotMatch(all, /sk_live|signature|storage\.example|api\.example/);
      }
    }
  });

  it('never leave in a failure to reach the upstream', async () => {
    const fetch = () => Promise.reject(new Error(`connect ECONNREFUSED with ${API_KEY}`));
    const response = await gatewayOver(new ScriptedUpstream(), { fetch })('POST', '/presigned', { json: FILE });
    assert.doesNotMatch(await response.text(), /ECONNREFUSED|sk_live/);
  });

  it('come from a function where the key rotates', async () => {
    const keys = ['key_1', 'key_2'];
    const upstream = workingUpstream();
    const send = gatewayOver(upstream, { apiKey: async () => keys.shift() ?? '' });
    for (let turn = 0; turn < 3; turn++) await send('POST', '/presigned', { json: FILE });
    assert.deepEqual(
      upstream.seen.map(({ headers }) => headers.get('authorization')),
      ['Bearer key_1', 'Bearer key_2'],
    );
  });

  it('keeps the user id from the ticket and from the upstream', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const user = 'ann@company.example';
    await send('POST', '/presigned', { json: FILE, user });
    const json = { filename: 'a', total_size: 1 };
    const { upload_id: id } = await (await send('POST', '/chunked/init', { json, user })).json();
    assert.doesNotMatch(Buffer.from(id, 'base64url').toString(), /company/);
    assert.doesNotMatch(JSON.stringify(upstream.seen), /company/);
    assert.ok(!ORIGIN.includes(user));
  });
});
