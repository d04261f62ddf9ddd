/** The size of chunks must not show in the emulator's memory, however many come at once. */

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytesOf, MiB } from '../emulator/api-client.js';
import { CurrentClient } from '../emulator/current/current-client.js';

/** What buffers and the collector's leisure may differ by; chunks kept in memory would show as 240 MiB. */
const MAX_GROWTH = 64 * MiB;

const block = bytesOf(MiB);
const HEAD = '--b\r\nContent-Disposition: form-data; name="chunk"; filename="c"\r\n\r\n';
const TAIL = '\r\n--b--\r\n';

/** Highest resident memory that the process ever had, in bytes. */
const peakOf = (pid: number): number => {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
};

/** Repeats the block; the sender waits for the socket, so it keeps nothing either. */
const sendChunk = async (url: string, size: number): Promise<number> => {
  const sending = request(url, {
    method: 'POST',
    headers: {
      authorization: 'Bearer key',
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': String(HEAD.length + size + TAIL.length),
    },
  });
  const answered = once(sending, 'response');
  sending.write(HEAD);
  for (let sent = 0; sent < size; sent += block.length) {
    if (!sending.write(block)) await once(sending, 'drain');
  }
  sending.end(TAIL);
  const [answer] = await answered;
  answer.resume();
  return answer.statusCode;
};

describe('memory of the current API', { skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  let child: ChildProcess;
  let api: CurrentClient;
  let pid: number;

  before(async () => {
    const emulator = fileURLToPath(new URL('../emulator/emulator-process.ts', import.meta.url));
    child = fork(emulator, { execArgv: ['--import', 'tsx'] });
    const [started] = await once(child, 'message');
    pid = started.pid;
    api = new CurrentClient(started.url, 'key');
  });

  after(async () => {
    child.disconnect();
    await once(child, 'exit');
  });

  const store = async (name: string, chunkSize: number): Promise<void> => {
    const id = await api.open(3 * chunkSize, { name });
    const path = `${api.url}/current/upload/${id}/chunk/?size=${chunkSize}&order=`;
    const statuses = await Promise.all([1, 2, 3].map((order) => sendChunk(path + order, chunkSize)));
    assert.deepEqual(statuses, [200, 200, 200]);
    assert.equal((await api.complete(id)).status, 200);
    await api.settled(id);
  };

  it('does not grow with three large chunks in flight, nor with their assembly', async () => {
    await store('small', 4 * MiB);
    const before = peakOf(pid);
    await store('large', 80 * MiB);
    const growth = peakOf(pid) - before;
    assert.ok(growth < MAX_GROWTH, `grew by ${Math.round(growth / MiB)} MiB`);
  });
});
