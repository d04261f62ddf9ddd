import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../../src/preset.js';
import { Bench, bytesOf, fileOf } from '../support/builders.js';
import type { Exchange } from '../support/scripted-transport.js';

const GRANT = { uploadUrl: 'https://storage.test/object?signature=secret', fileId: 'file-1' };

const presignedBench = (options: Partial<EngineOptions> = {}) => new Bench({ protocol: 'presigned', ...options });

/** Opened, with parts of ten bytes; nothing is sent yet. */
const openChunked = async (size: number, options: Partial<EngineOptions> = {}, limits: object = {}) => {
  const bench = new Bench({ protocol: 'chunked', ...options });
  const id = bench.add(fileOf('big.bin', size));
  const init = await bench.transport.next('POST', '/uploads/init');
  await init.answer({ json: { upload_id: 's1', part_size: 10, ...limits } });
  return { ...bench, bench, id, transport: bench.transport, engine: bench.engine, events: bench.events };
};

const nextPart = ({ bench }: { bench: Bench }): Promise<Exchange> => bench.transport.next('PUT', '/uploads/s1/parts');

const received = (exchange: Exchange) => exchange.answer({ headers: { ETag: `"etag-${exchange.partNumber}"` } });

const stateOf = (parts: readonly number[]) => ({
  json: { upload_id: 's1', parts: parts.map((n) => ({ part_number: n, size: 10, etag: `etag-${n}` })) },
});

