/** Both generations of the `/current/` API, over real requests. */

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RunningEmulator } from '../../../../src/emulator/index.js';
import type { StoredFile } from '../../../../src/server/index.js';
import { asMultipart, currentUpstream, fastioOver, OPEN, openUp } from '../../routes/fastio/support.js';
import { realStorage } from '../../support/real-storage.js';
import { type Send, WORKSPACE } from '../../support/scripted-upstream.js';

const SIZE = 5;

interface Sent {
  readonly name?: string;
  readonly relativePath?: string;
}

/** Opens a session, sends its only chunk and completes it. Answers its ticket. */
const sendText = async (send: Send, text: string, fields: Readonly<Record<string, string>>): Promise<string> => {
  const body = new URLSearchParams({ size: String(SIZE), ...fields });
  const { id } = await (await send('POST', '/current/upload/', { body })).json();
  const form = new FormData();
  form.append('chunk', new Blob([text]), 'chunk');
  const chunk = await send('POST', `/current/upload/${id}/chunk/?order=1&size=${SIZE}`, { body: form });
  assert.equal(chunk.status, 200, await chunk.text());
  const complete = await send('POST', `/current/upload/${id}/complete/`);
  assert.equal(complete.status, 200, await complete.text());
  return id;
};

const sendInChunks = (send: Send, { name = 'a.txt', relativePath = '' }: Sent = {}): Promise<string> =>
  sendText(send, '12345', { name, ...(relativePath && { relative_path: relativePath }) });

const replaceInChunks = (send: Send, fileId: string): Promise<string> =>
  sendText(send, '67890', { name: 'a.txt', action: 'update', file_id: fileId });

const isLocked = async ({ url, apiKey }: RunningEmulator, fileId: string): Promise<boolean> => {
  const node = `${url}/current/workspace/${WORKSPACE}/storage/${fileId}/details/`;
  const details = await fetch(node, { headers: { Authorization: `Bearer ${apiKey}` } });
  return (await details.json()).node.locked;
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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
      const fileId = emulator.files()[0]?.fileId ?? '';
      await untilStored(send, await replaceInChunks(send, fileId));
      assert.equal(await isLocked(emulator, fileId), false);
    });
  }

  it('that never tells its id releases the lock of the file that it replaces, of which the hook hears anew', async (context) => {
    const { emulator, gateway } = await realStorage(context, {
      generation: 'complete',
      current: { tellsNodes: false },
    });
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const stored: string[] = [];
    const send = gateway({
      authorize: () => ({ userId: 'ann', mayReplace: () => true }),
      onStored: ({ fileId }) => void stored.push(fileId),
    });
    const settle = async (id: string) => {
      assert.equal((await detailsOf(send, id)).status, 'complete');
      context.mock.timers.tick(15_000);
      for (let turn = 0; turn < 2; turn++) assert.equal((await detailsOf(send, id)).status, 'stored');
    };
    const first = await sendInChunks(send);
    while (emulator.files().length === 0) await nextTurn();
    await settle(first);
    const [before] = emulator.files();
    const fileId = before?.fileId ?? '';
    const second = await replaceInChunks(send, fileId);
    assert.equal(await isLocked(emulator, fileId), true);
    // A file that is being replaced is missing for a moment.
    const isReplaced = () => emulator.files().some(({ sha256 }) => sha256 !== before?.sha256);
    while (!isReplaced()) await nextTurn();

    await settle(second);

    assert.equal(await isLocked(emulator, fileId), false);
    assert.deepEqual(stored, [fileId, fileId]);
  });

  it('that never tells its id is looked for in its folder, and becomes a file once', async (context) => {
    const { emulator, send, stored } = await setUp(context, { generation: 'complete', current: { tellsNodes: false } });
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const id = await sendInChunks(send, { relativePath: 'x/y/' });
    while (emulator.files().length === 0) await nextTurn();
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

  it('that a page without scripts filled is asked again at once after each new status', async (context) => {
    // No time passes, so that a pause would never end.
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { body } = asMultipart({}, { file: new Blob(['12345']) });
    const sessions = [
      { status: 'assembling' },
      { status: 'storing' },
      { status: 'complete', new_file_id: null },
      { status: 'stored', new_file_id: 'node1' },
    ];
    const upstream = currentUpstream()
      .on('POST /current/upload/up1/stream/', () => Response.json({ result: true }))
      .on('GET /current/upload/up1/details/', () => Response.json({ result: true, session: sessions.shift() }));

    const answer = await fastioOver(upstream, { protocols: ['form'] })('POST', '/form', { body });

    assert.equal(answer.status, 200, await answer.clone().text());
    assert.equal((await answer.json()).fileId, 'node1');
  });

  it('that a page without scripts filled is asked again after a pause where no answer is held back', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() });
    const { body } = asMultipart({}, { file: new Blob(['12345']) });
    const route = 'GET /current/upload/up1/details/';
    const upstream = currentUpstream({ status: 'storing' }).on('POST /current/upload/up1/stream/', () =>
      Response.json({ result: true }),
    );
    const answer = fastioOver(upstream, { protocols: ['form'] })('POST', '/form', { body });
    const asked = () => upstream.asked(route).length;
    while (asked() < 2) await nextTurn();
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    assert.equal(asked(), 2);

    context.mock.timers.tick(499);
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    assert.equal(asked(), 2);
    upstream.on(route, () => Response.json({ result: true, session: { status: 'stored', new_file_id: 'node1' } }));
    context.mock.timers.tick(1);
    assert.equal((await (await answer).json()).fileId, 'node1');
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
