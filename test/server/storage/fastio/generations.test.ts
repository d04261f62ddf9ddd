/** Both generations of the `/current/` API, over real requests. */

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { StoredFile } from '../../../../src/server/index.js';
import { asMultipart, currentUpstream, fastioOver, OPEN, openUp } from '../../routes/fastio/support.js';
import { realStorage } from '../../support/real-storage.js';
import type { Send } from '../../support/scripted-upstream.js';

const SIZE = 5;

interface Sent {
  readonly name?: string;
  readonly relativePath?: string;
}

/** Opens a session, sends its only chunk and completes it. Answers its ticket. */
const sendInChunks = async (send: Send, { name = 'a.txt', relativePath = '' }: Sent = {}): Promise<string> => {
  const fields = new URLSearchParams({
    name,
    size: String(SIZE),
    ...(relativePath && { relative_path: relativePath }),
  });
  const { id } = await (await send('POST', '/current/upload/', { body: fields })).json();
  const form = new FormData();
  form.append('chunk', new Blob(['12345']), 'chunk');
  const chunk = await send('POST', `/current/upload/${id}/chunk/?order=1&size=${SIZE}`, { body: form });
  assert.equal(chunk.status, 200, await chunk.text());
  const complete = await send('POST', `/current/upload/${id}/complete/`);
  assert.equal(complete.status, 200, await complete.text());
  return id;
};

const detailsOf = async (send: Send, id: string, wait = 0) => {
  const response = await send('GET', `/current/upload/${id}/details/?wait=${wait}`);
  assert.equal(response.status, 200);
  return (await response.json()).session;
};

/** What the details say once they say that the file is stored. */
const untilStored = async (send: Send, id: string) => {
  for (let turn = 0; turn < 50; turn++) {
    const session = await detailsOf(send, id, 1);
    if (session.status === 'stored') return session;
  }
  throw new Error('never stored');
};

const setUp = async (context: TestContext, options: Parameters<typeof realStorage>[1]) => {
  const { emulator, gateway } = await realStorage(context, options);
  const stored: StoredFile[] = [];
  const send = gateway({ onStored: (file) => ({ row: stored.push(file) }) });
  return { emulator, send, stored };
};

describe('a session of Fast.io', () => {
  for (const generation of ['stored', 'complete'] as const) {
    it(`that ends at ${generation} becomes a file, of which the hook hears once`, async (context) => {
      const { emulator, send, stored } = await setUp(context, { generation });
      const id = await sendInChunks(send);
      const session = await untilStored(send, id);
      assert.deepEqual(await untilStored(send, id), session);
      const [file] = emulator.files();
      assert.deepEqual([session.new_file_id, session.result], [file?.fileId, { row: 1 }]);
      assert.deepEqual(
        stored.map(({ fileId, name, size, digest }) => [fileId, name, size, digest?.value]),
        [[file?.fileId, 'a.txt', SIZE, file?.sha256]],
      );
    });

    it(`that ends at ${generation} releases the lock of the file that it replaces`, async (context) => {
      const { emulator, gateway } = await realStorage(context, { generation });
      const send = gateway({ authorize: () => ({ userId: 'ann', mayReplace: () => true }) });
      await untilStored(send, await sendInChunks(send));
      const [file] = emulator.files();
      const fields = { name: 'a.txt', size: String(SIZE), action: 'update', file_id: file?.fileId ?? '' };
      const { id } = await (await send('POST', '/current/upload/', { body: new URLSearchParams(fields) })).json();
      const form = new FormData();
      form.append('chunk', new Blob(['67890']), 'chunk');
      await send('POST', `/current/upload/${id}/chunk/?order=1&size=${SIZE}`, { body: form });
      await send('POST', `/current/upload/${id}/complete/`);
      await untilStored(send, id);
      const node = `${emulator.url}/current/workspace/ws_1/storage/${file?.fileId}/details/`;
      const details = await fetch(node, { headers: { Authorization: `Bearer ${emulator.apiKey}` } });
      assert.equal((await details.json()).node.locked, false);
    });
  }

  it('that never tells its id is looked for in its folder, and becomes a file once', async (context) => {
    const { emulator, send, stored } = await setUp(context, { generation: 'complete', current: { tellsNodes: false } });
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const id = await sendInChunks(send, { relativePath: 'x/y/' });
    while (emulator.files().length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await detailsOf(send, id)).status, 'complete');
    context.mock.timers.tick(15_000);
    for (let turn = 0; turn < 2; turn++) {
      const session = await detailsOf(send, id);
      assert.deepEqual([session.status, session.new_file_id], ['stored', emulator.files()[0]?.fileId]);
    }
    assert.equal(stored.length, 1);
  });

  it('that never tells its id is looked for as well when a page without scripts sent the file', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-11-30T12:00:00Z') });
    const { body } = asMultipart({}, { file: new Blob(['12345']) });
    const nodes = (modified: string) => [{ id: 'node1', type: 'file', name: 'file.x', size: 5, modified }];
    const lists = ['2026-11-30T11:59:59Z', '2026-11-30T12:00:01Z'].map(nodes);
    const upstream = currentUpstream()
      .on('POST /current/upload/up1/stream/', () => Response.json({ result: true }))
      .on('GET /current/upload/up1/details/', () => {
        context.mock.timers.tick(6_000);
        return Response.json({ result: true, session: { status: 'complete', new_file_id: null } });
      })
      .on('GET /current/workspace/ws_1/storage/root/list/', () =>
        Response.json({ result: true, nodes: lists.shift() ?? [] }),
      );

    const answer = await fastioOver(upstream, { protocols: ['form'] })('POST', '/form', { body });

    assert.equal(answer.status, 200, await answer.clone().text());
    assert.equal((await answer.json()).fileId, 'node1');
    assert.equal(lists.length, 0);
  });

  it('that never tells its id is not taken for an older file of its name, nor for one of another size', async (context) => {
    const openedAt = Date.parse('2026-11-30T12:00:00Z');
    context.mock.timers.enable({ apis: ['Date'], now: openedAt });
    const date = { Date: new Date(openedAt).toUTCString() };
    const node = { id: 'node1', type: 'file', name: 'a.bin', size: 9, modified: '2026-11-30T12:00:03Z' };
    const upstream = currentUpstream({ status: 'complete' }).on(OPEN, () =>
      Response.json({ result: true, id: 'up1' }, { headers: date }),
    );
    const send = fastioOver(upstream);
    const id = await openUp(send);
    await detailsOf(send, id);
    context.mock.timers.tick(15_000);
    const found = async (facts: object) => {
      const nodes = [
        { id: 'x', type: 'file', name: 'other.bin', size: 9 },
        { ...node, ...facts },
      ];
      upstream.on('GET /current/workspace/ws_1/storage/root/list/', () => Response.json({ result: true, nodes }));
      return (await detailsOf(send, id)).new_file_id;
    };
    assert.equal(await found({ modified: '2026-11-30T11:59:59Z' }), undefined);
    assert.equal(await found({ size: 8 }), undefined);
    assert.equal(await found({ modified: null }), undefined);
    assert.equal(await found({ type: 'folder' }), undefined);
    assert.equal(await found({}), 'node1');
  });
});
