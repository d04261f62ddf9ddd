import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, bytesOf, fileOf, namesOf } from '../../support/builders.js';
import { SESSION } from '../../support/scripted-server.js';
import { benchWith, file, recordOf } from './restored.js';

describe('A file that is chosen again', () => {
  it('is an upload of its own where two wait that look like it', async () => {
    const first = await recordOf(file);
    const bench = await benchWith([first, { ...first, id: 'r2', fingerprint: 'of other content' }]);
    await bench.engine.restore();

    bench.engine.addFiles([fileOf('big.bin', bytesOf(30, 99), { lastModified: file.lastModified })]);
    await bench.server.nextInit();

    assert.deepEqual(
      bench.engine.uploads.map(({ state }) => state),
      ['paused', 'paused', 'preparing'],
    );
  });

  it('goes on as the upload that was sent under another name', async () => {
    const store = new MemoryStore({ wallNow: () => 0 });
    const before = new Bench({ protocol: 'chunked' }, { store });
    before.engine.addFiles([fileOf('image.png', bytesOf(30, 1)), fileOf('image.png', bytesOf(31, 2))]);
    for (let sessions = 1; sessions <= 2; sessions++) {
      await (await before.server.nextInit()).answer({ json: { ...SESSION, upload_id: `s${sessions}` } });
    }
    await before.clock.advance(1_000);
    const bench = new Bench({ protocol: 'chunked' }, { store });
    await bench.engine.restore();

    const added = bench.engine.addFiles([fileOf('image.png', bytesOf(31, 2))]);
    await bench.settle();

    assert.deepEqual(namesOf(added), ['image (2).png']);
    assert.deepEqual(
      bench.engine.uploads.map(({ name, reason }) => [name, reason]),
      [
        ['image.png', 'needs-file'],
        ['image (2).png', null],
      ],
    );
  });

  it('takes the name of the upload that failed when it has changed since', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const id = bench.add(file);
    await (await bench.server.nextInit()).answer({ status: 413 });
    assert.equal(bench.state(id), 'failed');

    bench.engine.addFiles([fileOf('big.bin', bytesOf(30, 99), { lastModified: file.lastModified })]);
    await bench.server.nextInit();

    assert.deepEqual(
      bench.engine.uploads.map(({ state, name }) => [state, name]),
      [
        ['failed', 'big.bin'],
        ['preparing', 'big.bin'],
      ],
    );
  });
});
