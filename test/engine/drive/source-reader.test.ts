import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { loadReopening } from '../../../src/engine/drive/source-reader.js';
import type { FileHandle } from '../../../src/ports/source.js';
import { Bench, bytesOf, fileOf } from '../../support/builders.js';
import { received, SESSION } from '../../support/scripted-server.js';

const SIZE = 30;
const DATE = 1_700_000_000_000;

/** A file as browsers give it: once its time has come, nothing of it can be read any more. */
class MortalFile {
  readonly file: File;
  #end: string | null = null;

  constructor(content: Uint8Array<ArrayBuffer> = bytesOf(SIZE), lastModified = DATE) {
    this.file = fileOf('big.bin', content, { lastModified });
    const slice = this.file.slice.bind(this.file);
    this.file.slice = (start?: number, end?: number) => {
      const part = slice(start, end);
      const { arrayBuffer } = part;
      part.arrayBuffer = () =>
        this.#end === null ? arrayBuffer.call(part) : Promise.reject(new DOMException('dead', this.#end));
      return part;
    };
  }

  /** @param name of the error that reading gives from now on. */
  die(name = 'NotReadableError'): void {
    this.#end = name;
  }
}

/** Parts of ten bytes, one after the other; the first is on its way. */
const begin = async (file: File, handle: FileHandle | null) => {
  const bench = new Bench({ protocol: 'chunked', parallel: 1, resume: false });
  const [upload] = bench.engine.addFiles([{ file, handle }]);
  await bench.server.openSession();
  return { bench, id: upload?.id ?? '', first: await bench.server.nextPart() };
};

/** A handle that gives these files one after the other, and the last one ever after. */
const handleOf = (...files: readonly (File | DOMException)[]): FileHandle & { asked: number } => ({
  asked: 0,
  async getFile() {
    const file = files[Math.min(this.asked, files.length - 1)];
    this.asked += 1;
    if (file instanceof File) return file;
    throw file;
  },
});

