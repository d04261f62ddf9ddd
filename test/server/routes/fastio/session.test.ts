import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatewayNotice, StoredFile } from '../../../../src/server/index.js';
import { gatewayOver, refusal, ScriptedUpstream } from '../../support/scripted-upstream.js';
import { asForm, asMultipart, currentUpstream, FILE, fastioOver, formOf, OPEN, openUp, SESSION } from './support.js';

const CHUNK = '?order=1&size=5';
const chunk = (text = '12345') => asMultipart({}, { chunk: new Blob([text]) });

describe('fastio in the capabilities', () => {
  it('is there when the options name it', async () => {
    const offer = await (await fastioOver(currentUpstream())('GET', '')).json();
    assert.deepEqual([offer.protocols, offer.urls], [['fastio'], { fastio: '/api/uploads/current' }]);
  });

  it('does not answer when they do not', async () => {
    const send = fastioOver(currentUpstream(), { protocols: ['chunked'] });
    assert.deepEqual(await refusal(await send('POST', '/current/upload/', asForm(FILE))), [404, 'not-found']);
  });

  it('comes with a notice that metadata is dropped', () => {
    const notices: GatewayNotice[] = [];
    const onNotice = (notice: GatewayNotice) => void notices.push(notice);
    fastioOver(currentUpstream(), { onNotice });
    gatewayOver(currentUpstream(), { onNotice });
    fastioOver(currentUpstream(), { onNotice, protocols: ['chunked'] });
    assert.deepEqual(
      notices.map(({ code }) => code),
      ['metadata-dropped', 'metadata-dropped'],
    );
  });
});

describe('fastio limits', () => {
  it('are those of the place that the gateway chose, with its own on top, and asked once', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream, { limits: { maxFileSize: 500 } });
    const path = '/current/upload/limits/?action=create&instance_id=evil';
    const answers = await Promise.all([send('GET', path), send('GET', path)]);
    assert.deepEqual(await answers[0]?.json(), { result: true, chunk_size: 100e6, size: 500, chunks: 35 });
    assert.equal(upstream.seen.length, 1);
    assert.equal(upstream.seen[0]?.query, 'action=create&instance_id=ws_1&folder_id=root');
  });

  it('include the digests that the storage checks', async () => {
    const response = await fastioOver(currentUpstream())('GET', '/current/upload/algos/');
    assert.deepEqual(await response.json(), { result: true, algos: ['sha256', 'crc32c'] });
  });
});

