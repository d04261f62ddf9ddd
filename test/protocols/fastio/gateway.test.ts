/** The same protocol through the gateway, which relays it and chooses the target. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { EmulatorOptions } from '../../../src/emulator/index.js';
import type { EngineOptions } from '../../../src/preset.js';
import { createUploadHandler, type UploadHandlerOptions } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { type Bench, endsOf, fileOf, MiB, mostAtOnce, openBench, uploadAll, WORKSPACE } from './support/bench.js';

describe('fastio through the gateway', () => {
  let bench: Bench;
  let server: Server;
  let endpoint: string;

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
    endpoint = `http://127.0.0.1:${port}/api/uploads`;
    return openEngine();
  };

  const openEngine = (options: Partial<EngineOptions> = {}) =>
    bench.open({ endpoint, protocol: 'auto', workspaceId: '', headers: {}, ...options });

  for (const generation of ['stored', 'complete'] as const) {
    it(`stores every kind of size byte for byte and tells the hook of each file once, where sessions end at ${generation}`, async () => {
      const told: string[] = [];
      const engine = await openGateway({ generation }, { onStored: ({ name }) => void told.push(name) });
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
      await bench.assertStored(...files);
      assert.deepEqual(told.sort(), files.map(({ name }) => name).sort());
    });
  }

  for (const protocols of [['fastio'], ['presigned', 'chunked']] as const) {
    it(`stores three files of one name as three files by auto, where it offers ${protocols.join(' and ')}`, async () => {
      const engine = await openGateway({}, { protocols });
      const images = [10, 9 * MiB, 12].map((size) => fileOf('image.png', size));
      const uploads = await uploadAll(engine, images);
      assert.deepEqual([...new Set(uploads.map(({ protocol }) => protocol))].sort(), [...protocols].sort());
      await bench.assertApart(uploads, images);
    });
  }

  for (const protocol of ['fastio', 'presigned', 'chunked', 'form'] as const) {
    it(`has what the hook returned as the result of each upload, where it offers ${protocol}`, async () => {
      const onStored: UploadHandlerOptions['onStored'] = ({ name }) => ({ row: name });
      await openGateway({}, { protocols: [protocol], onStored });
      const path = protocol === 'fastio' ? '/current' : `/${protocol}`;
      const engine = openEngine({ protocol, endpoint: endpoint + path, confirmEndpoint: `${endpoint}/confirm` });
      const results: unknown[] = [];
      engine.addEventListener('upload-complete', ({ detail }) => void results.push(detail.result));
      const sent = [
        [fileOf('alone.bin', 5)],
        [fileOf('one.bin', 6), fileOf('two.bin', 7)],
        [fileOf('large.bin', 13 * MiB)],
      ];
      for (const files of sent) await uploadAll(engine, files);
      const rows = sent.flat().map(({ name }) => ({ row: name }));
      assert.deepEqual(
        engine.uploads.map(({ result }) => result),
        rows,
      );
      assert.deepEqual(
        new Set(results.map((result) => JSON.stringify(result))),
        new Set(rows.map((row) => JSON.stringify(row))),
      );
    });
  }

  it('sends 500 files of 20 kB in three batches', async () => {
    const engine = await openGateway();
    const files = Array.from({ length: 500 }, (_, index) => fileOf(`f${index}.bin`, 20_000, index + 1));
    await uploadAll(engine, files);
    assert.equal(bench.stored().size, 500);
    assert.equal(bench.count('POST upload/batch/'), 3);
  });

  it("fails at once where the scope of the gateway's key is too narrow", async () => {
    const keys = [{ key: 'narrow', userId: 'bot', scopes: ['workspace:1:rw'] }];
    const engine = await openGateway({ current: { keys } }, { apiKey: 'narrow' });
    const uploads = await uploadAll(engine, [fileOf('small.bin', 5), fileOf('large.bin', 5 * MiB)]);
    assert.deepEqual(endsOf(uploads), ['unauthorized', 'unauthorized']);
    assert.match(uploads[1]?.error?.message ?? '', /credential reaches less far/);
  });

  it('goes on after a lost answer to complete', async () => {
    const engine = await openGateway({
      faults: [{ match: { path: '/complete/$' }, times: 1, action: { type: 'drop-answer' } }],
    });
    const file = fileOf('a.bin', 5 * MiB);
    assert.deepEqual(endsOf(await uploadAll(engine, [file])), ['done']);
    await bench.assertStored(file);
  });

  it('keeps two users of one key within its ten requests a second', async () => {
    const rateLimit = { requests: 10, windowMs: 1000 };
    await openGateway({ current: { rateLimit } });
    const engines = ['a', 'b'].map((user) => ({ user, engine: openEngine({ partSize: MiB }) }));
    const all = await Promise.all(
      engines.map(({ user, engine }) =>
        uploadAll(engine, [
          fileOf(`${user}.bin`, 9 * MiB),
          ...Array.from({ length: 30 }, (_, index) => fileOf(`${user}-${index}.txt`, 100 + index)),
        ]),
      ),
    );
    assert.deepEqual([...new Set(all.flatMap(endsOf))], ['done']);
    assert.equal(bench.stored().size, 62);
    assert.deepEqual(bench.refused(), []);
  });

  it('never has more than three chunks of a session in flight', async () => {
    const slow = { match: { path: '/chunk/$' }, action: { type: 'delay', ms: 150 } } as const;
    const engine = await openGateway({ faults: [slow] });
    engine.configure({ partSize: MiB });
    await uploadAll(engine, [fileOf('a.bin', 8 * MiB), fileOf('b.bin', 9 * MiB)]);
    const sessions = bench.chunksBySession();
    assert.deepEqual(sessions.map(mostAtOnce), [3, 3]);
    assert.deepEqual(bench.refused(), []);
  });

  it('shows what the storage refuses', async () => {
    const engine = await openGateway({ plan: 'none' });
    const uploads = await uploadAll(engine, [fileOf('a.bin', 1), fileOf('b.bin', 2), fileOf('c.bin', 5 * MiB)]);
    assert.deepEqual(endsOf(uploads), ['payment-required', 'payment-required', 'payment-required']);
  });

  it('takes files of an accepted type, whatever their size, and none of another', async () => {
    const stored: [string, string][] = [];
    const engine = await openGateway(
      {},
      { limits: { accept: 'image/*' }, onStored: ({ name, type }) => void stored.push([name, type]) },
    );
    // The page's own check is left out, as by a client that speaks to the gateway without the element.
    engine.configure({ protocol: 'fastio', endpoint: `${endpoint}/current` });
    const typed = (name: string, size: number, type: string) => new File([fileOf(name, size)], name, { type });
    const uploads = await uploadAll(engine, [
      typed('small.jpg', 10, 'image/jpeg'),
      typed('large.jpg', 5 * MiB, 'image/jpeg'),
      typed('large.txt', 5 * MiB, 'text/plain'),
    ]);
    assert.deepEqual(
      uploads.map(({ error }) => error?.status),
      [undefined, undefined, 415],
    );
    assert.deepEqual(stored.sort(), [
      ['large.jpg', 'image/jpeg'],
      ['small.jpg', 'image/jpeg'],
    ]);
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
