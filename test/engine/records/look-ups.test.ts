import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileOf } from '../../support/builders.js';
import { FakeLockManager } from '../../support/fake-ports.js';
import { benchWith, file, recordOf } from './restored.js';

describe('Two look-ups of what an earlier page left', () => {
  it('tell the progress of the upload that is on the list, and not of another that was made of its record', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const tab = new FakeLockManager().tab();
    const locks = { ...tab, tryHold: (name: string) => answered.then(() => tab.tryHold(name)) };
    const bench = await benchWith([await recordOf(file)], {}, { locks });
    const restoring = Promise.all([bench.engine.restore(), bench.engine.restore()]);
    await bench.settle();
    answer();
    await restoring;

    bench.add(fileOf('big.bin', 30));
    await bench.server.showParts([1, 2, 3]);
    await bench.clock.advance(1_000);

    assert.deepEqual(
      bench.events.of('upload-progress').map(({ upload }) => upload.confirmedBytes),
      [30],
    );
  });

  it('are over when all that the first has found is on the list', async () => {
    let show = (_: File) => {};
    const shown = new Promise<File>((resolve) => {
      show = resolve;
    });
    const bench = await benchWith([await recordOf(file, { handle: { getFile: () => shown } })]);
    const listed: number[] = [];
    void bench.engine.restore();
    await bench.settle();
    const second = bench.engine.restore().then(() => listed.push(bench.engine.uploads.length));
    await bench.settle();
    show(file);
    await second;

    assert.deepEqual(listed, [1]);
  });
});
