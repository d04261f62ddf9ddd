import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RELEASE_AFTER_MS } from '../../../src/engine/upload/undo-buffer.js';
import { isUploadError } from '../../../src/preset.js';
import { Bench, fileOf, namesOf, openChunked, presignedBench } from '../../support/builders.js';

const idle = (...names: string[]) => {
  const bench = presignedBench({ autoStart: false });
  const ids = names.map((name) => bench.add(fileOf(name)));
  return { bench, ids, id: ids[0] ?? '' };
};

describe('An upload that was not opened', () => {
  it('is sent under the name that it was given, in its folder', async () => {
    const bench = presignedBench({ autoStart: false });
    const id = bench.add(fileOf('a.txt'), 'folder/a.txt');
    assert.equal(bench.engine.rename(id, ' b.txt '), true);
    bench.engine.start();
    const { filename, relativePath } = (await bench.server.nextMint()).json as Record<string, unknown>;
    assert.deepEqual([filename, relativePath], ['b.txt', 'folder/b.txt']);
  });

  it('takes no name that another file has, and none that is a path or empty', () => {
    const { bench, id } = idle('a.txt', 'b.txt');
    assert.equal(bench.engine.rename(id, 'b.txt'), true);
    assert.deepEqual(namesOf(bench.engine.uploads), ['b (2).txt', 'b.txt']);
    for (const name of ['', ' ', '.', '..', 'x/y', 'x\\y', 'x\0']) assert.equal(bench.engine.rename(id, name), false);
    assert.equal(bench.engine.rename('unknown', 'c.txt'), false);
    assert.deepEqual(namesOf(bench.engine.uploads), ['b (2).txt', 'b.txt']);
  });

  it('takes other metadata after its own could not be sent, and is then sent', async () => {
    const bench = presignedBench({ metadata: { wrong: 1n } });
    const id = bench.add(fileOf('a.txt'));
    await bench.settle();
    assert.equal(bench.state(id), 'failed');

    assert.equal(bench.engine.setMetadata(id, { album: 1 }), true);
    bench.engine.retry(id);

    assert.deepEqual(((await bench.server.nextMint()).json as Record<string, unknown>).metadata, { album: 1 });
  });

  it('is sent with the metadata that it was given', async () => {
    const { bench, id } = idle('a.txt');
    assert.equal(bench.engine.setMetadata(id, { album: 1 }), true);
    bench.engine.start();
    assert.deepEqual(((await bench.server.nextMint()).json as Record<string, unknown>).metadata, { album: 1 });
  });

  for (const [what, value] of [
    ['a BigInt', 1n],
    ['a cycle', Object.assign([] as unknown[], { 0: [] as unknown[] })],
  ] as const) {
    if (Array.isArray(value)) value[0] = value;

    it(`refuses metadata with ${what}, naming the field`, () => {
      const { bench, id } = idle('a.txt');
      const act = () => bench.engine.setMetadata(id, { fine: 1, wrong: value });
      assert.throws(
        act,
        (error) => isUploadError(error) && error.code === 'configuration' && /wrong/.test(error.message),
      );
    });

    it(`fails, naming the field, with ${what} in the metadata of all`, async () => {
      const bench = presignedBench({ metadata: { fine: 1, wrong: value } });
      const id = bench.add(fileOf('a.txt'));
      await bench.settle();
      assert.equal(bench.upload(id).error?.code, 'configuration');
      assert.match(bench.upload(id).error?.message ?? '', /wrong/);
    });
  }
});

