import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredFile } from '../../../src/server/index.js';
import { signalled } from '../support/loopback.js';
import {
  gatewayOver,
  INIT,
  refusal,
  type ScriptedUpstream,
  SESSION,
  type Send,
  workingUpstream,
} from '../support/scripted-upstream.js';

const INIT_BODY = { filename: 'a.bin', total_size: 9, mime_type: 'a/b', relative_path: 'x/a.bin' };
const MANIFEST = {
  parts: [
    { part_number: 1, etag: 'abc' },
    { part_number: 2, etag: 'def' },
  ],
};

const open = async (send: Send, json: unknown = INIT_BODY): Promise<string> =>
  (await (await send('POST', '/chunked/init', { json })).json()).upload_id;

const part = (body: string | null = 'bytes', headers: Record<string, string> = {}) => ({
  body,
  headers: { 'Content-Type': 'application/octet-stream', 'Fastio-Part-Number': '1', ...headers },
});

describe('chunked init', () => {
  it('opens a session upstream, in the target of the options, and passes on its limits', async () => {
    const upstream = workingUpstream();
    const json = { ...INIT_BODY, workspace_id: 'ws_evil', folder_id: 'fo_evil', metadata: { tag: 'red' } };
    const response = await gatewayOver(upstream)('POST', '/chunked/init', { json });
    const { upload_id, expires_at, ...limits } = await response.json();
    assert.deepEqual(limits, { part_size: 5, max_parts: 100, max_parallel: 4 });
    assert.match(upload_id, /^[\w-]+\.[\w-]+$/);
    assert.ok(upload_id.length < 300, `a ticket of ${upload_id.length} characters`);
    assert.ok(Math.abs(Date.parse(expires_at) - Date.now() - 24 * 3600_000) < 5000);
    assert.deepEqual(upstream.asked(INIT)[0]?.json, {
      filename: 'a.bin',
      total_size: 9,
      mime_type: 'a/b',
      workspace_id: 'ws_1',
      relative_path: 'x/a.bin',
      metadata: { tag: 'red' },
    });
  });

  it('ends the ticket with the session where that is sooner', async () => {
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const upstream = workingUpstream().on(INIT, () => Response.json({ upload_id: 'up_1', expires_at }));
    const response = await gatewayOver(upstream)('POST', '/chunked/init', { json: INIT_BODY });
    assert.equal((await response.json()).expires_at, expires_at);
  });

  it('passes the idempotency key on, bound to the user and to the file', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const named = { json: INIT_BODY, headers: { 'Idempotency-Key': 'key-1' } };
    await send('POST', '/chunked/init', named);
    await send('POST', '/chunked/init', named);
    await send('POST', '/chunked/init', { ...named, user: 'bob' });
    await send('POST', '/chunked/init', { ...named, json: { ...INIT_BODY, total_size: 8 } });
    await send('POST', '/chunked/init', { ...named, headers: { 'Idempotency-Key': 'x'.repeat(201) } });
    const keys = upstream.asked(INIT).map((asked) => asked.headers.get('idempotency-key') ?? undefined);
    assert.match(String(keys[0]), /^[\w-]{43}$/);
    assert.equal(keys[1], keys[0]);
    assert.equal(new Set(keys).size, 4);
    assert.equal(keys[4], undefined);
  });

  it('holds the limits', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream, { limits: { maxFileSize: 8, accept: '.bin' } });
    const init = async (json: object) => refusal(await send('POST', '/chunked/init', { json }));
    assert.deepEqual(await init(INIT_BODY), [413, 'too-large']);
    assert.deepEqual(await init({ ...INIT_BODY, total_size: 8, filename: 'a.exe' }), [415, 'type-not-allowed']);
    assert.deepEqual(await init({ filename: 'a.bin' }), [400, 'bad-request']);
    assert.equal(upstream.seen.length, 0);
  });

  it('answers 502 when the upstream opens nothing', async () => {
    const upstream = workingUpstream().on(INIT, () => Response.json({}));
    const response = await gatewayOver(upstream)('POST', '/chunked/init', { json: INIT_BODY });
    assert.deepEqual(await refusal(response), [502, 'upstream']);
  });
});