describe('fastio open', () => {
  it('puts the file where the gateway says, under a clean name, and drops every other field', async () => {
    const upstream = currentUpstream();
    const response = await fastioOver(upstream)(
      'POST',
      '/current/upload/',
      asForm({
        ...FILE,
        name: '../../etc/pass\0wd',
        relative_path: '../a/./b/',
        instance_id: 'evil',
        folder_id: 'evil',
        profile_type: 'share',
        if_version_id: '1',
        stream: 'true',
        hash: 'e3069283',
        hash_algo: 'crc32c',
      }),
    );
    const { result, id } = await response.json();
    assert.equal(result, true);
    assert.match(id, /^[\w-]+\.[\w-]+$/);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(upstream.asked(OPEN)[0]?.text)), {
      name: '.._.._etc_passwd',
      size: '9',
      action: 'create',
      instance_id: 'ws_1',
      folder_id: 'root',
      profile_type: 'workspace',
      relative_path: 'a/b/',
      hash: 'e3069283',
      hash_algo: 'crc32c',
    });
  });

  it('stores a small file whole, streamed into a form of our own', async () => {
    const stored: StoredFile[] = [];
    const upstream = currentUpstream().on(OPEN, () => Response.json({ result: true, id: 'up1', new_file_id: 'node1' }));
    const send = fastioOver(upstream, { onStored: (file) => void stored.push(file) });
    const file = new Blob(['123456789'], { type: 'image/png' });
    const sent = asMultipart({ ...FILE, instance_id: 'evil' }, { chunk: file });
    const answer = await (await send('POST', '/current/upload/', sent)).json();
    assert.equal(answer.new_file_id, 'node1');
    assert.notEqual(answer.id, 'up1');
    const [asked] = upstream.asked(OPEN);
    assert.ok(asked);
    assert.deepEqual(await formOf(asked), {
      ...FILE,
      instance_id: 'ws_1',
      folder_id: 'root',
      profile_type: 'workspace',
      chunk: 'file:123456789',
    });
    assert.deepEqual(stored, [
      {
        fileId: 'node1',
        userId: 'ann',
        workspaceId: 'ws_1',
        folderId: 'root',
        name: 'a.bin',
        size: 9,
        type: 'image/png',
        protocol: 'fastio',
      },
    ]);
  });

  it('takes an empty file', async () => {
    const sent = asMultipart({ ...FILE, size: '0' }, { chunk: new Blob([]) });
    assert.equal((await fastioOver(currentUpstream())('POST', '/current/upload/', sent)).status, 200);
  });

  it('does not believe a size', async () => {
    const send = fastioOver(currentUpstream());
    const post = async (size: string, text: string) =>
      refusal(await send('POST', '/current/upload/', asMultipart({ ...FILE, size }, { chunk: new Blob([text]) })));
    assert.deepEqual(await post('3', '1234'), [413, 'too-large']);
    assert.deepEqual(await post('5', '1234'), [400, 'bad-request']);
    assert.deepEqual(await post('4194305', '1'), [413, 'too-large']);
  });

  it('holds the limits', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream, { limits: { maxFileSize: 8, accept: 'image/*,.txt' } });
    const post = async (sent: object) => refusal(await send('POST', '/current/upload/', sent));
    assert.deepEqual(await post(asForm({ ...FILE, name: 'a.txt' })), [413, 'too-large']);
    assert.deepEqual(await post(asForm({ ...FILE, size: '8' })), [415, 'type-not-allowed']);
    assert.deepEqual(await post(asMultipart({ ...FILE, size: '1' }, { chunk: new Blob(['1'], { type: 'a/b' }) })), [
      415,
      'type-not-allowed',
    ]);
    assert.equal(upstream.seen.length, 0);
    const typed = asForm({ ...FILE, size: '8', type: 'image/png' });
    assert.equal((await send('POST', '/current/upload/', typed)).status, 200);
  });

  it('takes no more fields than it can keep, however they are called', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream);
    const post = async (names: string[]) => {
      const fields = Object.fromEntries(names.map((name) => [name, '']));
      return send('POST', '/current/upload/', asMultipart({ ...fields, ...FILE }, { chunk: new Blob(['123456789']) }));
    };
    const called = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}${index}`);
    assert.deepEqual(await refusal(await post(called(10, 'n'.repeat(8000)))), [413, 'too-large']);
    assert.deepEqual(await refusal(await post(called(2000, ''))), [413, 'too-large']);
    assert.equal(upstream.seen.length, 0);
    assert.equal((await post(called(100, 'other'))).status, 200);
  });

  it('refuses fields that make no sense', async () => {
    const send = fastioOver(currentUpstream());
    const wrong = [{ size: 'x' }, { name: '' }, { size: '-1' }, { hash: 'zz', hash_algo: 'md5' }, { hash: 'e3069283' }];
    for (const fields of [...wrong, { action: 'erase' }, { action: 'update' }]) {
      const response = await send('POST', '/current/upload/', asForm({ ...FILE, ...fields }));
      assert.deepEqual(await refusal(response), [400, 'bad-request'], JSON.stringify(fields));
    }
  });
});

describe('fastio chunk', () => {
  it('relays the bytes under fields of the query, and the pace back', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream);
    const query = `${CHUNK}&hash=e3069283&hash_algo=crc32c&file_crc32c=e3069283&instance_id=evil`;
    const response = await send('POST', `/current/upload/${await openUp(send)}/chunk/${query}`, chunk());
    assert.deepEqual(await response.json(), { result: true, order: 1, size: 5 });
    assert.equal(response.headers.get('x-ve-limit-avail'), '7');
    const [asked] = upstream.asked(`POST ${SESSION}chunk/`);
    assert.ok(asked);
    assert.equal(asked.query, 'order=1&size=5&hash=e3069283&hash_algo=crc32c&file_crc32c=e3069283');
    assert.deepEqual(await formOf(asked), { chunk: 'file:12345' });
    assert.equal(asked.headers.get('content-length'), String(asked.text.length));
  });

  it('finds the fields in the form as well, as the guides have them', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream);
    const sent = asMultipart({ order: '2', size: '5', instance_id: 'evil' }, { chunk: new Blob(['12345']) });
    assert.equal((await send('POST', `/current/upload/${await openUp(send)}/chunk/`, sent)).status, 200);
    assert.equal(upstream.asked(`POST ${SESSION}chunk/`)[0]?.query, 'order=2&size=5');
  });

  it('does not believe a size', async () => {
    const send = fastioOver(currentUpstream());
    const path = `/current/upload/${await openUp(send)}/chunk/`;
    const put = async (query: string, text: string) => refusal(await send('POST', `${path}${query}`, chunk(text)));
    assert.deepEqual(await put('?order=1&size=5', '123456'), [413, 'too-large']);
    assert.deepEqual(await put('?order=1&size=5', '1234'), [400, 'bad-request']);
    assert.deepEqual(await put('?order=1&size=10', '1234567890'), [413, 'too-large']);
    assert.deepEqual(await put('?order=0&size=5', '12345'), [400, 'bad-request']);
    assert.deepEqual(await put('?order=1&size=5&file_crc32c=X', '12345'), [400, 'bad-request']);
  });

  it('refuses a body that is no form, or holds another file', async () => {
    const send = fastioOver(currentUpstream());
    const path = `/current/upload/${await openUp(send)}/chunk/${CHUNK}`;
    assert.deepEqual(await refusal(await send('POST', path, { body: '12345' })), [400, 'bad-request']);
    const other = asMultipart({}, { other: new Blob(['12345']) });
    assert.deepEqual(await refusal(await send('POST', path, other)), [400, 'bad-request']);
  });

  const failures: [number, object, [number, string, number | undefined]][] = [
    [406, { code: 10522 }, [400, 'bad-request', 10522]],
    [406, { code: 10778 }, [400, 'bad-request', 10778]],
    [409, { code: '10779' }, [400, 'bad-request', 10779]],
    [402, { code: 1688 }, [402, 'upstream', undefined]],
    [200, { code: 1688 }, [402, 'upstream', undefined]],
    [200, { code: 199001 }, [400, 'bad-request', undefined]],
    [403, { code: 10767 }, [502, 'upstream', 10767]],
    [403, { code: 10770 }, [502, 'upstream', 10770]],
    [401, { code: 10545 }, [502, 'upstream', 10545]],
    [401, { code: 115069 }, [502, 'upstream', 115069]],
    [403, { code: 10771 }, [502, 'upstream', undefined]],
    [401, { code: 10011 }, [502, 'upstream', undefined]],
    [404, { code: 9992 }, [501, 'upstream', undefined]],
    [404, {}, [404, 'not-found', undefined]],
    [429, { code: 1671 }, [429, 'rate-limited', undefined]],
    [500, {}, [502, 'upstream', undefined]],
  ];
  for (const [status, error, expected] of failures) {
    it(`answers ${expected.join(' ')} when the upstream answers ${status} ${JSON.stringify(error)}`, async () => {
      const upstream = currentUpstream().on(`POST ${SESSION}chunk/`, () =>
        Response.json({ result: 'no', error: { ...error, text: 'key sk_live' } }, { status }),
      );
      const send = fastioOver(upstream);
      const response = await send('POST', `/current/upload/${await openUp(send)}/chunk/${CHUNK}`, chunk());
      const body = await response.json();
      assert.deepEqual([response.status, body.error.code, body.error.error_code], expected);
      assert.doesNotMatch(JSON.stringify(body), /sk_live/);
    });
  }

  it('tells which chunks the upstream has', async () => {
    const send = fastioOver(currentUpstream());
    const response = await send('GET', `/current/upload/${await openUp(send)}/chunk/`);
    assert.deepEqual(await response.json(), { result: true, chunks: { 1: 5 } });
  });
});

describe('fastio details', () => {
  it('say what the upstream says, under the id that the browser knows, and hold no longer than proxies do', async () => {
    const upstream = currentUpstream({ status: 'assembling', chunks: { 1: 5 }, owner: 'secret' });
    const send = fastioOver(upstream);
    const id = await openUp(send);
    const response = await send('GET', `/current/upload/${id}/details/?wait=500`);
    assert.deepEqual(await response.json(), {
      result: true,
      session: { id, status: 'assembling', status_message: '', chunks: { 1: 5 } },
    });
    assert.equal(upstream.asked(`GET ${SESSION}details/`)[0]?.query, 'wait=25');
  });

  it('tell the hook of a stored file, once', async () => {
    const stored: string[] = [];
    const send = fastioOver(currentUpstream(), {
      onStored: ({ fileId, name }) => void stored.push(`${fileId} ${name}`),
    });
    const id = await openUp(send);
    for (let turn = 0; turn < 3; turn++) await send('GET', `/current/upload/${id}/details/`);
    assert.deepEqual(stored, ['node1 a.bin']);
  });

  it('tell the hook again of a file that another session stored anew', async () => {
    let stored = 0;
    let sessions = 0;
    const upstream = currentUpstream()
      .on(OPEN, () => Response.json({ result: true, id: `up${++sessions}` }))
      .on('GET /current/upload/up2/details/', () =>
        Response.json({ result: true, session: { status: 'stored', new_file_id: 'node1' } }),
      );
    const send = fastioOver(upstream, { onStored: () => void stored++ });
    for (let turn = 0; turn < 2; turn++) await send('GET', `/current/upload/${await openUp(send)}/details/`);
    assert.equal(stored, 2);
  });

  it('tell the hook again when it failed', async () => {
    let calls = 0;
    const onStored = () => {
      if (++calls === 1) throw new Error('no database');
    };
    const send = fastioOver(currentUpstream(), { onStored });
    const id = await openUp(send);
    assert.equal((await send('GET', `/current/upload/${id}/details/`)).status, 500);
    assert.equal((await send('GET', `/current/upload/${id}/details/`)).status, 200);
  });
});

describe('a fastio session of another user', () => {
  const calls: [string, string][] = [
    ['POST', `chunk/${CHUNK}`],
    ['GET', 'chunk/'],
    ['GET', 'details/'],
    ['POST', 'complete/'],
    ['DELETE', ''],
  ];
  for (const [method, path] of calls) {
    it(`cannot be reached by ${method} ${path}`, async () => {
      const upstream = currentUpstream();
      const send = fastioOver(upstream);
      const target = `/current/upload/${await openUp(send)}/${path}`;
      const sent = method === 'POST' ? chunk() : {};
      assert.deepEqual(await refusal(await send(method, target, { ...sent, user: 'bob' })), [403, 'forbidden']);
      assert.equal(upstream.seen.length, 1);
      assert.equal((await send(method, target, sent)).status, 200);
    });
  }

  it('cannot be reached by its bare id, nor a chunked one by this ticket', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream, { protocols: ['fastio', 'chunked'] });
    assert.deepEqual(await refusal(await send('GET', '/current/upload/up1/details/')), [404, 'not-found']);
    const id = await openUp(send);
    assert.deepEqual(await refusal(await send('GET', `/chunked/${id}`)), [404, 'not-found']);
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
    it(`reaches nobody: ${method} ${path}`, async () => {
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

describe('rateLimit', () => {
  it('answers 429 with how long to wait, for the user that it names', async () => {
    const send = fastioOver(currentUpstream(), { rateLimit: (userId) => (userId === 'ann' ? 2.5 : null) });
    const response = await send('POST', '/current/upload/', asForm(FILE));
    assert.equal(response.headers.get('retry-after'), '3');
    assert.deepEqual(await refusal(response), [429, 'rate-limited']);
    assert.equal((await send('POST', '/current/upload/', { ...asForm(FILE), user: 'bob' })).status, 200);
  });
});
