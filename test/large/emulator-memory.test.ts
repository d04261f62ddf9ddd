/** The size of a file must not show in the emulator's memory. */

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApiClient, bytesOf, jsonOf, MiB, md5 } from '../emulator/api-client.js';

const SMALL = 16 * MiB;
const LARGE = 256 * MiB;
/** What buffers and the collector's leisure may differ by; a file kept in memory would show as 240 MiB. */
const MAX_GROWTH = 64 * MiB;

const block = bytesOf(MiB);

/** Repeats the block; the sender waits for the socket, so it keeps nothing either. */
const putLarge = async (url: string, size: number): Promise<number> => {
  const headers = { 'content-type': 'application/x-test', 'content-length': String(size) };
  const put = request(url, { method: 'PUT', headers });
  const answered = once(put, 'response');
  for (let sent = 0; sent < size; sent += block.length) {
    if (!put.write(block)) await once(put, 'drain');
  }
  put.end();
  const [answer] = await answered;
  answer.resume();
  return answer.statusCode;
};

const digestOf = (size: number): string => {
  const hash = createHash('sha256');
  for (let hashed = 0; hashed < size; hashed += block.length) hash.update(block);
  return hash.digest('hex');
};

/** Highest resident memory that the process ever had, in bytes. */
const peakOf = (pid: number): number => {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
};

const LARGE_DIGEST = digestOf(LARGE);

describe('memory of the emulator', { skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  let child: ChildProcess;
  let api: ApiClient;
  let pid: number;

  before(async () => {
    child = fork(fileURLToPath(new URL('../emulator/emulator-process.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
    });
    const [started] = await once(child, 'message');
    pid = started.pid;
    api = new ApiClient({ url: started.url, apiKey: 'key', faults: () => {} });
  });

  after(async () => {
    child.disconnect();
    await once(child, 'exit');
  });

  const lastStored = async () => (await jsonOf(await fetch(`${api.url}/emulator/files`))).at(-1);

  const storeGranted = async (size: number): Promise<void> => {
    const { url } = await api.mint({ size });
    assert.equal(await putLarge(url, size), 200);
  };

  const storeInParts = async (size: number): Promise<void> => {
    const part = new Uint8Array(8 * MiB);
    for (let offset = 0; offset < part.length; offset += block.length) part.set(block, offset);
    const count = size / part.length;
    const id = await api.init(size);
    for (let number = 1; number <= count; number += 1) await api.putPart(id, number, part);
    const etag = md5(part);
    assert.equal((await api.complete(id, Array<string>(count).fill(etag))).status, 200);
  };

  const download = async (): Promise<void> => {
    const { fileId } = await lastStored();
    const hash = createHash('sha256');
    const { body } = await fetch(`${api.url}/emulator/files/${fileId}`);
    for await (const chunk of body ?? []) hash.update(chunk);
    assert.equal(hash.digest('hex'), LARGE_DIGEST);
  };

  it('does not grow with a presigned file, a chunked one, or a download', async () => {
    await storeGranted(SMALL);
    await storeInParts(SMALL);
    const before = peakOf(pid);
    await storeGranted(LARGE);
    assert.equal((await lastStored()).sha256, LARGE_DIGEST);
    await storeInParts(LARGE);
    assert.equal((await lastStored()).sha256, LARGE_DIGEST);
    await download();
    const growth = peakOf(pid) - before;
    assert.ok(growth < MAX_GROWTH, `grew by ${Math.round(growth / MiB)} MiB`);
  });
});