describe('chunked part', () => {
  it('relays the bytes under the number of the part, and the ETag and the pace back', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const id = await open(send);
    // A type of the browser's would stay with the bytes in the storage.
    const response = await send('PUT', `/chunked/${id}/parts`, part('bytes', { 'Content-Type': 'text/html' }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('etag'), '"abc"');
    assert.equal(response.headers.get('x-ve-limit-avail'), '7');
    assert.deepEqual(await response.json(), { part_number: 1, etag: 'abc' });
    const [asked] = upstream.asked(`PUT ${SESSION}/parts`);
    assert.equal(asked?.text, 'bytes');
    assert.equal(asked?.headers.get('fastio-part-number'), '1');
    assert.equal(asked?.headers.get('content-type'), 'application/octet-stream');
    assert.equal(asked?.headers.get('x-user'), null);
  });

  it('relays no more at once than the upstream takes: one more would make it hold back all users', async () => {
    const go = signalled();
    const answer = () => go.promise.then(() => Response.json({ etag: 'abc' }));
    const send = gatewayOver(workingUpstream().on(`PUT ${SESSION}/parts`, answer));
    const path = `/chunked/${await open(send)}/parts`;
    const all = Array.from({ length: 5 }, () => send('PUT', path, part()));
    assert.deepEqual(await refusal(await Promise.race(all)), [429, 'rate-limited']);
    go.resolve();
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 429]);
  });

  it('relays the one empty part of an empty file', async () => {
    const send = gatewayOver(workingUpstream());
    const id = await open(send, { ...INIT_BODY, total_size: 0 });
    assert.equal((await send('PUT', `/chunked/${id}/parts`, part(null))).status, 200);
  });

  it('finds the ETag in the body where the upstream has no header', async () => {
    const upstream = workingUpstream().on(`PUT ${SESSION}/parts`, () => Response.json({ etag: 'xyz' }));
    const send = gatewayOver(upstream);
    const response = await send('PUT', `/chunked/${await open(send)}/parts`, part());
    assert.equal(response.headers.get('etag'), '"xyz"');
  });

  it('needs a part number in plain digits that the file can have', async () => {
    const send = gatewayOver(workingUpstream());
    const id = await open(send);
    for (const number of ['', '0', '-1', '1.5', 'x', '+1', '01', '0x1', '0x10', '1e0', '1e5', `${2 ** 53 - 1}`]) {
      const response = await send('PUT', `/chunked/${id}/parts`, part('bytes', { 'Fastio-Part-Number': number }));
      assert.deepEqual(await refusal(response), [400, 'bad-request']);
    }
  });

  it('refuses a part that says it is longer than the file', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const id = await open(send);
    const response = await send('PUT', `/chunked/${id}/parts`, part('0123456789', { 'Content-Length': '10' }));
    assert.deepEqual(await refusal(response), [413, 'too-large']);
    assert.equal(upstream.asked(`PUT ${SESSION}/parts`).length, 0);
  });

  it('refuses a part that turns out to be longer than the file', async () => {
    const send = gatewayOver(workingUpstream());
    const response = await send('PUT', `/chunked/${await open(send)}/parts`, part('0123456789'));
    assert.deepEqual(await refusal(response), [413, 'too-large']);
  });

  const failures: [number, [number, string]][] = [
    [400, [400, 'bad-request']],
    [403, [403, 'upstream']],
    [404, [404, 'not-found']],
    [410, [404, 'not-found']],
    [429, [429, 'rate-limited']],
    [500, [502, 'upstream']],
    [507, [507, 'upstream']],
  ];
  for (const [status, expected] of failures) {
    it(`answers ${expected.join(' ')} when the upstream answers ${status}`, async () => {
      const init = { status, headers: { 'Retry-After': '3' } };
      const upstream = workingUpstream().on(`PUT ${SESSION}/parts`, () => new Response('{}', init));
      const send = gatewayOver(upstream);
      const response = await send('PUT', `/chunked/${await open(send)}/parts`, part());
      assert.equal(response.headers.get('retry-after'), '3');
      assert.deepEqual(await refusal(response), expected);
    });
  }
});