describe('drive-upload, presigned', () => {
  it('asks for a grant, puts the bytes where it points, and is done', async () => {
    const { engine, transport, events, ...bench } = presignedBench();
    const file = fileOf('photo.jpg', 30, { type: 'image/jpeg' });
    engine.addFiles([file]);

    const mint = await transport.next('POST', '/uploads');
    assert.deepEqual(mint.json, { filename: 'photo.jpg', contentType: 'image/jpeg', size: 30 });
    await mint.answer({ json: GRANT });

    const put = await transport.next('PUT', '/object');
    assert.equal(put.headers['Content-Type'], 'image/jpeg');
    assert.deepEqual(await put.bytes(), bytesOf(30));
    await put.answer({ headers: { ETag: '"abc"' } });
    await bench.clock.advance(0);

    const [upload] = engine.uploads;
    assert.deepEqual([upload?.state, upload?.fileId, upload?.ratio, upload?.confirmedBytes], ['done', 'file-1', 1, 30]);
    assert.deepEqual(events.states(upload?.id ?? ''), ['preparing', 'uploading', 'finishing', 'done']);
  });

  it("sends no cookies and none of the page's headers to storage", async () => {
    const { transport, ...bench } = presignedBench({
      headers: { Authorization: 'Bearer page' },
      credentials: 'include',
    });
    bench.engine.addFiles([fileOf('a.txt')]);

    const mint = await transport.next('POST', '/uploads');
    assert.equal(mint.headers.Authorization, 'Bearer page');
    assert.equal(mint.credentials, 'include');
    await mint.answer({ json: { ...GRANT, headers: { 'x-amz-acl': 'private' } } });
    const put = await transport.next('PUT', '/object');

    assert.deepEqual(put.headers, { 'x-amz-acl': 'private', 'Content-Type': 'application/x-test' });
    assert.equal(put.credentials, 'omit');
  });

  it('declares a type where the browser knows none', async () => {
    const { engine, transport } = presignedBench();
    engine.addFiles([fileOf('unknown', 1, { type: '' })]);

    const mint = await transport.next('POST', '/uploads');

    assert.equal((mint.json as { contentType: string }).contentType, 'application/octet-stream');
    assert.equal(engine.uploads[0]?.type, '');
  });

  it('stores an empty file with one empty request', async () => {
    const { engine, transport } = presignedBench();
    engine.addFiles([fileOf('empty', 0)]);
    await (await transport.next('POST', '/uploads')).answer({ json: GRANT });

    const put = await transport.next('PUT', '/object');
    assert.equal(put.body?.size, 0);
    await put.answer({});

    assert.equal(engine.uploads[0]?.state, 'done');
  });

  it('renews a refused grant unseen', async () => {
    const { transport, engine, events } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);
    await (await transport.next('POST', '/uploads')).answer({ json: GRANT });
    await (await transport.next('PUT', '/object')).answer({ status: 403 });

    await (await transport.next('POST', '/uploads')).answer({
      json: { uploadUrl: 'https://storage.test/second', fileId: 'file-2' },
    });
    await (await transport.next('PUT', '/second')).answer({});

    assert.equal(engine.uploads[0]?.fileId, 'file-2');
    assert.equal(engine.uploads[0]?.attempt, 1);
    assert.deepEqual(events.of('upload-retry'), []);
  });

  it('ends when a second grant in a row is refused', async () => {
    const { transport, engine } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);
    for (const status of [403, 410]) {
      await (await transport.next('POST', '/uploads')).answer({ json: GRANT });
      await (await transport.next('PUT', '/object')).answer({ status });
    }

    assert.equal(engine.uploads[0]?.error?.code, 'grant-expired');
    assert.equal(engine.uploads[0]?.error?.status, 410);
    await transport.quiet();
  });

  it('renews a grant whose end has passed while it waited', async () => {
    const bench = presignedBench({ parallel: 1 });
    const { transport, clock } = bench;
    const expiresAt = new Date(clock.wallNow() + 60_000).toISOString();
    bench.add(fileOf('a.txt'));
    bench.add(fileOf('b.txt'));
    await (await transport.next('POST', '/uploads')).answer({ json: { ...GRANT, expiresAt } });
    await (await transport.next('POST', '/uploads')).answer({
      json: { uploadUrl: 'https://storage.test/late', fileId: 'late', expiresAt },
    });
    const first = await transport.next('PUT', '/object');

    await clock.advance(61_000);
    await first.answer({});

    await transport.next('POST', '/uploads');
  });

  it('asks again for a grant whose end has passed when it comes, without counting it as an attempt', async () => {
    const { transport, clock, engine } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);
    const expiresAt = new Date(clock.wallNow() - 1000).toISOString();

    await (await transport.next('POST', '/uploads')).answer({ json: { ...GRANT, expiresAt } });
    await (await transport.next('POST', '/uploads')).answer({ json: GRANT });
    await (await transport.next('PUT', '/object')).answer({});
    await clock.advance(0);

    assert.deepEqual([engine.uploads[0]?.state, engine.uploads[0]?.attempt], ['done', 1]);
  });

  it('takes two such grants in a row for a wrong clock of the page, and asks no third time', async () => {
    const bench = presignedBench({ parallel: 1 });
    const { transport, clock } = bench;
    const json = { ...GRANT, expiresAt: new Date(clock.wallNow() - 3600_000).toISOString() };
    bench.add(fileOf('a.txt'));

    for (let grants = 0; grants < 2; grants += 1) await (await transport.next('POST', '/uploads')).answer({ json });
    await (await transport.next('PUT', '/object')).answer({});
    bench.add(fileOf('b.txt'));

    await (await transport.next('POST', '/uploads')).answer({ json });
    await transport.next('PUT', '/object');
  });

  it('counts the end of a grant by the clock of the server, where the answer tells its time', async () => {
    const { transport, clock, engine } = presignedBench();
    const serverNow = clock.wallNow() - 2 * 3600_000;
    const expiresAt = new Date(serverNow + 900_000).toISOString();
    engine.addFiles([fileOf('a.txt')]);

    await (await transport.next('POST', '/uploads')).answer({
      json: { ...GRANT, expiresAt },
      headers: { Date: new Date(serverNow).toUTCString() },
    });

    await transport.next('PUT', '/object');
  });

  it('waits until a date by the clock of the server, where the answer tells its time', async () => {
    const { transport, clock, engine } = presignedBench();
    const serverNow = clock.wallNow() - 2 * 3600_000;
    engine.addFiles([fileOf('a.txt')]);

    await (await transport.next('POST', '/uploads')).answer({
      status: 429,
      headers: {
        Date: new Date(serverNow).toUTCString(),
        'Retry-After': new Date(serverNow + 120_000).toUTCString(),
      },
    });

    const resumesAt = engine.uploads[0]?.resumesAt ?? 0;
    assert.ok(Math.abs(resumesAt - clock.wallNow() - 120_000) <= 1000, String(resumesAt - clock.wallNow()));
  });

  it('tells the backend of a stored file until it listens, and only then is done', async () => {
    const { transport, clock, engine, events } = presignedBench({ confirmEndpoint: 'https://app.test/confirm' });
    engine.addFiles([fileOf('a.txt', 5)]);
    await (await transport.next('POST', '/uploads')).answer({ json: GRANT });
    await (await transport.next('PUT', '/object')).answer({});

    for (const status of [500, 404]) {
      const confirm = await transport.next('POST', '/confirm');
      assert.deepEqual(confirm.json, {
        fileId: 'file-1',
        filename: 'a.txt',
        size: 5,
        contentType: 'application/x-test',
      });
      await confirm.answer({ status });
      assert.deepEqual(events.of('upload-complete'), []);
      await clock.advance(30_000);
    }
    await (await transport.next('POST', '/confirm')).answer({ json: { ok: true } });

    const [complete] = events.of('upload-complete');
    assert.deepEqual([complete?.fileId, complete?.result], ['file-1', { ok: true }]);
    assert.ok((engine.uploads[0]?.ratio ?? 0) === 1);
  });
});

