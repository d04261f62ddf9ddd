/** The same protocol through the gateway, which relays it and chooses the target. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { EmulatorOptions } from '../../../src/emulator/index.js';
import { createUploadHandler, type UploadHandlerOptions } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import {
  type Bench,
  endsOf,
  fileOf,
  MiB,
  openBench,
  sha256Of,
  storedIn,
  uploadAll,
  WORKSPACE,
} from './support/bench.js';

describe('fastio through the gateway', () => {
  let bench: Bench;
  let server: Server;

  afterEach(async () => {
    await bench.close();
    server.closeAllConnections();
    server.close();
  });

  const openGateway = async (options: EmulatorOptions = {}, changes: Partial<UploadHandlerOptions> = {}) => {
    bench = await openBench(options);
    const handler = createUploadHandler({
      apiKey: bench.emulator.apiKey,
      workspaceId: WORKSPACE,
      upstream: bench.emulator.url,
      authorize: () => ({ userId: 'ann' }),
      ticketSecret: 'a secret that is long enough to be one',
      protocols: ['fastio'],
      ...changes,
    });
    server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return bench.open({
      endpoint: `http://127.0.0.1:${port}/api/uploads`,
      protocol: 'auto',
      workspaceId: '',
      headers: {},
    });
  };

  it('stores a folder of every kind of size byte for byte', async () => {
    const engine = await openGateway();
    const files = [
      fileOf('empty.bin', 0),
      fileOf('below.bin', 4 * MiB - 1),
      fileOf('exact.bin', 4 * MiB),
      fileOf('large.bin', 13 * MiB + 5),
    ];
    const uploads = await uploadAll(engine, files);
    assert.deepEqual(
      uploads.map(({ state, protocol, error }) => error?.message ?? `${state} by ${protocol}`),
      files.map(() => 'done by fastio'),
    );
    for (const file of files) assert.equal(storedIn(bench).get(file.name), await sha256Of(file), file.name);
  });

  it('sends 500 files of 20 kB in three batches', async () => {
    const engine = await openGateway();
    const files = Array.from({ length: 500 }, (_, index) => fileOf(`f${index}.bin`, 20_000, index + 1));
    await uploadAll(engine, files);
    assert.equal(storedIn(bench).size, 500);
    assert.equal(bench.count('POST upload/batch/'), 3);
  });

  it('goes on after a lost answer to complete', async () => {
    const engine = await openGateway({
      faults: [{ match: { path: '/complete/$' }, times: 1, action: { type: 'drop-answer' } }],
    });
    const file = fileOf('a.bin', 5 * MiB);
    assert.deepEqual(endsOf(await uploadAll(engine, [file])), ['done']);
    assert.equal(storedIn(bench).get('a.bin'), await sha256Of(file));
  });

  it('shows what the storage refuses', async () => {
    const engine = await openGateway({ plan: 'none' });
    const uploads = await uploadAll(engine, [fileOf('a.bin', 1), fileOf('b.bin', 2), fileOf('c.bin', 5 * MiB)]);
    assert.deepEqual(endsOf(uploads), ['payment-required', 'payment-required', 'payment-required']);
  });

  it('says that the file to be replaced is locked, and until when', async () => {
    const mayReplace = () => true;
    const engine = await openGateway({}, { authorize: () => ({ userId: 'ann', mayReplace }) });
    const [first] = await uploadAll(engine, [fileOf('a.bin', 10)]);
    await fetch(`${bench.emulator.url}/current/workspace/${WORKSPACE}/storage/${first?.fileId}/lock/`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${bench.emulator.apiKey}` },
      body: new URLSearchParams({ duration: '60' }),
    });
    engine.configure({ metadata: { fastioFileId: first?.fileId } });
    for (const size of [5 * MiB, 0]) {
      const { error } = (await uploadAll(engine, [fileOf(`${size}.bin`, size)])).at(-1) ?? {};
      assert.deepEqual([error?.code, error?.holder], ['locked', undefined]);
      assert.ok((error?.lockedUntil ?? 0) > Date.now());
    }
  });
});
