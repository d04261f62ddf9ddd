import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredFile, UploadHandlerOptions } from '../../../src/server/index.js';
import {
  GRANT_URL,
  gatewayOver,
  MINT,
  refusal,
  type ScriptedUpstream,
  type Send,
  workingUpstream,
} from '../support/scripted-upstream.js';

const FILE = { filename: 'a.txt', contentType: 'text/plain', size: 3, relativePath: 'x/a.txt' };
const CONFIRM = { filename: 'a.txt', size: 3, contentType: 'text/plain' };
const RECORD = 'GET /v1/workspaces/ws_1/files/f_1';

const REMOVE = 'DELETE /v1/workspaces/ws_1/files/f_1';

/** The upstream has the file. */
const storing = (upstream: ScriptedUpstream, facts: object = {}): ScriptedUpstream =>
  upstream
    .on(RECORD, () => Response.json({ fileId: 'f_1', name: 'a.txt', size: 3, content_type: 'text/plain', ...facts }))
    .on(REMOVE, () => new Response(null, { status: 204 }));

const absent = () => Response.json({ error: { code: 'file-not-found' } }, { status: 404 });

const setUp = async (options: Partial<UploadHandlerOptions> = {}, upstream = storing(workingUpstream())) => {
  const stored: StoredFile[] = [];
  const send = gatewayOver(upstream, { onStored: (file) => void stored.push(file), ...options });
  const { fileId } = await (await send('POST', '/presigned', { json: FILE })).json();
  const confirmation = { json: { ...CONFIRM, fileId } };
  const confirm = (user = 'ann', to: Send = send) => to('POST', '/confirm', { ...confirmation, user });
  return { upstream, stored, send, confirm };
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

  it('answers the same to the file of another user, to a forged ticket and to none', async () => {
    const { confirm, send, stored } = await setUp();
    const answers = [await confirm('bob')];
    for (const fileId of ['f_1', 'a.b', 'a.b.c']) {
      answers.push(await send('POST', '/confirm', { json: { ...CONFIRM, fileId } }));
    }
    const [first, ...others] = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
    assert.deepEqual(first, [404, '{"error":{"code":"not-found","message":"there is no such file in storage"}}']);
    for (const other of others) assert.deepEqual(other, first);
    assert.equal(stored.length, 0);
  });

  it('passes on what the hook returned, to a repeated request too', async () => {
    const { confirm } = await setUp({ onStored: async ({ fileId }) => ({ row: `row of ${fileId}` }) });
    for (let turn = 0; turn < 2; turn++) {
      assert.deepEqual(await (await confirm()).json(), { fileId: 'f_1', stored: true, result: { row: 'row of f_1' } });
    }
  });

  it('answers 404 until the file is stored', async () => {
    const { confirm, upstream, stored } = await setUp();
    upstream.on(RECORD, absent);
    assert.deepEqual(await refusal(await confirm()), [404, 'not-found']);
    storing(upstream);
    assert.equal((await confirm()).status, 200);
    assert.equal(stored.length, 1);
  });

  it('refuses a stored file of another size or type than declared, and removes it', async () => {
    for (const facts of [{ size: 4 }, { size: 9_000_000_000 }, { content_type: 'text/html' }]) {
      const { confirm, stored, upstream } = await setUp({}, storing(workingUpstream(), facts));
      assert.deepEqual(await refusal(await confirm()), [400, 'bad-request']);
      assert.deepEqual([stored.length, upstream.asked(REMOVE).length], [0, 1]);
    }
  });

  it('works on another instance that shares nothing but the secret, and knows the owner and the size there', async () => {
    const { upstream, confirm } = await setUp();
    const stored: StoredFile[] = [];
    const elsewhere = gatewayOver(upstream, { onStored: (file) => void stored.push(file) });
    assert.equal((await confirm('bob', elsewhere)).status, 404);
    assert.equal((await confirm('ann', elsewhere)).status, 200);
    assert.deepEqual(
      stored.map(({ userId, name, size, relativePath }) => [userId, name, size, relativePath]),
      [['ann', 'a.txt', 3, 'x/a.txt']],
    );
    storing(upstream, { size: 4 });
    assert.equal((await confirm('ann', gatewayOver(upstream))).status, 400);
  });

  it('takes its own grant for proof where the upstream cannot tell', async () => {
    for (const status of [404, 405, 501]) {
      const upstream = workingUpstream().on(RECORD, () => new Response('no such route', { status }));
      const { confirm } = await setUp({}, upstream);
      assert.equal((await confirm()).status, 200);
      assert.equal((await confirm('ann', gatewayOver(upstream))).status, 200);
    }
  });

  it('is refused once the hook names another place, or narrower limits', async () => {
    const { upstream, confirm } = await setUp();
    const under = (answer: object) =>
      confirm('ann', gatewayOver(upstream, { authorize: () => ({ userId: 'ann', ...answer }) }));
    assert.deepEqual(await refusal(await under({ workspaceId: 'ws_2' })), [404, 'not-found']);
    assert.deepEqual(await refusal(await under({ folderId: 'fo_2' })), [404, 'not-found']);
    assert.deepEqual(await refusal(await under({ limits: { maxFileSize: 2 } })), [413, 'too-large']);
    assert.deepEqual(await refusal(await under({ limits: { accept: 'image/*' } })), [415, 'type-not-allowed']);
  });

  it('lets no file id leave its place in the upstream URL', async () => {
    for (const fileId of ['..', '.', '../../keys?a']) {
      const upstream = workingUpstream()
        .on(MINT, () => Response.json({ url: GRANT_URL, fileId }))
        .on('GET /v1/workspaces/ws_1/files/..%2F..%2Fkeys%3Fa', absent);
      const { confirm } = await setUp({}, upstream);
      assert.equal((await confirm()).status, 404);
    }
  });

  it('needs a file id', async () => {
    const { send } = await setUp();
    assert.deepEqual(await refusal(await send('POST', '/confirm', { json: { size: 3 } })), [400, 'bad-request']);
  });
});