describe('chunked inspect', () => {
  it('answers the parts that the upstream has, under the id that the browser knows', async () => {
    const send = gatewayOver(workingUpstream());
    const id = await open(send);
    const response = await send('GET', `/chunked/${id}/`);
    assert.deepEqual(await response.json(), {
      upload_id: id,
      total_size: 9,
      parts: [
        { part_number: 1, etag: 'abc', size: 5 },
        { part_number: 2, etag: 'def', size: 4 },
      ],
    });
  });

  it('tells a lost session from an upstream that cannot answer', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const id = await open(send);
    const inspect = async (status: number) => {
      upstream.on(`GET ${SESSION}`, () => new Response('{}', { status }));
      return refusal(await send('GET', `/chunked/${id}`));
    };
    assert.deepEqual(await inspect(404), [404, 'not-found']);
    assert.deepEqual(await inspect(410), [404, 'not-found']);
    assert.deepEqual(await inspect(405), [501, 'upstream']);
    assert.deepEqual(await inspect(501), [501, 'upstream']);
  });
});

describe('chunked complete', () => {
  it('answers the file id, tells the hook once, and does both again alike', async () => {
    const stored: StoredFile[] = [];
    const upstream = workingUpstream();
    const send = gatewayOver(upstream, { onStored: (file) => void stored.push(file) });
    const id = await open(send);
    const answers = [];
    for (let turn = 0; turn < 2; turn++) {
      answers.push(await (await send('POST', `/chunked/${id}/complete`, { json: MANIFEST })).json());
    }
    assert.deepEqual(upstream.asked(`POST ${SESSION}/complete`)[0]?.json, MANIFEST);
    assert.deepEqual(answers, Array(2).fill({ file_id: 'f_9', name: 'a.bin', size: 9, content_type: 'a/b' }));
    assert.deepEqual(stored, [
      {
        fileId: 'f_9',
        userId: 'ann',
        workspaceId: 'ws_1',
        folderId: 'root',
        name: 'a.bin',
        size: 9,
        type: 'a/b',
        relativePath: 'x/a.bin',
        protocol: 'chunked',
      },
    ]);
  });

  it('answers 409 for a manifest that the upstream does not take, so that the browser looks again', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const id = await open(send);
    for (const status of [400, 409, 422]) {
      upstream.on(`POST ${SESSION}/complete`, () => new Response('{}', { status }));
      assert.deepEqual(await refusal(await send('POST', `/chunked/${id}/complete`, { json: MANIFEST })), [
        409,
        'bad-request',
      ]);
    }
  });

  it('tells the hook nothing of a completion that failed', async () => {
    const stored: StoredFile[] = [];
    const upstream = workingUpstream().on(`POST ${SESSION}/complete`, () => Response.json({ ok: true }));
    const send = gatewayOver(upstream, { onStored: (file) => void stored.push(file) });
    const response = await send('POST', `/chunked/${await open(send)}/complete`, { json: MANIFEST });
    assert.deepEqual(await refusal(response), [502, 'upstream']);
    assert.equal(stored.length, 0);
  });

  it('takes a manifest of ten thousand parts, and refuses what is none', async () => {
    const held = Array.from({ length: 10_000 }, (_, index) => ({ part_number: index + 1, etag: 'abc', size: 3 }));
    const upstream = workingUpstream().on(`GET ${SESSION}`, () => Response.json({ parts: held }));
    const send = gatewayOver(upstream);
    const id = await open(send, { ...INIT_BODY, total_size: 30_000 });
    const parts = Array.from({ length: 10_000 }, (_, index) => ({
      part_number: index + 1,
      etag: `"${'0'.repeat(32)}"`,
    }));
    assert.equal((await send('POST', `/chunked/${id}/complete`, { json: { parts } })).status, 200);
    for (const json of [{}, { parts: [{}] }, { parts: 'all' }]) {
      assert.deepEqual(await refusal(await send('POST', `/chunked/${id}/complete`, { json })), [400, 'bad-request']);
    }
  });
});

