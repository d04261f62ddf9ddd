/** Against the real server of the tus project, and a server of our own for the extensions that it lacks. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { UploadEngine, type UploadEngineOptions, type UploadSnapshot } from '../../src/preset.js';
import { MemoryStore } from '../../src/stores/memory-store.js';
import { EventLog, fileOf as makeFile } from '../support/builders.js';
import { clockWithoutUndo } from '../support/clock-without-undo.js';
import { FakeLockManager } from '../support/fake-ports.js';
import { makeScratchFolder, removeScratchFolder } from '../support/scratch-folder.js';
import { type OwnServer, type RealServer, startOwnServer, startRealServer } from './tus/tus-servers.js';

const MiB = 2 ** 20;

const NOISE = randomBytes(4 * MiB + 7);

/** Bytes that differ from place to place, made quickly. */
const bytesOf = (size: number): Buffer<ArrayBuffer> =>
  Buffer.concat(Array.from({ length: Math.ceil(size / NOISE.length) }, () => NOISE)).subarray(
    0,
    size,
  ) as Buffer<ArrayBuffer>;

const fileOf = (name: string, size: number): File => makeFile(name, new Uint8Array(bytesOf(size)));

const engineFor = (options: Partial<UploadEngineOptions>, store = new MemoryStore()): UploadEngine =>
  new UploadEngine(
    { protocol: 'tus', ...options },
    { store, locks: new FakeLockManager().tab(), clock: clockWithoutUndo },
  );

const ended = (engine: UploadEngine): Promise<UploadSnapshot> =>
  new Promise((resolve) => {
    const onEnd = ({ detail }: CustomEvent<{ readonly upload: UploadSnapshot }>) => resolve(detail.upload);
    engine.addEventListener('upload-complete', onEnd);
    engine.addEventListener('upload-failed', onEnd);
  });

const upload = async (engine: UploadEngine, file: File): Promise<UploadSnapshot> => {
  const end = ended(engine);
  engine.addFiles([file]);
  return end;
};

