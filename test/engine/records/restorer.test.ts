import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RELEASE_AFTER_MS } from '../../../src/engine/upload/undo-buffer.js';
import { Bench, bytesOf, fileOf, SCOPE } from '../../support/builders.js';
import { receiptsOf } from '../../support/scripted-server.js';
import { benchWith, file, openParts, recordOf } from './restored.js';

describe('Restorer, files', () => {
  it('puts each upload on the list once, however often it is asked', async () => {
    const bench = await benchWith([await recordOf(file)]);

    const answers = await Promise.all([bench.engine.restore(), bench.engine.restore()]);

    assert.equal(answers.flat().length, 1);
    assert.equal(bench.engine.uploads.length, 1);
  });

  it('shows what an earlier page confirmed, tells of it before it goes on, and waits for the file', async () => {
    const bench = await benchWith([await recordOf(file)]);

    const [upload] = await bench.engine.restore();

    assert.deepEqual(bench.events.names().slice(0, 1), ['uploads-restored']);
    assert.deepEqual(
      [upload?.state, upload?.reason, upload?.confirmedBytes, upload?.parts, upload?.protocol],
      ['paused', 'needs-file', 20, { total: 3, confirmed: 2 }, 'chunked'],
    );
    await bench.transport.quiet();
  });

  it('goes on from the confirmed parts when the same file is chosen again, whatever its date', async () => {
    const record = await recordOf(file);
    const bench = await benchWith([record]);
    await bench.engine.restore();

    bench.add(fileOf('big.bin', 30, { lastModified: 5 }));
    await bench.server.showParts([1, 2]);

    assert.deepEqual(openParts(bench), [3]);
    assert.equal(bench.engine.uploads.length, 1);
    assert.deepEqual(await bench.transport.open[0]?.bytes(), bytesOf(30).slice(20));
  });

  it('goes on with a file of the same date whose samples cannot be read at the moment', async () => {
    const bench = await benchWith([await recordOf(file)]);
    await bench.engine.restore();
    const hiccup = fileOf('big.bin', 30);
    hiccup.arrayBuffer = () => Promise.reject(new DOMException('no', 'NotReadableError'));

    bench.add(hiccup);
    await bench.server.showParts([1, 2]);

    assert.deepEqual(openParts(bench), [3]);
    assert.equal(bench.engine.uploads.length, 1);
  });

  it('takes a file of another date that cannot be read as another upload', async () => {
    const bench = await benchWith([await recordOf(file)]);
    const [restored] = await bench.engine.restore();
    const other = fileOf('big.bin', 30, { lastModified: 5 });
    other.arrayBuffer = () => Promise.reject(new DOMException('no', 'NotReadableError'));

    bench.add(other);
    await bench.server.nextInit();

    assert.equal(bench.engine.uploads.length, 2);
    assert.equal(bench.state(restored?.id ?? ''), 'paused needs-file');
  });

  it('leaves out what belongs to another user, and keeps it for them', async () => {
    const records = await Promise.all(['ada', 'bob', null].map((user) => recordOf(file, { user })));
    const bench = await benchWith(records, { protocol: 'auto' });
    const restoring = bench.engine.restore();
    const question = await bench.transport.next('GET', '/uploads');
    const offer = { version: 1, protocols: ['chunked'], urls: {}, chunkedAbove: 0, user: 'bob' };
    await question.answer({ json: offer });

    const [, bobs, unnamed] = records;
    assert.deepEqual(
      (await restoring).map(({ id }) => id),
      [bobs?.id, unnamed?.id],
    );
    assert.equal((await bench.store.load(SCOPE)).length, 3);
  });

  it('keeps with a record who began it', async () => {
    const bench = new Bench({ protocol: 'auto' });
    const discovery = bench.engine.discover();
    const offer = { version: 1, protocols: ['chunked'], urls: {}, chunkedAbove: 0, user: 'ada' };
    await (await bench.transport.next('GET', '/uploads')).answer({ json: offer });
    await discovery;
    bench.add(fileOf('big.bin', 30));
    await bench.server.nextInit();
    await bench.clock.advance(1000);

    assert.deepEqual(
      (await bench.store.load(SCOPE)).map(({ user }) => user),
      ['ada'],
    );
  });

  it('takes a file of the same name and size but other content as another upload', async () => {
    const bench = await benchWith([await recordOf(file)]);
    const [restored] = await bench.engine.restore();

    bench.engine.addFiles([{ file: fileOf('big.bin', bytesOf(30, 99)), relativePath: 'folder/big.bin' }]);
    await bench.server.nextInit();

    assert.deepEqual(
      bench.engine.uploads.map(({ state, relativePath }) => [state, relativePath]),
      [
        ['paused', 'big.bin'],
        ['preparing', 'folder/big.bin'],
      ],
    );
    assert.equal(await bench.engine.reattach(restored?.id ?? '', fileOf('big.bin', bytesOf(30, 99))), false);
  });

  it('does so even where path, size and date are those of the upload that waits', async () => {
    const bench = await benchWith([await recordOf(file)]);
    await bench.engine.restore();

    bench.engine.addFiles([fileOf('big.bin', bytesOf(30, 99), { lastModified: file.lastModified })]);
    await bench.server.nextInit();

    assert.deepEqual(
      bench.engine.uploads.map(({ state, name }) => [state, name]),
      [
        ['paused', 'big.bin'],
        // The one that waits may still be stored under its name.
        ['preparing', 'big (2).bin'],
      ],
    );
    assert.deepEqual(bench.events.of('upload-rejected'), []);
  });

  it('lets it take the place of the upload that waits when it is to replace all', async () => {
    const bench = await benchWith([await recordOf(file)]);
    await bench.engine.restore();

    bench.engine.replaceAll(fileOf('big.bin', bytesOf(30, 99)));
    await bench.server.nextInit();
    await bench.clock.advance(RELEASE_AFTER_MS);
    await (await bench.transport.next('DELETE', '/uploads/s1')).answer({});

    assert.deepEqual(
      bench.engine.uploads.map(({ state }) => state),
      ['preparing'],
    );
  });

  it('lets the file that an upload waits for go on there, also when it is to replace all', async () => {
    const bench = await benchWith([await recordOf(file)]);
    const [restored] = await bench.engine.restore();
    bench.add(fileOf('other.txt'));

    bench.engine.replaceAll(file);
    await bench.server.nextInspect();

    assert.deepEqual(
      bench.engine.uploads.map(({ id }) => id),
      [restored?.id],
    );
  });

  it('gives each of two equal names in different folders its own file', async () => {
    const [one, two] = [fileOf('a.bin', bytesOf(30, 1)), fileOf('a.bin', bytesOf(30, 2))];
    const bench = await benchWith([
      await recordOf(one, { relativePath: 'one/a.bin', createdAt: 1 }),
      await recordOf(two, { relativePath: 'two/a.bin', createdAt: 2 }),
    ]);
    await bench.engine.restore();

    bench.engine.addFiles([
      { file: two, relativePath: 'two/a.bin' },
      { file: one, relativePath: 'one/a.bin' },
    ]);
    await bench.settle();

    assert.equal(bench.engine.uploads.length, 2);
    assert.deepEqual(
      bench.engine.uploads.map(({ relativePath, state }) => [relativePath, state]),
      [
        ['one/a.bin', 'preparing'],
        ['two/a.bin', 'preparing'],
      ],
    );
  });

  it('finishes without the file when every byte is on the server', async () => {
    const bench = await benchWith([await recordOf(file, { receipts: receiptsOf([1, 2, 3]) })]);
    const [upload] = await bench.engine.restore();
    await bench.server.showParts([1, 2, 3]);
    await bench.server.complete();

    assert.equal(bench.upload(upload?.id ?? '').fileId, 'f1');
  });

  it('asks for the file after all when the server no longer has every byte', async () => {
    const bench = await benchWith([await recordOf(file, { receipts: receiptsOf([1, 2, 3]) })]);
    const [upload] = await bench.engine.restore();

    await bench.server.showParts([1, 3]);

    assert.equal(bench.state(upload?.id ?? ''), 'paused needs-file');
    bench.add(fileOf('big.bin', 30));
    await bench.server.showParts([1, 3]);
    assert.deepEqual(openParts(bench), [2]);
  });

  it('confirms a stored file that an earlier page could not confirm', async () => {
    const record = await recordOf(file, {
      protocol: 'presigned',
      session: { storedAs: 'file-7' },
      partSize: 30,
      receipts: [{ number: 1, size: 30 }],
    });
    const bench = await benchWith([record], { protocol: 'presigned', confirmEndpoint: 'https://app.test/confirm' });
    const [upload] = await bench.engine.restore();

    await (await bench.transport.next('POST', '/confirm')).answer({ json: { ok: true } });

    assert.equal(bench.upload(upload?.id ?? '').fileId, 'file-7');
  });

  it('lets the user pause and resume one that needs no file', async () => {
    const bench = await benchWith([await recordOf(file, { receipts: receiptsOf([1, 2, 3]) })]);
    const [upload] = await bench.engine.restore();
    bench.engine.pause(upload?.id);
    bench.engine.resume(upload?.id);

    await bench.server.showParts([1, 2, 3]);

    await bench.server.nextComplete();
  });

  it('begins anew when the session is gone, and says so', async () => {
    const bench = await benchWith([await recordOf(file)]);
    await bench.engine.restore();
    bench.add(fileOf('big.bin', 30));

    await (await bench.server.nextInspect()).answer({ status: 404 });

    assert.equal(bench.events.of('upload-retry')[0]?.error.code, 'session-lost');
    await (await bench.server.nextInit()).answer({ json: { upload_id: 's2', part_size: 15 } });
    assert.equal(bench.transport.open.length, 2);
  });

  it('releases the session of a restored upload that the user cancels', async () => {
    const bench = await benchWith([await recordOf(file)]);
    const [upload] = await bench.engine.restore();

    bench.engine.cancel(upload?.id);
    await bench.settle();
    assert.deepEqual(await bench.store.load(SCOPE), []);

    await bench.clock.advance(RELEASE_AFTER_MS);
    await bench.transport.next('DELETE', '/uploads/s1');
  });

  it('leaves records of another backend and another list alone', async () => {
    const bench = await benchWith([await recordOf(file, { scope: 'https://other.test/uploads ' })]);

    assert.deepEqual(await bench.engine.restore(), []);
    assert.deepEqual(bench.events.all, []);
  });

  it('keeps the order in which the uploads were added', async () => {
    const records = await Promise.all([3, 1, 2].map((n) => recordOf(fileOf(`${n}.bin`, 30), { createdAt: n })));
    const bench = await benchWith(records);
    await bench.engine.restore();
    bench.engine.addFiles([1, 2, 3].map((n) => fileOf(`${n}.bin`, 30)));
    await bench.clock.advance(1_000);

    const stored = await bench.store.load(SCOPE);

    assert.deepEqual(
      bench.engine.uploads.map(({ name }) => name),
      ['1.bin', '2.bin', '3.bin'],
    );
    assert.deepEqual(
      stored.map(({ name, createdAt }) => `${createdAt}.bin` === name),
      [true, true, true],
    );
  });
});