describe('what a chunked session has become', () => {
  const FOUND = 'GET /v1/workspaces/ws_1/files/f_9';
  const REMOVE = 'DELETE /v1/workspaces/ws_1/files/f_9';
  const found = (facts: object) => () => Response.json({ name: 'a.bin', size: 9, content_type: 'a/b', ...facts });
  const completed = async (upstream: ScriptedUpstream, json: unknown = MANIFEST) => {
    const stored: StoredFile[] = [];
    upstream.on(REMOVE, () => new Response(null, { status: 204 }));
    const send = gatewayOver(upstream, { onStored: (file) => ({ row: stored.push(file) }) });
    const response = await send('POST', `/chunked/${await open(send)}/complete`, { json });
    return { response, stored };
  };

  it('is refused when its parts do not make up the file, none among it', async () => {
    const part = (number: number, size: number) => ({ part_number: number, etag: 'abc', size });
    const twenty = Array.from({ length: 20 }, (_, index) => part(index + 1, 9));
    const cases: [object[], object[]][] = [
      [twenty, twenty],
      [[part(1, 5)], [part(1, 5)]],
      [[part(1, 9)], []],
      [
        [part(1, 5), part(2, 4)],
        [part(2, 4), part(1, 5)],
      ],
      [
        [part(1, 5), part(2, 4)],
        [part(1, 5), part(3, 4)],
      ],
    ];
    for (const [held, named] of cases) {
      const upstream = workingUpstream().on(`GET ${SESSION}`, () => Response.json({ parts: held }));
      const { response, stored } = await completed(upstream, { parts: named });
      assert.deepEqual(await refusal(response), [409, 'bad-request']);
      assert.deepEqual([upstream.asked(`POST ${SESSION}/complete`).length, stored], [0, []]);
    }
  });

  it('is told as the storage has it, and what the hook returns reaches the browser', async () => {
    const sha256 = 'AB'.repeat(32);
    const { response, stored } = await completed(workingUpstream().on(FOUND, found({ name: 'a (2).bin', sha256 })));
    assert.deepEqual((await response.json()).result, { row: 1 });
    const [{ name, size, type, digest } = {} as StoredFile] = stored;
    assert.deepEqual([name, size, type], ['a (2).bin', 9, 'a/b']);
    assert.deepEqual(digest, { algorithm: 'sha256', value: sha256.toLowerCase() });
  });

  it('is refused and removed when it is of another size or type than was announced', async () => {
    for (const facts of [{ size: 9_000_000_000 }, { content_type: 'text/html' }]) {
      const upstream = workingUpstream().on(FOUND, found(facts));
      const { response, stored } = await completed(upstream);
      assert.deepEqual(await refusal(response), [400, 'bad-request']);
      assert.deepEqual([upstream.asked(REMOVE).length, stored], [1, []]);
    }
  });

  it('passes where the storage tells no type, or one with parameters', async () => {
    for (const type of ['application/octet-stream', 'a/b; charset=utf-8', undefined]) {
      const { response } = await completed(workingUpstream().on(FOUND, found({ content_type: type })));
      assert.equal(response.status, 200);
    }
  });
});

describe('chunked cancel', () => {
  it('answers 204, also for a session that is gone', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const id = await open(send);
    for (const status of [204, 404, 410, 405, 501]) {
      upstream.on(`DELETE ${SESSION}`, () => new Response(null, { status }));
      assert.equal((await send('DELETE', `/chunked/${id}`)).status, 204);
    }
    assert.equal(upstream.asked(`DELETE ${SESSION}`).length, 5);
  });

  it('tells when the upstream failed', async () => {
    const upstream = workingUpstream().on(`DELETE ${SESSION}`, () => new Response(null, { status: 500 }));
    const send = gatewayOver(upstream);
    assert.deepEqual(await refusal(await send('DELETE', `/chunked/${await open(send)}`)), [502, 'upstream']);
  });
});

describe("another user's session", () => {
  const operations: [string, string, object][] = [
    ['PUT', '/parts', part()],
    ['GET', '', {}],
    ['POST', '/complete', { json: MANIFEST }],
    ['DELETE', '', {}],
  ];
  for (const [method, path, sent] of operations) {
    it(`cannot be touched by ${method} {id}${path}`, async () => {
      const upstream = workingUpstream();
      const send = gatewayOver(upstream);
      const id = await open(send);
      assert.deepEqual(await refusal(await send(method, `/chunked/${id}${path}`, { ...sent, user: 'bob' })), [
        403,
        'forbidden',
      ]);
      assert.deepEqual(await refusal(await send(method, `/chunked/${id}${path}`, { ...sent, user: null })), [
        401,
        'unauthorized',
      ]);
      assert.deepEqual(await refusal(await send(method, `/chunked/up_1${path}`, sent)), [404, 'not-found']);
      assert.equal(upstream.seen.length, 1);
    });
  }
});
