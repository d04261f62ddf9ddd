import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesOf, fileOf, presignedBench } from '../support/builders.js';
import { GRANT } from '../support/scripted-server.js';

describe('presigned', () => {
  it('asks for a grant, puts the bytes where it points, and is done', async () => {
    const { engine, events, server, clock } = presignedBench();
    const file = fileOf('photo.jpg', 30, { type: 'image/jpeg' });
    engine.addFiles([file]);

    const mint = await server.nextMint();
    assert.deepEqual(mint.json, { filename: 'photo.jpg', contentType: 'image/jpeg', size: 30 });
    await mint.answer({ json: GRANT });

    const put = await server.nextPut();
    assert.equal(put.headers['Content-Type'], 'image/jpeg');
    assert.deepEqual(await put.bytes(), bytesOf(30));
    await put.answer({ headers: { ETag: '"abc"' } });
    await clock.advance(0);

    const [upload] = engine.uploads;
    assert.deepEqual([upload?.state, upload?.fileId, upload?.ratio, upload?.confirmedBytes], ['done', 'file-1', 1, 30]);
    assert.deepEqual(events.states(upload?.id ?? ''), ['preparing', 'uploading', 'finishing', 'done']);
  });

  it("sends no cookies and none of the page's headers to storage", async () => {
    const bench = presignedBench({
      headers: { Authorization: 'Bearer page' },
      credentials: 'include',
    });
    bench.engine.addFiles([fileOf('a.txt')]);

    const mint = await bench.server.nextMint();
    assert.equal(mint.headers.Authorization, 'Bearer page');
    assert.equal(mint.credentials, 'include');
    await mint.answer({ json: { ...GRANT, headers: { 'x-amz-acl': 'private' } } });
    const put = await bench.server.nextPut();

    assert.deepEqual(put.headers, { 'x-amz-acl': 'private', 'Content-Type': 'application/x-test' });
    assert.equal(put.credentials, 'omit');
  });

  it('declares a type where the browser knows none', async () => {
    const { engine, server } = presignedBench();
    engine.addFiles([fileOf('unknown', 1, { type: '' })]);

    const mint = await server.nextMint();

    assert.equal((mint.json as { contentType: string }).contentType, 'application/octet-stream');
    assert.equal(engine.uploads[0]?.type, '');
  });

  it('stores an empty file with one empty request', async () => {
    const { engine, server } = presignedBench();
    engine.addFiles([fileOf('empty', 0)]);
    await server.grant();

    const put = await server.nextPut();
    assert.equal(put.body?.size, 0);
    await put.answer({});

    assert.equal(engine.uploads[0]?.state, 'done');
  });

  it('renews a refused grant unseen', async () => {
    const { transport, engine, events, server } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);
    await server.grant();
    await (await server.nextPut()).answer({ status: 403 });

    await (await server.nextMint()).answer({
      json: { uploadUrl: 'https://storage.test/second', fileId: 'file-2' },
    });
    await (await transport.next('PUT', '/second')).answer({});

    assert.equal(engine.uploads[0]?.fileId, 'file-2');
    assert.equal(engine.uploads[0]?.attempt, 1);
    assert.deepEqual(events.of('upload-retry'), []);
  });

  it('ends when a second grant in a row is refused', async () => {
    const { transport, engine, server } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);
    for (const status of [403, 410]) {
      await server.grant();
      await (await server.nextPut()).answer({ status });
    }

    assert.equal(engine.uploads[0]?.error?.code, 'grant-expired');
    assert.equal(engine.uploads[0]?.error?.status, 410);
    await transport.quiet();
  });

  it('tells the backend of a stored file until it listens, and only then is done', async () => {
    const { transport, clock, engine, events, server } = presignedBench({
      confirmEndpoint: 'https://app.test/confirm',
    });
    engine.addFiles([fileOf('a.txt', 5)]);
    await server.store();

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
