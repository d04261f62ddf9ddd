import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf } from '../../support/builders.js';
import { benchWith, file, recordOf } from './restored.js';

describe('Restorer, faults', () => {
  it('brings back all, also where a browser refuses to say what a handle may', async () => {
    const handle = {
      getFile: async () => file,
      queryPermission: async (): Promise<PermissionState> => {
        throw new DOMException('not here', 'NotAllowedError');
      },
    };
    const bench = await benchWith([await recordOf(file, { handle }), await recordOf(fileOf('other.bin', 30))]);

    await bench.engine.restore();

    assert.deepEqual(
      bench.engine.uploads.map(({ state, reason }) => reason ?? state),
      ['preparing', 'needs-file'],
    );
  });

  it('gives up a record whose receipts are none, and no other', async () => {
    const bad = await recordOf(fileOf('bad.bin', 30), { receipts: [null] as never });
    const bench = await benchWith([bad, await recordOf(file)]);

    await bench.engine.restore();

    assert.deepEqual(
      bench.engine.uploads.map(({ name }) => name),
      ['big.bin'],
    );
    assert.equal(await bench.store.get(bad.id), null);
  });
});

describe('An engine that is closed while it restores', () => {
  it('goes on, because what it finds may go on', async () => {
    const bench = await benchWith([await recordOf(file, { handle: { getFile: async () => file } })]);

    const restoring = bench.engine.restore();
    assert.equal(bench.engine.close(), false);
    await restoring;

    await bench.server.nextInspect();
  });

  it('is closed once there was nothing', async () => {
    const bench = new Bench({}, { store: new MemoryStore() });

    await bench.engine.restore();

    assert.equal(bench.engine.close(), true);
  });
});