describe('drive-upload, chunked', () => {
  it('opens a session, sends the parts side by side, completes with the manifest in order', async () => {
    const bench = new Bench({ protocol: 'chunked', metadata: { album: 7 }, workspaceId: 'w1' });
    const { transport, engine, events } = bench;
    const id = bench.add(fileOf('big.bin', 25, { type: 'video/mp4' }), 'holiday/big.bin');

    const init = await transport.next('POST', '/uploads/init');
    assert.deepEqual(init.json, {
      filename: 'big.bin',
      total_size: 25,
      mime_type: 'video/mp4',
      workspace_id: 'w1',
      relative_path: 'holiday/big.bin',
      metadata: { album: 7 },
    });
    await init.answer({ json: { upload_id: 's1', part_size: 10 } });
    const parts = [await nextPart({ bench }), await nextPart({ bench }), await nextPart({ bench })];
    assert.deepEqual(
      parts.map(({ partNumber, body }) => [partNumber, body?.size]),
      [
        [1, 10],
        [2, 10],
        [3, 5],
      ],
    );
    assert.deepEqual(Buffer.concat(await Promise.all(parts.map((part) => part.bytes()))), Buffer.from(bytesOf(25)));
    for (const part of parts.reverse()) await received(part);
    const complete = await transport.next('POST', '/uploads/s1/complete');
    assert.deepEqual(complete.json, {
      parts: [1, 2, 3].map((number) => ({ part_number: number, etag: `etag-${number}` })),
    });
    assert.equal(bench.state(id), 'finishing');
    await complete.answer({ json: { file_id: 'f1', name: 'big.bin' } });

    assert.deepEqual(bench.upload(id).result, { file_id: 'f1', name: 'big.bin' });
    assert.deepEqual(
      events.of('part-complete').map(({ part }) => part),
      [3, 2, 1],
    );
    assert.deepEqual(engine.uploads[0]?.parts, { total: 3, confirmed: 3 });
  });

  it('stores an empty file as one empty part', async () => {
    const opened = await openChunked(0);

    const part = await nextPart(opened);
    assert.deepEqual([part.partNumber, part.body?.size], [1, 0]);
    await received(part);
    await (await opened.transport.next('POST', '/uploads/s1/complete')).answer({ json: { file_id: 'f1' } });

    assert.equal(opened.bench.state(opened.id), 'done');
  });

  it('fails with `protocol` when the page may not read the ETag', async () => {
    const opened = await openChunked(10);

    await (await nextPart(opened)).answer({ status: 200 });

    const { error } = opened.bench.upload(opened.id);
    assert.deepEqual([error?.code, error?.partNumber], ['protocol', 1]);
    assert.match(error?.message ?? '', /Access-Control-Expose-Headers/);
  });

  it('never has more requests in flight than `parallel`', async () => {
    const opened = await openChunked(100, { parallel: 3 });
    const { transport } = opened;

    for (let sent = 0; sent < 10; sent++) {
      assert.equal(transport.open.length, Math.min(3, 10 - sent));
      const [first] = transport.open;
      if (first !== undefined) await received(first);
    }
  });

  it("obeys the server's own limit of parallel parts", async () => {
    const { transport } = await openChunked(100, { parallel: 5 }, { max_parallel: 2 });

    assert.equal(transport.open.length, 2);
  });

  it('counts only confirmed bytes as confirmed, and never shows less progress', async () => {
    const opened = await openChunked(20, { parallel: 1 });
    const { bench, id } = opened;
    const part = await nextPart(opened);
    part.progress(8);
    assert.deepEqual([bench.upload(id).sentBytes, bench.upload(id).confirmedBytes], [8, 0]);
    const before = bench.upload(id).ratio;

    await part.fail();

    assert.deepEqual([bench.upload(id).sentBytes, bench.upload(id).ratio], [0, before]);
  });

  it('does not show 100 % before the server has the file', async () => {
    const opened = await openChunked(10);
    await received(await nextPart(opened));

    assert.equal(opened.bench.state(opened.id), 'finishing');
    assert.ok(opened.bench.upload(opened.id).ratio < 1);
  });

  it('starts over once when the session is lost, and says so', async () => {
    const opened = await openChunked(20, { parallel: 1 });
    const { transport, bench, events, id } = opened;
    await received(await nextPart(opened));
    await (await nextPart(opened)).answer({ status: 404 });

    const [retry] = events.of('upload-retry');
    assert.deepEqual([retry?.error.code, retry?.upload.confirmedBytes, retry?.upload.ratio], ['session-lost', 0, 0]);
    await (await transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });
    await (await nextPart(opened)).answer({ status: 410 });

    assert.equal(bench.upload(id).error?.code, 'session-lost');
  });

  it('looks again what the server has when it misses a part, and sends only that', async () => {
    const opened = await openChunked(30, { parallel: 3 });
    const { transport, bench, id } = opened;
    for (let part = 1; part <= 3; part++) await received(await nextPart(opened));
    await (await transport.next('POST', '/uploads/s1/complete')).answer({ status: 409 });

    await (await transport.next('GET', '/uploads/s1')).answer(stateOf([1, 3]));
    const missing = await nextPart(opened);
    assert.equal(missing.partNumber, 2);
    await received(missing);
    // The session was asked to complete before: the answer may have been lost.
    await (await transport.next('GET', '/uploads/s1')).answer(stateOf([1, 2, 3]));
    await (await transport.next('POST', '/uploads/s1/complete')).answer({ json: { file_id: 'f1' } });

    assert.equal(bench.state(id), 'done');
  });

  it('takes a new session when the server misses a part and cannot say which', async () => {
    const opened = await openChunked(10);
    const { transport, bench, id } = opened;
    await received(await nextPart(opened));
    await (await transport.next('POST', '/uploads/s1/complete')).answer({ status: 409 });

    await (await transport.next('GET', '/uploads/s1')).answer({ status: 405 });
    await (await transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });

    assert.equal((await nextPart(opened)).partNumber, 1);
    assert.equal(bench.state(id), 'uploading');
  });

  it('finds the file whose answer to complete was lost', async () => {
    const opened = await openChunked(10);
    const { transport, bench, clock, id } = { ...opened, clock: opened.bench.clock };
    await received(await nextPart(opened));
    await (await transport.next('POST', '/uploads/s1/complete')).fail();
    await clock.advance(30_000);

    await (await transport.next('GET', '/uploads/s1')).answer({ json: { upload_id: 's1', parts: [], file_id: 'f9' } });

    assert.equal(bench.upload(id).fileId, 'f9');
  });

  it('ends at once when the file can no longer be read', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const file = fileOf('gone.bin', 10);
    const id = bench.add(file);
    await (await bench.transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });
    const part = await nextPart({ bench });
    const unreadable = { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) };
    file.slice = () => Object.assign(new Blob(['x']), unreadable);

    await part.fail();

    assert.equal(bench.upload(id).error?.code, 'source-unreadable');
  });

  it('stops the other parts when one cannot go on, without showing a wait in between', async () => {
    const opened = await openChunked(30, { parallel: 3 });
    const parts = [await nextPart(opened), await nextPart(opened), await nextPart(opened)];
    await parts[0]?.fail();
    await parts[1]?.fail();

    await parts[2]?.answer({ status: 402 });

    assert.equal(opened.bench.upload(opened.id).error?.code, 'payment-required');
    assert.deepEqual(opened.events.states(opened.id), ['preparing', 'uploading', 'failed']);
    await opened.transport.quiet();
  });
});