describe('An upload that was opened', () => {
  it('keeps its name and metadata', async () => {
    const { bench, id } = await openChunked(20);
    assert.equal(bench.engine.rename(id, 'other.bin'), false);
    assert.equal(bench.engine.setMetadata(id, { album: 1 }), false);
    assert.equal(bench.upload(id).name, 'big.bin');
  });

  it('says no progress twice', async () => {
    const { bench, id } = await openChunked(20, { parallel: 1 });
    const part = await bench.server.nextPart();
    part.progress(5);
    await bench.clock.advance(1_000);
    bench.events.clear();
    for (let time = 1; time <= 3; time += 1) part.progress(5);
    await bench.clock.advance(1_000);
    assert.deepEqual(bench.events.of('upload-progress'), []);
    assert.equal(bench.upload(id).sentBytes, 5);
  });

  it('leaves no session behind where no parts can hold its file', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const id = bench.add(fileOf('big.bin', 100));
    await bench.server.openSession({ part_size: 10, max_parts: 5 });
    assert.equal(bench.upload(id).error?.code, 'too-large');
    await bench.transport.next('DELETE', '/uploads/s1');
  });

  it('is shown as waiting while its origin has asked for a pause', async () => {
    const { bench, id } = await openChunked(20, { parallel: 1 });
    await (await bench.server.nextPart()).answer({ status: 429, headers: { 'Retry-After': '300' } });
    assert.equal(bench.state(id), 'waiting throttled');
    const next = bench.add(fileOf('next.bin', 20));
    await (await bench.server.nextInit()).answer({ json: { upload_id: 's2', part_size: 10 } });
    await bench.clock.advance(2_000);
    assert.equal(bench.state(next), 'waiting throttled');
    assert.ok(bench.upload(next).resumesAt !== null);
  });
});

describe('The order of the list', () => {
  it('is that in which those begin that wait', async () => {
    const { bench, ids } = idle('a.txt', 'b.txt', 'c.txt');
    assert.equal(bench.engine.move(ids[2] ?? '', 0), true);
    assert.equal(bench.engine.move(ids[0] ?? '', 99), true);
    assert.equal(bench.engine.move('unknown', 0), false);
    assert.deepEqual(namesOf(bench.engine.uploads), ['c.txt', 'b.txt', 'a.txt']);

    bench.engine.start();

    for (const name of ['c.txt', 'b.txt', 'a.txt']) {
      assert.equal(((await bench.server.nextMint()).json as Record<string, unknown>).filename, name);
    }
  });
});

describe('A cancel that is undone', () => {
  it('lets what was sending go on, and keeps paused what was paused', async () => {
    const { bench, id, server, engine } = await openChunked(20, { parallel: 1 });
    await server.takePart();
    const paused = bench.add(fileOf('paused.bin', 20));
    engine.pause(paused);
    engine.cancel();
    await bench.clock.advance(RELEASE_AFTER_MS - 2_000);

    assert.deepEqual(
      engine.undo([id, paused]).map((upload) => upload.id),
      [id, paused],
    );

    assert.equal(bench.state(paused), 'paused user');
    await server.showParts([1]);
    await server.takePart();
    await server.complete();
    assert.equal(bench.state(id), 'done');
  });

  it('brings back in its place what was taken off the list', async () => {
    const { bench, ids } = idle('a.txt', 'b.txt', 'c.txt');
    bench.engine.remove(ids[1] ?? '');
    assert.deepEqual(namesOf(bench.engine.uploads), ['a.txt', 'c.txt']);
    bench.engine.undo([ids[1] ?? '']);
    assert.deepEqual(namesOf(bench.engine.uploads), ['a.txt', 'b.txt', 'c.txt']);
    assert.deepEqual(
      bench.engine.uploads.map(({ state }) => state),
      ['queued', 'queued', 'queued'],
    );
    await bench.transport.quiet();
  });
});

describe('A canceled upload that is taken up again', () => {
  const canceled = async () => {
    const opened = await openChunked(20, { parallel: 1 });
    await opened.server.takePart();
    opened.engine.cancel(opened.id);
    await opened.clock.advance(RELEASE_AFTER_MS - 1_000);
    return opened;
  };

  it('goes on from what is confirmed, while the server still has it', async () => {
    const { bench, id, server, events } = await canceled();
    bench.engine.retry(id);
    await server.showParts([1]);
    assert.equal((await server.nextPart()).partNumber, 2);
    assert.equal(events.of('upload-canceled').length, 1);
    await bench.clock.advance(RELEASE_AFTER_MS);
    assert.deepEqual(
      bench.transport.exchanges.filter(({ method }) => method === 'DELETE'),
      [],
    );
  });

  it('begins anew once its session was released', async () => {
    const { bench, id, server } = await canceled();
    await bench.clock.advance(2_000);
    await (await bench.transport.next('DELETE', '/uploads/s1')).answer({});
    bench.engine.retry(id);
    await (await server.nextInspect()).answer({ status: 404 });
    await server.openSession();
    assert.equal((await server.nextPart()).partNumber, 1);
  });
});
