/** Clients that leave in the middle. What they held of the gateway's has to be free again, for all share one isolate. */

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Runtime } from './runtime.js';
import type { Started } from './takes-a-folder.js';

const MiB = 2 ** 20;
const OPEN = { method: 'POST', path: '^/current/upload/$' };
const FIELDS = { name: 'a.bin', size: String(5 * MiB), action: 'create' };

/** Sends the whole request. What is answered resets the connection: workerd takes one that is half closed for alive. */
const sendAndLeave = async (url: string, body: URLSearchParams | FormData): Promise<() => void> => {
  const form = new Request(url, { method: 'POST', body });
  const bytes = Buffer.from(await form.arrayBuffer());
  const headers = { 'Content-Type': form.headers.get('content-type') ?? '', 'Content-Length': bytes.length };
  const sent = request(url, { method: 'POST', agent: false, headers });
  sent.on('error', () => {});
  await new Promise<void>((resolve) => sent.end(bytes, resolve));
  return () => void sent.socket?.resetAndDestroy();
};

export const outlivesLeavingClients = <R extends Runtime>(started: () => Started<R>): void => {
  const api = () => `${started().runtime.url}/api/uploads/current/upload/`;
  const open = (): Promise<Response> => fetch(api(), { method: 'POST', body: new URLSearchParams(FIELDS) });
  const statuses = async (count: number) =>
    Promise.all(Array.from({ length: count }, async () => (await open()).status));

  /** One opening is refused, which makes the gateway wait and send less at once. */
  const refuseOne = async (seconds: number): Promise<void> => {
    const headers = { 'Retry-After': String(seconds) };
    started().storage.faults([{ match: OPEN, times: 1, action: { type: 'status', status: 429, headers } }]);
    assert.equal((await open()).status, 429);
  };

  it('goes on after clients that left while they waited for their turn', async () => {
    await refuseOne(3);
    const leavers = await Promise.all([1, 2, 3].map(() => sendAndLeave(api(), new URLSearchParams(FIELDS))));
    // An answer that needs no turn: what was sent before it has arrived as well.
    assert.equal((await fetch(`${started().runtime.url}/api/uploads`)).status, 200);
    for (const leave of leavers) leave();
    assert.deepEqual(await statuses(3), [200, 200, 200]);
  });

  it('goes on after clients that left in the middle of a chunk', async () => {
    const { storage } = started();
    storage.faults([{ match: { path: '/chunk/$' }, action: { type: 'swallow' } }]);
    /** Whole: who leaves before fails the reading of the body, which is heard of in any case. */
    const arrived = () => storage.log().filter(({ path, bytes }) => path.endsWith('/chunk/') && bytes > MiB).length;
    for (let count = 0; count < 6; count++) {
      const { id } = await (await open()).json();
      const form = new FormData();
      form.append('chunk', new Blob([new Uint8Array(MiB)]), 'chunk.bin');
      const before = arrived();
      const leave = await sendAndLeave(`${api()}${id}/chunk/?order=1&size=${MiB}`, form);
      while (arrived() === before) await delay(20);
      leave();
    }
    await refuseOne(1);
    assert.deepEqual(await statuses(3), [200, 200, 200]);
  });
};
