import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signalled } from '../../support/loopback.js';
import { refusal } from '../../support/scripted-upstream.js';
import { CHUNK, chunk, currentUpstream, fastioOver, NODE, OPEN, openUp, SESSION } from './support.js';

const REMOVE = 'DELETE /current/workspace/ws_1/storage/node1/delete/';

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

  it('refuse and remove a stored file of another size than was announced', async () => {
    const stored: object[] = [];
    const node = { id: 'node1', type: 'file', name: 'a.bin', size: 9_000_000_000 };
    const upstream = currentUpstream()
      .on(NODE, () => Response.json({ result: true, node }))
      .on(REMOVE, () => Response.json({ result: true }));
    const send = fastioOver(upstream, { onStored: (file) => void stored.push(file) });
    const details = await send('GET', `/current/upload/${await openUp(send)}/details/`);
    assert.deepEqual(await refusal(details), [400, 'bad-request']);
    assert.deepEqual([stored, upstream.asked(REMOVE).length], [[], 1]);
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

  it('tell the hook again when it came to nothing', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const begun = signalled();
    let calls = 0;
    const onStored = () => {
      begun.resolve();
      return ++calls === 1 ? new Promise<void>(() => {}) : undefined;
    };
    const send = fastioOver(currentUpstream(), { onStored });
    const id = await openUp(send);
    void send('GET', `/current/upload/${id}/details/`);
    await begun.promise;
    context.mock.timers.tick(60_000);
    for (let turn = 0; turn < 2; turn++) {
      assert.equal((await send('GET', `/current/upload/${id}/details/`)).status, 200);
    }
    assert.equal(calls, 2);
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