describe('drive-upload, refusals', () => {
  const cases = [
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [402, 'payment-required'],
    [404, 'configuration'],
    [413, 'too-large'],
    [507, 'storage'],
    [400, 'http'],
  ] as const;
  for (const [status, code] of cases) {
    it(`ends with \`${code}\` when the backend answers ${status}`, async () => {
      const { engine, transport } = presignedBench();
      engine.addFiles([fileOf('a.txt')]);

      await (await transport.next('POST', '/uploads')).answer({ status });

      const [upload] = engine.uploads;
      assert.deepEqual([upload?.state, upload?.error?.code, upload?.error?.status], ['failed', code, status]);
      await transport.quiet();
    });
  }

  it('ends with `configuration` when a page answers instead of an API', async () => {
    const { engine, transport } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);

    await (await transport.next('POST', '/uploads')).answer({ text: '<!doctype html><title>Hello</title>' });

    assert.equal(engine.uploads[0]?.error?.code, 'configuration');
  });

  it('ends with `configuration` when no endpoint is set', async () => {
    const { engine, ...bench } = new Bench({ endpoint: '' });
    engine.addFiles([fileOf('a.txt')]);

    await bench.clock.advance(0);

    assert.equal(engine.uploads[0]?.error?.code, 'configuration');
  });

  it('lets other files go on', async () => {
    const bench = presignedBench();
    const first = bench.add(fileOf('a.txt'));
    const second = bench.add(fileOf('b.txt'));
    await (await bench.transport.next('POST', '/uploads')).answer({ status: 413 });
    await (await bench.transport.next('POST', '/uploads')).answer({ json: GRANT });
    await (await bench.transport.next('PUT', '/object')).answer({});

    assert.deepEqual([bench.state(first), bench.state(second)], ['failed', 'done']);
  });
});