describe('tus with @tus/server', () => {
  let folder: string;
  let server: RealServer;

  beforeEach(async () => {
    folder = await makeScratchFolder('tus');
    server = await startRealServer(folder);
  });

  afterEach(async () => {
    server.close();
    await removeScratchFolder(folder);
  });

  const stored = ({ fileId }: UploadSnapshot): Buffer => readFileSync(join(folder, String(fileId)));

  it('stores a file that is sent in several requests, with its metadata', async () => {
    const size = 33 * MiB;
    const done = await upload(engineFor({ endpoint: server.url, metadata: { album: 'ä' } }), fileOf('ö.bin', size));

    assert.equal(done.state, 'done');
    assert.ok(stored(done).equals(bytesOf(size)));
    const info = JSON.parse(readFileSync(join(folder, `${done.fileId}.json`), 'utf8'));
    assert.deepEqual(info.metadata, { filename: 'ö.bin', filetype: 'application/x-test', album: 'ä' });
  });

  it('sends a small file with the request that creates it', async () => {
    const done = await upload(engineFor({ endpoint: server.url }), fileOf('a.bin', 1000));

    assert.ok(stored(done).equals(bytesOf(1000)));
    assert.deepEqual(
      server.requests.map(({ method }) => method),
      ['OPTIONS', 'POST'],
    );
  });

  it('stores an empty file', async () => {
    const done = await upload(engineFor({ endpoint: server.url }), fileOf('empty.bin', 0));

    assert.deepEqual([done.state, stored(done).length], ['done', 0]);
  });

  it('goes on inside a part where connections were cut, and sends no byte before the offset again', async () => {
    const size = 8 * MiB;
    server.cuts.push(MiB, 2 * MiB, 3 * MiB);
    const engine = engineFor({ endpoint: server.url });
    const events = new EventLog(engine);
    const done = await upload(engine, fileOf('a.bin', size));

    assert.ok(stored(done).equals(bytesOf(size)));
    assert.equal(server.received, size);
    const confirmed = events.of('upload-progress').map((detail) => detail.upload.confirmedBytes);
    assert.ok(confirmed.includes(MiB), 'an offset inside the part counts');
  });

  for (const status of [409, 423]) {
    it(`asks again when a PATCH is answered ${status}`, async () => {
      server.refusals.push(status, status);
      const done = await upload(engineFor({ endpoint: server.url }), fileOf('a.bin', 2 * MiB));

      assert.ok(stored(done).equals(bytesOf(2 * MiB)));
    });
  }

  it('never sends checksum and concatenation to a server that lacks them', async () => {
    await upload(engineFor({ endpoint: server.url, checksums: true }), fileOf('a.bin', 20 * MiB));

    const names = new Set(server.requests.flatMap(({ headers }) => Object.keys(headers)));
    assert.deepEqual([names.has('upload-checksum'), names.has('upload-concat')], [false, false]);
  });

  it('goes on in a later page from the offset of the server', async () => {
    const size = 40 * MiB;
    const store = new MemoryStore();
    const first = engineFor({ endpoint: server.url }, store);
    const paused = new Promise<void>((resolve) => {
      first.addEventListener('part-complete', () => first.pause());
      first.addEventListener('upload-state', ({ detail }) => detail.upload.state === 'paused' && resolve());
    });
    first.addFiles([fileOf('a.bin', size)]);
    await paused;
    const { received } = server;
    const scope = `${server.url} `;
    while ((await store.load(scope))[0]?.receipts.length !== 1) await new Promise((resolve) => setImmediate(resolve));
    assert.match(JSON.stringify((await store.load(scope))[0]?.session), /^{"path":"\w+"}$/);

    const second = engineFor({ endpoint: server.url }, store);
    const end = ended(second);
    const [restored] = await second.restore();
    await second.reattach(String(restored?.id), fileOf('a.bin', size));
    second.resume();
    const done = await end;

    assert.ok(stored(done).equals(bytesOf(size)));
    assert.ok(received >= 16 * MiB && server.received <= size + 16 * MiB, `${received} of ${server.received}`);
  });

  it('cuts the parts that the page asks for, also smaller ones than it would choose', async () => {
    const size = 20 * MiB;
    const done = await upload(engineFor({ endpoint: server.url, partSize: 6 * MiB }), fileOf('a.bin', size));

    assert.ok(stored(done).equals(bytesOf(size)));
    const patches = server.requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers);
    assert.deepEqual(
      patches.map((headers) => [Number(headers['upload-offset']) / MiB, Number(headers['content-length']) / MiB]),
      [
        [0, 6],
        [6, 6],
        [12, 6],
        [18, 2],
      ],
    );
  });

  it('begins anew when the server has forgotten the upload', async () => {
    server.refusals.push(410);
    const engine = engineFor({ endpoint: server.url });
    const events = new EventLog(engine);
    const done = await upload(engine, fileOf('a.bin', 2 * MiB));

    assert.ok(stored(done).equals(bytesOf(2 * MiB)));
    assert.deepEqual(
      events.of('upload-retry').map(({ error }) => error.code),
      ['session-lost'],
    );
  });

  it('continues what tus-js-client has begun', async (context) => {
    const size = 3 * MiB;
    const file = fileOf('a.bin', size);
    const begun = await fetch(server.url, {
      method: 'POST',
      headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': String(size) },
    });
    const uploadUrl = String(begun.headers.get('location'));
    await fetch(uploadUrl, {
      method: 'PATCH',
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
      },
      body: bytesOf(size).subarray(0, MiB),
    });
    const key = `tus::tus-br-a.bin-${file.type}-${size}-${file.lastModified}-${server.url}::123`;
    const entries: Record<string, unknown> = { [key]: JSON.stringify({ size, metadata: {}, uploadUrl }) };
    Object.defineProperties(entries, {
      getItem: { value: (name: string) => entries[name] ?? null },
      removeItem: { value: (name: string) => delete entries[name] },
    });
    Object.defineProperty(globalThis, 'localStorage', { value: entries, configurable: true });
    context.after(() => Reflect.deleteProperty(globalThis, 'localStorage'));
    const { received } = server;

    const done = await upload(engineFor({ endpoint: server.url }), file);

    assert.ok(stored(done).equals(bytesOf(size)));
    assert.deepEqual([server.received - received, Object.keys(entries)], [2 * MiB, []]);
  });
});

