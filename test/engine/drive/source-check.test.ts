import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { loadReopening } from '../../../src/engine/drive/source-reader.js';
import type { Store, UploadRecord } from '../../../src/ports/store.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf } from '../../support/builders.js';
import { received, SESSION } from '../../support/scripted-server.js';
import { FragileFile } from '../simulation/fragile-file.js';

const content = new Uint8Array(30).map((_, index) => index);

/** Three parts of ten bytes, of which the first is sent before the file is written to, and the others after. */
const mixed = async () => {
  const store = new MemoryStore({ wallNow: () => 0 });
  const bench = new Bench({ protocol: 'chunked', parallel: 1 }, { store });
  const fragile = new FragileFile('a.bin', content);
  const id = bench.add(fragile.file);
  await bench.server.openSession();
  await bench.server.takePart();
  fragile.isRewritten = true;
  await bench.server.takePart();
  return { bench, id, fragile, store };
};

describe('A file that was written to while its parts were read', () => {
  it('is not finished by a later page that has not seen the file, though every part is stored', async () => {
    const { bench, store } = await mixed();
    const last = await bench.server.nextPart();
    bench.engine.addEventListener('part-complete', () => bench.engine.pause());
    await received(last);
    await bench.clock.advance(1_000);

    const next = new Bench({ protocol: 'chunked' }, { store });
    const [found] = await next.engine.restore();

    assert.deepEqual([found?.confirmedBytes, found?.reason], [30, 'needs-file']);
    await next.transport.quiet();
  });

  it('begins at zero when it is tried again, and says so', async () => {
    const { bench, id } = await mixed();
    await bench.server.takePart();
    assert.equal(bench.upload(id).error?.code, 'source-changed');

    bench.engine.retry(id);
    assert.equal((await bench.transport.next('DELETE', '/uploads/s1')).isOpen, true);
    await (await bench.server.nextInit()).answer({ json: { ...SESSION, upload_id: 's2' } });
    const bodies: number[] = [];
    for (let part = 1; part <= 3; part++) {
      const exchange = await bench.transport.next('PUT', '/uploads/s2/parts');
      bodies.push(...(await exchange.bytes()));
      await received(exchange);
    }
    await (await bench.transport.next('POST', '/uploads/s2/complete')).answer({ json: { file_id: 'f1' } });

    assert.equal(bench.state(id), 'done');
    assert.deepEqual(
      bodies,
      Array.from(content, (byte) => byte ^ 0xff),
    );
    assert.deepEqual(
      bench.events.of('upload-retry').map(({ error }) => error.code),
      ['part-mismatch'],
    );
  });
});

describe('A file that cannot be read once its parts are stored', () => {
  // Modules are loaded by the real clock.
  before(loadReopening);

  it('is asked for, and its upload is not finished without it', async () => {
    const bench = new Bench({ protocol: 'chunked', parallel: 1 });
    const fragile = new FragileFile('a.bin', content);
    const queryPermission = async (): Promise<PermissionState> => 'prompt';
    const [upload] = bench.engine.addFiles([
      { file: fragile.file, handle: { getFile: async () => fragile.file, queryPermission } },
    ]);
    assert.ok(upload);
    await bench.server.openSession();
    for (let part = 1; part <= 2; part++) await bench.server.takePart();
    const last = await bench.server.nextPart();
    fragile.isReadable = false;
    await received(last);
    assert.equal(bench.state(upload.id), 'paused needs-permission');

    bench.engine.retry(upload.id);
    await bench.transport.quiet();

    fragile.isReadable = true;
    bench.engine.addFiles([fragile.file]);
    await bench.server.showParts([1, 2, 3]);
    await bench.server.complete();
    assert.equal(bench.state(upload.id), 'done');
  });
});

describe('A file that stayed the same', () => {
  it('is finished by a later page without it, once that was seen', async () => {
    const store = new MemoryStore({ wallNow: () => 0 });
    const bench = new Bench({ protocol: 'chunked', parallel: 1 }, { store });
    bench.add(new FragileFile('a.bin', content).file);
    await bench.server.openSession();
    for (let part = 1; part <= 2; part++) await bench.server.takePart();
    await bench.clock.advance(250);
    await bench.server.takePart();
    await bench.server.nextComplete();

    const next = new Bench({ protocol: 'chunked' }, { store });
    await next.engine.restore();
    await next.server.showParts([1, 2, 3]);
    await next.server.complete();

    assert.deepEqual(
      next.engine.uploads.map(({ state }) => state),
      ['done'],
    );
  });

  it('is not recorded once more before its end, where it is brief and of one part', async () => {
    const store = new MemoryStore({ wallNow: () => 0 });
    let writes = 0;
    const put: Store['put'] = (records) => {
      writes += 1;
      return store.put(records);
    };
    const counting: Store = {
      load: (scope) => store.load(scope),
      get: (id) => store.get(id),
      put,
      delete: (ids) => store.delete(ids),
    };
    const bench = new Bench({ protocol: 'chunked', parallel: 1 }, { store: counting });
    bench.add(fileOf('a.bin', 8));
    await bench.server.openSession();
    await bench.clock.advance(250);
    const before = writes;
    assert.ok(before > 0, 'it has a record');

    await bench.server.takePart();
    await bench.server.nextComplete();

    assert.equal(writes, before);
  });

  it('is finished by a later try although it was written to after that was seen', async () => {
    const bench = new Bench({ protocol: 'chunked', parallel: 1 });
    const fragile = new FragileFile('a.bin', content);
    const id = bench.add(fragile.file);
    await bench.server.openSession();
    for (let part = 1; part <= 3; part++) await bench.server.takePart();
    await (await bench.server.nextComplete()).answer({ status: 400 });
    assert.equal(bench.state(id), 'failed');

    fragile.isRewritten = true;
    bench.engine.retry(id);
    await bench.server.showParts([1, 2, 3]);
    // Whether the first try completed the session after all.
    await bench.server.showParts([1, 2, 3]);
    await bench.server.complete();

    assert.equal(bench.state(id), 'done');
  });
});

describe('A store', () => {
  const never = new Promise<never>(() => {});
  const hanging: Store = { load: () => never, get: () => never, put: () => never, delete: () => never };
  /** Three parts of ten bytes, and the end of the upload. */
  const sendAll = async (bench: Bench, limits: object = {}) => {
    const id = bench.add(new FragileFile('a.bin', content).file);
    await bench.server.openSession(limits);
    for (let part = 1; part <= 3; part++) await bench.server.takePart();
    await bench.server.complete();
    assert.equal(bench.state(id), 'done');
  };

  it('is not written to for an upload that was not recorded before its parts were stored', async () => {
    const log: string[] = [];
    const put = async (records: readonly UploadRecord[]) => {
      log.push(...records.map(({ name }) => name));
    };
    const bench = new Bench({ protocol: 'chunked', parallel: 1 }, { store: { ...hanging, put } });
    await sendAll(bench);
    await bench.clock.advance(1_000);

    assert.deepEqual(log, []);
  });

  it('that hangs or fails holds no upload back', async () => {
    const failing = { ...hanging, put: async () => Promise.reject(new DOMException('full', 'QuotaExceededError')) };
    for (const store of [hanging, failing]) await sendAll(new Bench({ protocol: 'chunked', parallel: 1 }, { store }));
  });

  it('holds no upload back while its code is being loaded', async () => {
    for (const limits of [{}, { part_size: undefined, max_part_size: 10 }]) {
      await sendAll(new Bench({ protocol: 'chunked', parallel: 1 }, { loaded: () => never }), limits);
    }
  });
});