describe('drive-upload, retries', () => {
  it('waits with a time that it shows, then tries again', async () => {
    const opened = await openChunked(10);
    const { bench, id, events } = opened;
    await (await nextPart(opened)).answer({ status: 503 });

    const waiting = bench.upload(id);
    assert.equal(bench.state(id), 'waiting backoff');
    assert.equal(waiting.resumesAt, bench.clock.wallNow() + 500);
    const [retry] = events.of('upload-retry');
    assert.deepEqual([retry?.attempt, retry?.delayMs, retry?.error.code], [2, 500, 'http']);
    await bench.clock.advance(499);
    await bench.transport.quiet();
    await bench.clock.advance(1);

    await nextPart(opened);
    assert.equal(bench.state(id), 'uploading');
  });

  it('keeps away as long as a 429 asks', async () => {
    const opened = await openChunked(10);
    const { bench, id } = opened;
    await (await nextPart(opened)).answer({ status: 429, headers: { 'Retry-After': '3' } });

    assert.equal(bench.state(id), 'waiting throttled');
    await bench.clock.advance(2_999);
    await bench.transport.quiet();
    await bench.clock.advance(501);

    await nextPart(opened);
  });

  it('sends no other part to a server that asked for quiet', async () => {
    const opened = await openChunked(40, { parallel: 2 });
    const { bench } = opened;
    const [first, second] = [await nextPart(opened), await nextPart(opened)];
    await first.answer({ status: 429, headers: { 'Retry-After': '3' } });
    await received(second);

    await bench.transport.quiet();
    await bench.clock.advance(3_500);

    assert.equal(bench.transport.open.length, 1, 'half the width after the quiet');
  });

  it('starts nothing while the last good answer says that the budget is spent', async () => {
    const opened = await openChunked(20, { parallel: 1 });
    const { bench } = opened;
    const headers = {
      ETag: '"etag-1"',
      'x-ve-limit-avail': '0',
      'x-ve-limit-expires': String(Math.ceil((bench.clock.wallNow() + 4_000) / 1000)),
    };
    await (await nextPart(opened)).answer({ headers });

    await bench.clock.advance(3_900);
    await bench.transport.quiet();
    await bench.clock.advance(1_200);

    await nextPart(opened);
  });

  it('fails once the retry window is spent without progress', async () => {
    const opened = await openChunked(10, { retryWindowMs: 60_000 });
    const { bench, id, transport } = opened;
    const begun = bench.clock.now();
    while (bench.upload(id).state !== 'failed') {
      const [open] = transport.open;
      if (open === undefined) await bench.clock.advance(1_000);
      else await open.answer({ status: 500 });
    }

    assert.deepEqual([bench.upload(id).error?.code, bench.upload(id).error?.retriable], ['http', true]);
    assert.ok(bench.clock.now() - begun > 20_000 && bench.clock.now() - begun <= 60_000);
  });

  it('opens the window anew with each confirmed part', async () => {
    const opened = await openChunked(30, { retryWindowMs: 40_000, parallel: 1 });
    const { bench, id, transport } = opened;
    for (let part = 1; part <= 3; part++) {
      const begun = bench.clock.now();
      while (bench.clock.now() - begun < 20_000) {
        const [open] = transport.open;
        if (open === undefined) await bench.clock.advance(1_000);
        else await open.answer({ status: 500 });
      }
      while (transport.open.length === 0) await bench.clock.advance(1_000);
      const [open] = transport.open;
      if (open !== undefined) await received(open);
    }

    assert.equal(bench.state(id), 'finishing');
  });

  it('waits offline without spending the window, and goes on when the network is back', async () => {
    const opened = await openChunked(40, { retryWindowMs: 10_000, parallel: 4 });
    const { bench, id, transport } = opened;
    const parts = await Promise.all([1, 2, 3, 4].map(() => nextPart(opened)));
    for (const part of parts) await part.fail();
    await bench.clock.advance(1_000);
    bench.connectivity.online = false;
    for (const part of transport.open) await part.fail();

    assert.equal(bench.state(id), 'waiting offline');
    assert.equal(bench.upload(id).resumesAt, null);
    await bench.clock.advance(3600_000);
    await transport.quiet();
    bench.connectivity.online = true;
    await bench.settle();

    assert.equal(transport.open.length, 4);
    // An hour offline for four parts is still one hour: the window goes on where it stood.
    const begun = bench.clock.now();
    while (bench.upload(id).state !== 'failed' && bench.clock.now() - begun < 600_000) {
      for (const part of transport.open) await part.fail();
      await bench.clock.advance(500);
    }
    assert.equal(bench.state(id), 'failed');
  });
});