describe('tus with extensions', () => {
  let server: OwnServer;

  afterEach(() => server.close());

  const stored = ({ fileId }: UploadSnapshot): Buffer =>
    server.uploads.get(`/files/${fileId}`)?.bytes ?? Buffer.alloc(0);

  it('sends parts side by side as uploads of their own, and puts them together', async () => {
    server = await startOwnServer('creation,concatenation,termination');
    const size = 20 * MiB;
    const done = await upload(engineFor({ endpoint: server.url, partSize: 5 * MiB }), fileOf('a.bin', size));

    assert.ok(stored(done).equals(bytesOf(size)));
    const concats = server.requests.flatMap(({ headers }) => headers['upload-concat'] ?? []);
    assert.equal(concats.filter((value) => value === 'partial').length, 4);
    assert.match(String(concats.at(-1)), /^final;(\/files\/\d+ ?){4}$/);
    const final = server.requests.at(-1)?.headers;
    assert.deepEqual([final?.['upload-length'], typeof final?.['upload-metadata']], [undefined, 'string']);
  });

  /** Of two slices, of which the server has the first `bytes` each, as tus-js-client records them. */
  const beginSlices = async (file: File, bytes: number): Promise<string[]> => {
    const half = Math.floor(file.size / 2);
    const urls: string[] = [];
    for (const [start, end] of [
      [0, half],
      [half, file.size],
    ] as const) {
      const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Concat': 'partial', 'Upload-Length': String(end - start) };
      const begun = await fetch(server.url, { method: 'POST', headers });
      const url = new URL(String(begun.headers.get('location')), server.url).href;
      const body = bytesOf(file.size).subarray(start, start + bytes);
      await fetch(url, { method: 'PATCH', headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0' }, body });
      urls.push(url);
    }
    return urls;
  };

  const recordSlices = (file: File, parallelUploadUrls: readonly string[]): Record<string, unknown> => {
    const { name, type, size, lastModified } = file;
    const key = `tus::tus-br-${name}-${type}-${size}-${lastModified}-${server.url}::123`;
    const entries: Record<string, unknown> = { [key]: JSON.stringify({ size, metadata: {}, parallelUploadUrls }) };
    Object.defineProperties(entries, {
      getItem: { value: (entry: string) => entries[entry] ?? null },
      removeItem: { value: (entry: string) => delete entries[entry] },
    });
    Object.defineProperty(globalThis, 'localStorage', { value: entries, configurable: true });
    return entries;
  };

  const patched = (): string[] =>
    server.requests
      .filter(({ method }) => method === 'PATCH')
      .map(({ path, headers }) => `${path} ${Number(headers['upload-offset'])}+${Number(headers['content-length'])}`);

  it('finishes what tus-js-client has begun in several slices, and sends no byte again', async (context) => {
    server = await startOwnServer('creation,concatenation,termination');
    // Not divisible: the last slice is longer than the others.
    const file = fileOf('a.bin', 12 * MiB + 1);
    const entries = recordSlices(file, await beginSlices(file, MiB));
    context.after(() => Reflect.deleteProperty(globalThis, 'localStorage'));
    const before = patched().length;

    const done = await upload(engineFor({ endpoint: server.url }), file);

    assert.ok(stored(done).equals(bytesOf(file.size)));
    const rest = 5 * MiB;
    assert.deepEqual(patched().slice(before), [`/files/0 ${MiB}+${rest}`, `/files/1 ${MiB}+${rest + 1}`]);
    assert.equal(server.requests.at(-1)?.headers['upload-concat'], 'final;/files/0 /files/1');
    assert.deepEqual(Object.keys(entries), []);
  });

  it('finishes such slices in a later page', async (context) => {
    server = await startOwnServer('creation,concatenation,termination');
    const file = fileOf('a.bin', 12 * MiB);
    recordSlices(file, await beginSlices(file, MiB));
    context.after(() => Reflect.deleteProperty(globalThis, 'localStorage'));
    const store = new MemoryStore();
    const first = engineFor({ endpoint: server.url }, store);
    const paused = new Promise<void>((resolve) => {
      first.addEventListener('upload-state', ({ detail }) => {
        if (detail.upload.state === 'uploading') first.pause();
        if (detail.upload.state === 'paused') resolve();
      });
    });
    first.addFiles([file]);
    await paused;
    const scope = `${server.url} `;
    while ((await store.load(scope))[0]?.session == null) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual((await store.load(scope))[0]?.session, { begun: '0 1' });

    const second = engineFor({ endpoint: server.url }, store);
    const end = ended(second);
    const [restored] = await second.restore();
    await second.reattach(String(restored?.id), fileOf('a.bin', file.size));
    second.resume();
    const done = await end;

    assert.ok(stored(done).equals(bytesOf(file.size)));
    assert.equal(server.requests.filter(({ headers }) => headers['upload-concat'] === 'partial').length, 2);
  });

  it('begins anew where slices that tus-js-client left are not those of the whole file', async (context) => {
    server = await startOwnServer('creation,concatenation,termination');
    const file = fileOf('a.bin', 12 * MiB);
    const [first = ''] = await beginSlices(file, MiB);
    recordSlices(file, [first]);
    context.after(() => Reflect.deleteProperty(globalThis, 'localStorage'));
    const before = patched().length;

    const done = await upload(engineFor({ endpoint: server.url }), file);

    assert.deepEqual([done.state, stored(done).equals(bytesOf(file.size))], ['done', true]);
    assert.ok(patched().every((patch, index) => index < before || !patch.startsWith(`${new URL(first).pathname} `)));
  });

  it('ends whole though the answer to the request that puts the parts together is lost', async () => {
    server = await startOwnServer('creation,concatenation,termination');
    server.loseFinalAnswer = true;
    const size = 12 * MiB;
    const done = await upload(engineFor({ endpoint: server.url }), fileOf('a.bin', size));

    assert.deepEqual([done.state, stored(done).equals(bytesOf(size))], ['done', true]);
    assert.equal(server.loseFinalAnswer, false, 'it was lost');
  });

  it('says once what the server has to change so that uploads continue after a reload', async (context) => {
    const { mock } = context.mock.method(console, 'warn', () => {});
    server = await startOwnServer('creation', '/elsewhere');
    const engine = engineFor({ endpoint: server.url });
    await upload(engine, fileOf('a.bin', 2 * MiB));
    await upload(engine, fileOf('b.bin', 2 * MiB));
    while (mock.callCount() === 0) await new Promise((resolve) => setImmediate(resolve));

    const messages = mock.calls.map((call) => String(call.arguments));
    assert.equal(messages.length, 1);
    assert.match(
      String(messages),
      /not below http:\/\/127\.0\.0\.1:\d+\/files, .* Let `Location` begin with the endpoint/,
    );
    assert.doesNotMatch(String(messages), /elsewhere/);
  });

  it('has nothing to say where uploads are below the endpoint', async (context) => {
    const { mock } = context.mock.method(console, 'warn', () => {});
    server = await startOwnServer('creation');
    await upload(engineFor({ endpoint: server.url }), fileOf('a.bin', 2 * MiB));

    assert.equal(mock.callCount(), 0);
  });

  it('keeps nothing of an upload outside the endpoint, and sends the file from the beginning after a reload', async (context) => {
    context.mock.method(console, 'warn', () => {});
    server = await startOwnServer('creation,termination', '/elsewhere');
    const size = 40 * MiB;
    const store = new MemoryStore();
    const first = engineFor({ endpoint: server.url }, store);
    const paused = new Promise<void>((resolve) => {
      first.addEventListener('part-complete', () => first.pause());
      first.addEventListener('upload-state', ({ detail }) => detail.upload.state === 'paused' && resolve());
    });
    first.addFiles([fileOf('a.bin', size)]);
    await paused;
    const scope = `${server.url} `;
    while ((await store.load(scope)).length !== 1) await new Promise((resolve) => setImmediate(resolve));
    assert.doesNotMatch(JSON.stringify(await store.load(scope)), /elsewhere/);

    const second = engineFor({ endpoint: server.url }, store);
    const end = ended(second);
    const [restored] = await second.restore();
    await second.reattach(String(restored?.id), fileOf('a.bin', size));
    second.resume();
    const done = await end;

    const bytes = [...server.uploads].find(([path]) => path.endsWith(`/${done.fileId}`))?.[1].bytes;
    assert.deepEqual([done.state, bytes?.equals(bytesOf(size))], ['done', true]);
  });

  it('sends a checksum, and the bytes again that arrived broken', async () => {
    server = await startOwnServer('creation,checksum');
    server.flipBit = true;
    const done = await upload(engineFor({ endpoint: server.url, checksums: true }), fileOf('a.bin', 2 * MiB));

    assert.ok(stored(done).equals(bytesOf(2 * MiB)));
    assert.equal(server.requests.filter(({ method }) => method === 'PATCH').length, 2);
  });

  it('ends the upload on the server when it is canceled', async () => {
    server = await startOwnServer('creation,termination');
    const engine = engineFor({ endpoint: server.url });
    engine.addFiles([fileOf('a.bin', 20 * MiB)]);
    await new Promise<void>((resolve) => engine.addEventListener('part-complete', () => resolve()));
    engine.cancel();
    while (server.uploads.size > 0) await new Promise((resolve) => setImmediate(resolve));

    assert.equal(server.requests.at(-1)?.method, 'DELETE');
  });
});
