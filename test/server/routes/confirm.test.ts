import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredFile, UploadHandlerOptions } from '../../../src/server/index.js';
import { gatewayOver, MINT, refusal, type ScriptedUpstream, workingUpstream } from '../support/scripted-upstream.js';

const FILE = { filename: 'a.txt', contentType: 'text/plain', size: 3, relativePath: 'x/a.txt' };
const CONFIRM = { fileId: 'f_1', filename: 'a.txt', size: 3, contentType: 'text/plain' };
const RECORD = 'GET /v1/workspaces/ws_1/files/f_1';

/** The upstream has the file, with the metadata that came with the mint. */
const storing = (upstream: ScriptedUpstream, size = 3): ScriptedUpstream =>
  upstream.on(RECORD, () => {
    const { metadata } = upstream.asked(MINT)[0]?.json ?? {};
    return Response.json({ fileId: 'f_1', name: 'a.txt', size, content_type: 'text/plain', metadata });
  });

const absent = () => Response.json({ error: { code: 'file-not-found' } }, { status: 404 });

const setUp = async (options: Partial<UploadHandlerOptions> = {}, upstream = storing(workingUpstream())) => {
  const stored: StoredFile[] = [];
  const send = gatewayOver(upstream, { onStored: (file) => void stored.push(file), ...options });
  await send('POST', '/presigned', { json: FILE });
  return { upstream, stored, send, confirm: (user = 'ann') => send('POST', '/confirm', { json: CONFIRM, user }) };
};

describe('confirm', () => {
  it('answers that the file is stored, and tells the hook what it knows', async () => {
    const { confirm, stored } = await setUp();
    const response = await confirm();
    assert.deepEqual([response.status, await response.json()], [200, { fileId: 'f_1', stored: true }]);
    assert.deepEqual(stored, [
      {
        fileId: 'f_1',
        userId: 'ann',
        workspaceId: 'ws_1',
        folderId: 'root',
        name: 'a.txt',
        size: 3,
        type: 'text/plain',
        relativePath: 'x/a.txt',
        protocol: 'presigned',
      },
    ]);
  });

  it('calls the hook once, however often and at the same time it is asked', async () => {
    const { confirm, stored } = await setUp();
    const responses = [...(await Promise.all([confirm(), confirm(), confirm()])), await confirm()];
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 200, 200],
    );
    assert.equal(stored.length, 1);
  });

  it('calls the hook again after it has thrown', async () => {
    let calls = 0;
    const onStored = async () => {
      if (++calls === 1) throw new Error('the database is down');
    };
    const { confirm } = await setUp({ onStored });
    assert.deepEqual(await refusal(await confirm()), [500, 'internal']);
    assert.equal((await confirm()).status, 200);
    assert.equal(calls, 2);
  });

  it('refuses a file of another user', async () => {
    const { confirm, stored } = await setUp();
    assert.deepEqual(await refusal(await confirm('bob')), [403, 'forbidden']);
    assert.equal(stored.length, 0);
  });

  it('answers 404 until the file is stored', async () => {
    const { confirm, upstream, stored } = await setUp();
    upstream.on(RECORD, absent);
    assert.deepEqual(await refusal(await confirm()), [404, 'not-found']);
    storing(upstream);
    assert.equal((await confirm()).status, 200);
    assert.equal(stored.length, 1);
  });

  it('refuses a stored file of another size than declared', async () => {
    const { confirm, stored } = await setUp({}, storing(workingUpstream(), 4));
    assert.deepEqual(await refusal(await confirm()), [400, 'bad-request']);
    assert.equal(stored.length, 0);
  });

  it('knows the owner on another instance by the mark that the upstream keeps', async () => {
    const { upstream } = await setUp();
    const stored: StoredFile[] = [];
    const send = gatewayOver(upstream, { onStored: (file) => void stored.push(file) });
    assert.equal((await send('POST', '/confirm', { json: CONFIRM, user: 'bob' })).status, 403);
    assert.equal((await send('POST', '/confirm', { json: CONFIRM })).status, 200);
    assert.deepEqual(
      stored.map(({ userId, name, size }) => [userId, name, size]),
      [['ann', 'a.txt', 3]],
    );
  });

  it('checks the declared size on another instance too', async () => {
    const { upstream } = await setUp({}, storing(workingUpstream(), 4));
    assert.equal((await gatewayOver(upstream)('POST', '/confirm', { json: CONFIRM })).status, 400);
  });

  it('takes its own grant for proof where the upstream cannot tell, and nothing else', async () => {
    for (const status of [404, 405, 501]) {
      const upstream = workingUpstream().on(RECORD, () => new Response('no such route', { status }));
      const { confirm } = await setUp({}, upstream);
      assert.equal((await confirm()).status, 200);
      const elsewhere = await gatewayOver(upstream)('POST', '/confirm', { json: CONFIRM });
      assert.deepEqual(await refusal(elsewhere), [404, 'not-found']);
    }
  });

  it('does not take over a file that no gateway has marked', async () => {
    const upstream = workingUpstream().on(RECORD, () => Response.json({ fileId: 'f_1', name: 'a', size: 3 }));
    assert.equal((await gatewayOver(upstream)('POST', '/confirm', { json: CONFIRM })).status, 404);
  });

  it('lets no file id leave its place in the upstream URL', async () => {
    const upstream = workingUpstream().on('GET /v1/workspaces/ws_1/files/..%2F..%2Fkeys%3Fa', absent);
    const send = gatewayOver(upstream);
    for (const fileId of ['..', '.', '\ud800', 'a\udc00b', '../../keys?a']) {
      assert.equal((await send('POST', '/confirm', { json: { ...CONFIRM, fileId } })).status, 404);
    }
    assert.deepEqual(
      upstream.seen.map(({ path }) => path),
      ['/v1/workspaces/ws_1/files/..%2F..%2Fkeys%3Fa'],
    );
  });

  it('needs a file id', async () => {
    const { send } = await setUp();
    assert.deepEqual(await refusal(await send('POST', '/confirm', { json: { size: 3 } })), [400, 'bad-request']);
  });
});