describe('a file that dies while it is sent', () => {
  // Modules are loaded by the real clock.
  before(loadReopening);

  it('is read before each part, so that nothing of another version is sent', async () => {
    const mortal = new MortalFile();
    const { bench, id, first } = await begin(mortal.file, null);
    mortal.die();
    await received(first);
    await bench.settle();

    assert.equal(bench.upload(id).error?.code, 'source-changed');
    assert.deepEqual(bench.transport.open, []);
  });

  it('is not blamed while the page reads nothing at all, as one that is being left in WebKit', async (t) => {
    const mortal = new MortalFile();
    const { bench, id, first } = await begin(mortal.file, null);
    const reading = t.mock.method(Blob.prototype, 'arrayBuffer', () =>
      Promise.reject(new DOMException('the page is being left', 'NotReadableError')),
    );
    await received(first);
    await bench.clock.advance(2_000);
    assert.equal(bench.state(id), 'uploading');

    reading.mock.restore();
    await bench.clock.advance(2_000);
    await bench.server.takePart();
    assert.deepEqual(bench.events.of('upload-retry'), []);
  });

  it('goes on by itself with a new one from its handle, when it is the same on disk', async () => {
    const mortal = new MortalFile();
    const { bench, id, first } = await begin(mortal.file, handleOf(fileOf('big.bin', SIZE)));
    mortal.die();
    await received(first);
    for (const number of [2, 3]) {
      const part = await bench.server.nextPart();
      assert.deepEqual(
        [part.partNumber, await part.bytes()],
        [number, bytesOf(SIZE).slice(number * 10 - 10, number * 10)],
      );
      await received(part);
    }
    await bench.server.complete();
    await bench.settle();

    assert.equal(bench.state(id), 'done');
    assert.deepEqual(bench.events.of('upload-retry'), []);
  });

  it('goes on by itself when it was only touched', async () => {
    const mortal = new MortalFile();
    const { bench, id, first } = await begin(
      mortal.file,
      handleOf(fileOf('big.bin', SIZE, { lastModified: DATE + 5 })),
    );
    mortal.die();
    await received(first);
    await bench.server.takePart();
    await bench.server.takePart();
    await bench.server.complete();
    await bench.settle();

    assert.equal(bench.state(id), 'done');
  });

  it('is not believed a second time when it is touched again: it is being written to', async () => {
    const [mortal, touched] = [new MortalFile(), new MortalFile(bytesOf(SIZE), DATE + 5)];
    const again = fileOf('big.bin', SIZE, { lastModified: DATE + 9 });
    const { bench, id, first } = await begin(mortal.file, handleOf(touched.file, again));
    mortal.die();
    await received(first);
    const second = await bench.server.nextPart();
    touched.die();
    await received(second);
    await bench.settle();

    assert.equal(bench.upload(id).error?.code, 'source-changed');
  });

  it('ends as changed when there is other content', async () => {
    const mortal = new MortalFile();
    const { bench, id, first } = await begin(mortal.file, handleOf(fileOf('big.bin', bytesOf(SIZE, 9))));
    mortal.die();
    await received(first);
    await bench.settle();

    assert.equal(bench.upload(id).error?.code, 'source-changed');
  });

  it('ends as unreadable when it is gone', async () => {
    const mortal = new MortalFile();
    const { bench, id, first } = await begin(mortal.file, handleOf(new DOMException('gone', 'NotFoundError')));
    mortal.die();
    await received(first);
    await bench.settle();

    assert.equal(bench.upload(id).error?.code, 'source-unreadable');
  });

  it('ends as unreadable when it is there, unchanged, and locked', async () => {
    const [mortal, locked] = [new MortalFile(), new MortalFile()];
    const { bench, id, first } = await begin(mortal.file, handleOf(locked.file));
    mortal.die();
    locked.die();
    await received(first);
    await bench.settle();

    assert.equal(bench.upload(id).error?.code, 'source-unreadable');
  });

  it('ends as unreadable when it is there and locked, so that its content cannot be compared', async () => {
    const [mortal, locked] = [new MortalFile(), new MortalFile()];
    locked.file.arrayBuffer = () => Promise.reject(new DOMException('locked', 'NotReadableError'));
    const { bench, id, first } = await begin(mortal.file, handleOf(locked.file));
    mortal.die();
    await received(first);
    await bench.settle();

    assert.equal(bench.upload(id).error?.code, 'source-unreadable');
  });

  it('waits for permission when that was taken away, and goes on when it is given back', async () => {
    const mortal = new MortalFile();
    let permission: PermissionState = 'granted';
    const handle = {
      ...handleOf(fileOf('big.bin', SIZE)),
      queryPermission: async () => permission,
      requestPermission: async () => {
        permission = 'granted';
        return permission;
      },
    };
    const { bench, id, first } = await begin(mortal.file, handle);
    mortal.die();
    permission = 'prompt';
    await received(first);
    await bench.settle();
    assert.equal(bench.state(id), 'paused needs-permission');
    bench.engine.resume(id);
    await bench.server.showParts([1]);

    assert.equal((await bench.server.nextPart()).partNumber, 2);
  });

  it('is asked for once, however many lanes find it dead', async () => {
    const mortal = new MortalFile();
    const handle = handleOf(fileOf('big.bin', SIZE));
    const bench = new Bench({ protocol: 'chunked', parallel: 3, resume: false });
    bench.engine.addFiles([{ file: mortal.file, handle }]);
    const init = await bench.server.nextInit();
    mortal.die();
    await init.answer({ json: SESSION });
    for (let part = 1; part <= 3; part++) await bench.server.takePart();
    await bench.server.complete();

    assert.equal(handle.asked, 1);
  });

  it('is sent anew when the request noticed first, and the failed try counts', async () => {
    const mortal = new MortalFile();
    const { bench, first } = await begin(mortal.file, handleOf(fileOf('big.bin', SIZE)));
    mortal.die();
    await first.fail('network');
    await bench.clock.advance(1_000);

    assert.equal((await bench.server.nextPart()).partNumber, 1);
    assert.equal(bench.events.of('upload-retry').length, 1);
  });
});

describe('a brief file that cannot be read', () => {
  for (const code of ['network', 'cors'] as const) {
    it(`ends as changed when its request has failed as ${code}, and is no failure of the line`, async () => {
      const mortal = new MortalFile();
      const bench = new Bench({ protocol: 'presigned', resume: false });
      const id = bench.add(mortal.file);
      mortal.die();
      await bench.server.grant();
      const put = await bench.server.nextPut();
      await put.fail(code);
      if (code === 'cors') {
        // As of an expired grant, for which another one is asked once.
        await bench.server.grant();
        await (await bench.server.nextPut()).fail(code);
      }
      await bench.settle();

      assert.equal(bench.upload(id).error?.code, 'source-changed');
      assert.equal(bench.slots(new URL(put.url).origin).line.failedAt, Number.NEGATIVE_INFINITY);
    });
  }
});

describe('a drive that does not answer', () => {
  it('ends the upload after a while, and a later retry may find it', async (t) => {
    const bench = new Bench({ protocol: 'chunked' });
    const controller = new AbortController();
    t.mock.method(AbortSignal, 'timeout', () => controller.signal);
    const file = fileOf('big.bin', SIZE);
    const { arrayBuffer } = file;
    file.arrayBuffer = () => new Promise(() => {});
    const [{ id = '' } = {}] = bench.engine.addFiles([{ file, handle: handleOf(file) }]);
    await bench.settle();
    assert.equal(bench.state(id), 'preparing');

    controller.abort(new DOMException('late', 'TimeoutError'));
    await bench.settle();
    const { code, retriable } = bench.upload(id).error ?? {};
    assert.deepEqual([bench.state(id), code, retriable], ['failed', 'source-unreadable', true]);

    t.mock.restoreAll();
    file.arrayBuffer = arrayBuffer;
    bench.engine.retry(id);
    await bench.server.openSession();
  });
});