describe('Restorer, stored files', () => {
  const stored = {
    fileId: 'f1',
    name: 'a.txt',
    size: 10,
    type: 'text/plain',
    lastModified: 5,
    relativePath: 'in/a.txt',
  };

  it('puts them on the list as done, without a request or an event of an upload', async () => {
    const bench = new Bench({ protocol: 'presigned', maxFiles: 1 });
    bench.engine.restoreStored([stored]);
    await bench.transport.quiet();

    const [{ state, fileId, ratio, relativePath, confirmedBytes } = {}] = bench.engine.uploads;
    assert.deepEqual([state, fileId, ratio, relativePath, confirmedBytes], ['done', 'f1', 1, 'in/a.txt', 10]);
    assert.equal(bench.engine.progress.ratio, 1);
    assert.deepEqual(bench.events.all, []);
  });

  it('counts them against the limits, knows them again, and lets go of them', () => {
    const bench = new Bench({ protocol: 'presigned', autoStart: false, maxFiles: 1 });
    bench.engine.restoreStored([stored]);

    const same = { file: fileOf('a.txt', 10, { lastModified: 5 }), relativePath: 'in/a.txt' };
    bench.engine.addFiles([same, fileOf('b.txt')]);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ code }) => code),
      ['rejected-duplicate', 'rejected-count'],
    );
    bench.engine.clear();
    assert.deepEqual(bench.engine.uploads, []);
  });
});
