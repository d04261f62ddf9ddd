import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusal, ScriptedUpstream } from '../../support/scripted-upstream.js';
import { asForm, CHUNK, chunk, currentUpstream, FILE, fastioOver, OPEN, openUp, SESSION } from './support.js';

describe('replacing a file', () => {
  const UPDATE = { ...FILE, action: 'update', file_id: 'node1' };
  const LOCK = '/current/workspace/ws_1/storage/node1/lock/';
  const authorize = () => ({ userId: 'ann', mayReplace: (fileId: string) => fileId === 'node1' });
  const lockable = () =>
    currentUpstream()
      .on(`POST ${LOCK}`, () => Response.json({ result: true, lock_token: 'tok1' }))
      .on(`POST ${LOCK}heartbeat/`, () => Response.json({ result: true }))
      .on(`DELETE ${LOCK}`, () => Response.json({ result: true }));

  it('needs a hook that allows it', async () => {
    const upstream = new ScriptedUpstream();
    const refused = await fastioOver(upstream)('POST', '/current/upload/', asForm(UPDATE));
    assert.deepEqual(await refusal(refused), [403, 'forbidden']);
    const other = asForm({ ...UPDATE, file_id: 'node2' });
    const send = fastioOver(upstream, { authorize });
    assert.deepEqual(await refusal(await send('POST', '/current/upload/', other)), [403, 'forbidden']);
    assert.equal(upstream.seen.length, 0);
  });

  it('locks it from the opening of the session until it is stored, with a heartbeat', async () => {
    const upstream = lockable();
    const send = fastioOver(upstream, { authorize });
    const id = await openUp(send, UPDATE);
    await send('POST', `/current/upload/${id}/chunk/${CHUNK}`, chunk());
    await send('GET', `/current/upload/${id}/details/`);
    assert.deepEqual(
      upstream.seen
        .filter(({ path }) => path.startsWith(LOCK))
        .map(({ method, path, query }) => `${method} ${path}${query}`),
      [`POST ${LOCK}`, `POST ${LOCK}heartbeat/`, `DELETE ${LOCK}lock_token=tok1`],
    );
    assert.equal(new URLSearchParams(upstream.asked(OPEN)[0]?.text).get('file_id'), 'node1');
  });

  it('releases it when the session cannot be opened', async () => {
    const upstream = lockable().on(OPEN, () => new Response('{}', { status: 500 }));
    await fastioOver(upstream, { authorize })('POST', '/current/upload/', asForm(UPDATE));
    assert.equal(upstream.asked(`DELETE ${LOCK}`).length, 1);
  });

  const held = () => Response.json({ result: false, error: { code: 1 } }, { status: 409 });
  const beats = (upstream: ScriptedUpstream) => upstream.asked(`POST ${LOCK}heartbeat/`).length;
  const releases = (upstream: ScriptedUpstream) => upstream.asked(`DELETE ${LOCK}`).length;

  it('ends the session and releases the file when the browser has left before its answer', async () => {
    const page = new AbortController();
    const upstream = lockable().on(OPEN, () => {
      page.abort();
      return Response.json({ result: true, id: 'up1' });
    });
    const send = fastioOver(upstream, { authorize });
    await send('POST', '/current/upload/', { ...asForm(UPDATE), signal: page.signal }).catch(() => {});
    assert.deepEqual([upstream.asked(`DELETE ${SESSION}`).length, releases(upstream)], [1, 1]);
  });

  it('learns the token though the browser has left, so that it can be given back', async () => {
    const page = new AbortController();
    const upstream = lockable().on(`POST ${LOCK}`, () => {
      page.abort();
      return Response.json({ result: true, lock_token: 'tok1' });
    });
    const send = fastioOver(upstream, { authorize });
    await send('POST', '/current/upload/', { ...asForm(UPDATE), signal: page.signal }).catch(() => {});
    assert.deepEqual([upstream.asked(OPEN).length, releases(upstream)], [0, 1]);
  });

  it('lets a user in again who did not hear of the first session, and no other user', async () => {
    const upstream = lockable().on(`GET ${LOCK}`, () => Response.json({ result: true }));
    const send = fastioOver(upstream, {
      authorize: (request) => ({ ...authorize(), userId: request.headers.get('x-user') ?? '' }),
    });
    await openUp(send, UPDATE);
    upstream.on(`POST ${LOCK}`, held);
    const again = await openUp(send, UPDATE);
    await send('GET', `/current/upload/${again}/details/`);
    assert.equal(upstream.asked(`DELETE ${LOCK}`)[0]?.query, 'lock_token=tok1');
    const other = await send('POST', '/current/upload/', { ...asForm(UPDATE), user: 'bob' });
    assert.deepEqual(await refusal(other), [423, 'locked']);
    upstream.on(`POST ${LOCK}heartbeat/`, held);
    assert.equal((await send('POST', '/current/upload/', asForm(UPDATE))).status, 423);
  });

  for (const [method, path] of [
    ['POST', `chunk/${CHUNK}`],
    ['POST', 'complete/'],
    ['GET', 'details/'],
  ] as const) {
    it(`keeps the lock with ${method} ${path}, and tries again when that failed`, async () => {
      const upstream = lockable()
        .on(`POST ${LOCK}heartbeat/`, () => new Response('{}', { status: 503 }))
        .on(`GET ${SESSION}details/`, () => Response.json({ result: true, session: { status: 'uploading' } }));
      const send = fastioOver(upstream, { authorize });
      const target = `/current/upload/${await openUp(send, UPDATE)}/${path}`;
      const statusOf = async () => (await send(method, target, method === 'POST' ? chunk() : {})).status;
      assert.deepEqual([await statusOf(), beats(upstream)], [200, 1]);
      upstream.on(`POST ${LOCK}heartbeat/`, () => Response.json({ result: true }));
      for (let turn = 0; turn < 3; turn++) assert.equal(await statusOf(), 200);
      assert.equal(beats(upstream), 2);
    });
  }

  it('stops an upload whose file another user has locked by now, until it is being put together', async () => {
    const upstream = lockable()
      .on(`POST ${LOCK}heartbeat/`, held)
      .on(`GET ${LOCK}`, () => Response.json({ result: true, lock_info: { expires_at: 1_700_000_000 } }))
      .on(`GET ${SESSION}details/`, () => Response.json({ result: true, session: { status: 'assembling' } }));
    const send = fastioOver(upstream, { authorize });
    const target = `/current/upload/${await openUp(send, UPDATE)}/`;
    assert.deepEqual(await refusal(await send('POST', `${target}chunk/${CHUNK}`, chunk())), [423, 'locked']);
    assert.deepEqual(await refusal(await send('POST', `${target}complete/`)), [423, 'locked']);
    assert.equal((await send('GET', `${target}details/`)).status, 200);
    assert.equal(upstream.asked(`POST ${SESSION}chunk/`).length, 0);
    assert.equal(upstream.asked(`POST ${SESSION}complete/`).length, 0);
  });

  it('goes on without a lock that ran out and that no other user took', async () => {
    const upstream = lockable().on(`POST ${LOCK}heartbeat/`, () => new Response('{}', { status: 404 }));
    const send = fastioOver(upstream, { authorize });
    const target = `/current/upload/${await openUp(send, UPDATE)}/chunk/${CHUNK}`;
    assert.equal((await send('POST', target, chunk())).status, 200);
  });

  it('releases again what the storage did not release', async () => {
    const upstream = lockable().on(`DELETE ${LOCK}`, () => new Response('{}', { status: 503 }));
    const send = fastioOver(upstream, { authorize });
    const target = `/current/upload/${await openUp(send, UPDATE)}/`;
    await send('GET', `${target}details/`);
    upstream.on(`DELETE ${LOCK}`, () => new Response('{}', { status: 404 }));
    for (let turn = 0; turn < 2; turn++) await send('GET', `${target}details/`);
    await send('DELETE', target);
    assert.equal(releases(upstream), 2);
  });

  it('says until when another user holds it, and not who', async () => {
    const holder = { locked: true, lock_info: { holder: 'Eve', expires_at: 1_700_000_000 } };
    const upstream = lockable()
      .on(`POST ${LOCK}`, () => Response.json({ result: false, error: { code: 1 } }, { status: 409 }))
      .on(`GET ${LOCK}`, () => Response.json({ result: true, ...holder }));
    const response = await fastioOver(upstream, { authorize })('POST', '/current/upload/', asForm(UPDATE));
    assert.equal(response.status, 423);
    const message = 'the file is locked by another user';
    assert.deepEqual(await response.json(), {
      error: { code: 'locked', message, lock_info: { expires_at: 1_700_000_000 } },
    });
    assert.equal(upstream.asked(OPEN).length, 0);
  });
});