describe('drive-upload, pause and cancel', () => {
  it('stops the requests of a paused upload and goes on from what the server has', async () => {
    const opened = await openChunked(30, { parallel: 2 });
    const { bench, id, engine, transport } = opened;
    await received(await nextPart(opened));
    const [second, third] = [await nextPart(opened), await nextPart(opened)];

    engine.pause(id);
    assert.equal(bench.state(id), 'paused user');
    assert.deepEqual([second.isOpen, third.isOpen], [false, false]);
    engine.resume(id);
    await (await transport.next('GET', '/uploads/s1')).answer(stateOf([1, 2]));

    assert.equal((await nextPart(opened)).partNumber, 3);
    assert.equal(transport.open.length, 1);
    assert.equal(bench.upload(id).confirmedBytes, 20);
  });

  it('trusts its own ledger where the server cannot tell', async () => {
    const opened = await openChunked(20, { parallel: 1 });
    const { engine, transport, id } = opened;
    await received(await nextPart(opened));
    engine.pause(id);
    engine.resume(id);

    await (await transport.next('GET', '/uploads/s1')).answer({ status: 501 });

    assert.equal((await nextPart(opened)).partNumber, 2);
  });

  it('announces it when the server has less than it had confirmed', async () => {
    const opened = await openChunked(20, { parallel: 1 });
    const { engine, transport, events, id } = opened;
    await received(await nextPart(opened));
    engine.pause(id);
    engine.resume(id);

    await (await transport.next('GET', '/uploads/s1')).answer(stateOf([]));

    const [retry] = events.of('upload-retry');
    assert.deepEqual([retry?.error.code, retry?.upload.confirmedBytes], ['part-mismatch', 0]);
    assert.equal((await nextPart(opened)).partNumber, 1);
  });

  it('survives pause and resume in one breath', async () => {
    const opened = await openChunked(20, { parallel: 1 });
    const { engine, transport, bench, id } = opened;
    await nextPart(opened);
    for (let i = 0; i < 5; i++) {
      engine.pause(id);
      engine.resume(id);
    }
    await bench.settle();

    const inspections = transport.open.filter(({ method }) => method === 'GET');
    assert.equal(inspections.length, 1);
    await inspections[0]?.answer(stateOf([]));
    assert.equal(transport.open.length, 1);
  });

  const steps = ['queued', 'uploading', 'waiting', 'paused', 'finishing'] as const;
  for (const step of steps) {
    it(`says nothing more after cancel while ${step}`, async () => {
      const bench = new Bench({ protocol: 'chunked', autoStart: step !== 'queued' });
      const { transport, engine, events, clock } = bench;
      const id = bench.add(fileOf('big.bin', 10));
      if (step !== 'queued') {
        await (await transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });
        const part = await nextPart({ bench });
        if (step === 'waiting') await part.fail();
        if (step === 'finishing') await received(part);
        if (step === 'paused') engine.pause(id);
      } else await bench.settle();
      assert.equal(bench.upload(id).state, step);
      events.clear();

      engine.cancel(id);
      engine.cancel(id);
      engine.pause(id);
      engine.resume(id);
      await clock.advance(60_000);

      assert.deepEqual(events.names(id), ['upload-state', 'upload-canceled']);
      const left = transport.open.map(({ method, url }) => `${method} ${url.pathname}`);
      assert.deepEqual(left, step === 'queued' ? [] : ['DELETE /uploads/s1']);
    });
  }

  it('says nothing more after cancel while preparing, and releases the session that was being opened', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const { transport, engine, events } = bench;
    const id = bench.add(fileOf('big.bin', 10));
    const init = await transport.next('POST', '/uploads/init');
    events.clear();

    engine.cancel(id);
    await init.answer({ json: { upload_id: 's1', part_size: 10 } });

    await transport.next('DELETE', '/uploads/s1');
    assert.deepEqual(events.names(id), ['upload-state', 'upload-canceled']);
  });

  it('goes on with the session that was being opened when it was paused', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const { transport, engine } = bench;
    const id = bench.add(fileOf('big.bin', 10));
    const init = await transport.next('POST', '/uploads/init');

    engine.pause(id);
    engine.resume(id);
    await bench.settle();
    await init.answer({ json: { upload_id: 's1', part_size: 10 } });

    await transport.next('PUT', '/uploads/s1/parts');
  });

  it('drops an answer that comes in the moment of the cancel', async () => {
    const opened = await openChunked(10);
    const { engine, events, id } = opened;
    const part = await nextPart(opened);
    events.clear();

    const answered = received(part);
    engine.cancel(id);
    await answered;

    assert.deepEqual(events.names(id), ['upload-state', 'upload-canceled']);
  });

  it('releases the session of a failed upload that leaves the list', async () => {
    const opened = await openChunked(10);
    await (await nextPart(opened)).answer({ status: 402 });

    opened.engine.remove(opened.id);

    await opened.transport.next('DELETE', '/uploads/s1');
  });
});
