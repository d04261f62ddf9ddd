import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { loadPreparing } from '../../../src/engine/drive/drive-upload.js';
import type { PrepareFile } from '../../../src/engine/options.js';
import { Bench, fileOf, presignedBench, SCOPE } from '../../support/builders.js';
import { benchWith, file, recordOf } from '../records/restored.js';

describe('prepare', () => {
  // Modules are loaded by the real clock.
  before(loadPreparing);

  it('makes what is sent, once, before the upload is opened, and the row says so meanwhile', async () => {
    let calls = 0;
    let finish = (_made: Blob) => {};
    const made = new Promise<Blob>((resolve) => {
      finish = resolve;
    });
    const bench = presignedBench({
      prepare: () => {
        calls += 1;
        return made;
      },
    });
    const id = bench.add(fileOf('a.jpg', 100));
    await bench.transport.quiet();
    assert.equal(bench.state(id), 'waiting preparing-file');

    finish(new Blob(['small'], { type: 'image/webp' }));
    const mint = await bench.server.nextMint();
    assert.deepEqual(mint.json, { filename: 'a.jpg', contentType: 'image/webp', size: 5 });
    await mint.answer({ json: { uploadUrl: 'https://storage.test/object', fileId: 'f1' } });
    await (await bench.server.nextPut()).answer({ status: 503 });
    await bench.clock.advance(1_000);
    const put = await bench.server.nextPut();

    assert.equal(new TextDecoder().decode(await put.bytes()), 'small');
    await put.answer({});
    assert.deepEqual([bench.state(id), bench.upload(id).size, calls], ['done', 5, 1]);
    assert.equal(bench.engine.fileOf(id)?.size, 100);
  });

  it('may change name and metadata, and is told those of before', async () => {
    const seen: unknown[] = [];
    const prepare: PrepareFile = (file, { id, metadata }) => {
      seen.push([file.name, id, metadata]);
      return { name: 'b.jpg', metadata: { by: 'prepare' } };
    };
    const bench = presignedBench({ prepare, metadata: { by: 'page' } });
    const id = bench.add(fileOf('a.jpg'));

    const mint = await bench.server.nextMint();

    assert.deepEqual(seen, [['a.jpg', id, { by: 'page' }]]);
    assert.deepEqual(mint.json, {
      filename: 'b.jpg',
      contentType: 'application/x-test',
      size: 10,
      metadata: { by: 'prepare' },
    });
    assert.equal(bench.upload(id).name, 'b.jpg');
  });

  it('refuses a file with null', async () => {
    const bench = presignedBench({ prepare: () => null });
    bench.add(fileOf('a.jpg'));

    await bench.settle();
    await bench.settle();

    assert.deepEqual(bench.engine.uploads, []);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ code }) => code),
      ['rejected-before'],
    );
    await bench.transport.quiet();
  });

  it('leaves a file as it is with nothing', async () => {
    const bench = presignedBench({ prepare: () => undefined });
    bench.add(fileOf('a.jpg'));

    assert.equal(((await bench.server.nextMint()).json as { size: number }).size, 10);
  });

  it('fails the upload when it throws, and can be tried again', async () => {
    let isBroken = true;
    const prepare: PrepareFile = (file) => {
      if (isBroken) throw new Error('no canvas');
      return file;
    };
    const bench = presignedBench({ prepare });
    const id = bench.add(fileOf('a.jpg'));
    await bench.settle();
    await bench.settle();
    assert.deepEqual(
      [bench.upload(id).error?.code, bench.upload(id).error?.message],
      ['configuration', 'prepare failed: no canvas'],
    );

    isBroken = false;
    bench.engine.retry(id);

    await bench.server.nextMint();
  });

  it('is told when its result is no longer wanted', async () => {
    let signal: AbortSignal | null = null;
    const prepare: PrepareFile = (_file, context) => {
      signal = context.signal;
      return new Promise(() => {});
    };
    const bench = presignedBench({ prepare });
    const id = bench.add(fileOf('a.jpg'));
    await bench.settle();

    bench.engine.cancel(id);

    assert.equal((signal as AbortSignal | null)?.aborted, true);
    await bench.transport.quiet();
  });

  it('sends nothing where it makes something else than a file, which may have been meant to be encrypted', async () => {
    for (const made of [new ArrayBuffer(8), 'text', 7, new ReadableStream(), { file: null }, { name: ' ' }]) {
      const bench = presignedBench({ prepare: () => made as never });
      const id = bench.add(fileOf('a.jpg'));
      await bench.settle();
      await bench.settle();

      assert.equal(bench.upload(id).error?.code, 'configuration');
      await bench.transport.quiet();
    }
  });

  it('sends two files that get one name under two', async () => {
    const bench = presignedBench({ prepare: (file) => ({ name: file.name.replace(/\w+$/, 'webp') }) });
    bench.engine.addFiles([fileOf('photo.png', 1), fileOf('photo.jpg', 2), fileOf('photo.webp', 3)]);
    await bench.clock.advance(0);

    assert.deepEqual(bench.engine.uploads.map(({ name }) => name).sort(), [
      'photo (2).webp',
      'photo (3).webp',
      'photo.webp',
    ]);
  });

  it('keeps the name that an upload was given where it makes a file of the old name', async () => {
    const prepare: PrepareFile = (file) => new File(['small'], file.name);
    const bench = presignedBench({ prepare, autoStart: false });
    bench.engine.addFiles([fileOf('image.png', 1), fileOf('image.png', 2)]);
    const third = bench.add(fileOf('scan.png', 3));
    bench.engine.rename(third, 'contract.png');
    bench.engine.start();
    await bench.clock.advance(0);

    const names = bench.engine.uploads.map(({ name, size }) => `${name} ${size}`);
    assert.deepEqual(names, ['image.png 5', 'image (2).png 5', 'contract.png 5']);
  });

  it('runs for two files at a time', async () => {
    let running = 0;
    let most = 0;
    const bench = new Bench({
      protocol: 'presigned',
      prepare: async (file) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        return file;
      },
    });
    bench.engine.addFiles(Array.from({ length: 10 }, (_, index) => fileOf(`${index}.jpg`)));
    await bench.clock.advance(1_000);

    assert.equal(most, 2);
    assert.equal(bench.transport.open.length, 10);
  });

  it('runs for two more files when two end at the same time', async () => {
    const finish: ((made: null) => void)[] = [];
    const bench = presignedBench({ prepare: () => new Promise((resolve) => finish.push(resolve)) });
    bench.engine.addFiles(['a', 'b', 'c', 'd'].map((name) => fileOf(name)));
    await bench.settle();
    assert.equal(finish.length, 2);

    for (const refuse of finish.splice(0)) refuse(null);
    await bench.settle();

    assert.equal(finish.length, 2);
    bench.engine.cancel();
  });

  const shorten: PrepareFile = async (chosen) => chosen.slice(0, 30);

  /** It has prepared a file of 50 bytes, which is about to be opened. */
  const firstPage = async (protocol: 'chunked' | 'presigned'): Promise<Bench> => {
    const bench = new Bench({ protocol, prepare: shorten });
    bench.add(fileOf('big.bin', 50));
    await bench.clock.advance(10);
    return bench;
  };

  it('runs again after a reload, and goes on when it makes the same', async () => {
    const first = await firstPage('chunked');
    await first.server.openSession();
    await first.server.takePart();
    await first.clock.advance(1_000);
    const [record] = await first.store.load(SCOPE);
    assert.ok(record);

    const bench = await benchWith([record], { prepare: shorten });
    const [upload] = await bench.engine.restore();
    bench.engine.addFiles([fileOf('big.bin', 50)]);
    await bench.settle();
    await bench.clock.advance(10);
    await bench.server.showParts([1]);

    assert.deepEqual([upload?.size, record.source?.size], [30, 50]);
    assert.equal((await bench.server.nextPart()).partNumber, 2);
  });

  it('says nothing after a reload when nothing is known of what it had made', async () => {
    const first = await firstPage('presigned');
    await first.server.grant();
    await first.clock.advance(1_000);
    const [record] = await first.store.load(SCOPE);
    assert.ok(record?.session);
    assert.equal(record.fingerprint, null);

    const bench = await benchWith([record], { protocol: 'presigned', prepare: shorten });
    await bench.engine.restore();
    bench.engine.addFiles([fileOf('big.bin', 50)]);
    await bench.settle();
    await bench.clock.advance(10);
    await bench.server.store();

    assert.deepEqual(bench.events.of('upload-retry'), []);
    assert.equal(bench.engine.progress.done, 1);
  });

  it('says so when it makes something else after a reload, and begins anew', async () => {
    const source = { name: 'big.bin', relativePath: 'big.bin', size: 50, lastModified: file.lastModified };
    const chosen = fileOf('big.bin', 50);
    const fingerprint = (await recordOf(chosen)).fingerprint;
    const record = await recordOf(file, { source: { ...source, fingerprint, isPrepared: true } });
    const bench = await benchWith([record], { prepare: () => new Blob(['something else']) });
    await bench.engine.restore();

    bench.engine.addFiles([chosen]);
    await bench.settle();
    await bench.clock.advance(10);
    await bench.server.nextInit();

    assert.deepEqual(
      bench.events.of('upload-retry').map(({ error }) => error.code),
      ['source-changed'],
    );
    assert.equal(bench.engine.uploads[0]?.size, 14);
  });
});
