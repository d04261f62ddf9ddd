import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadPreparing } from '../../../src/engine/drive/drive-upload.js';
import { MAX_OPEN } from '../../../src/engine/upload/upload-list.js';
import { MiB } from '../../../src/lib/byte-size.js';
import { type Bench, fileOf, namesOf, presignedBench } from '../../support/builders.js';

const begun = ({ events }: Bench): string[] =>
  events.of('upload-state').flatMap(({ upload }) => (upload.state === 'preparing' ? [upload.name] : []));

describe('UploadList, progress of all', () => {
  it('adds up all but the canceled, and reaches 1 only when all are done', async () => {
    const bench = presignedBench();
    const first = bench.add(fileOf('a.txt', 30));
    bench.engine.pause(bench.add(fileOf('b.txt', 70)));
    bench.engine.cancel(bench.add(fileOf('c.txt', 900)));
    await bench.server.store();

    assert.equal(bench.state(first), 'done');
    const { total, done, canceled, pending, totalBytes, confirmedBytes, ratio } = bench.engine.progress;
    assert.deepEqual(
      { total, done, canceled, pending, totalBytes, confirmedBytes, ratio },
      { total: 3, done: 1, canceled: 1, pending: 1, totalBytes: 100, confirmedBytes: 30, ratio: 0.3 },
    );
    bench.engine.resume();
    await bench.server.store();

    assert.equal(bench.engine.progress.ratio, 1);
  });

  it('does not read 100 % of files without bytes before they are done', async () => {
    const bench = presignedBench({ autoStart: false });
    assert.equal(bench.engine.progress.ratio, 0);

    bench.add(fileOf('empty', 0));

    assert.equal(bench.engine.progress.ratio, 0);
  });
});

describe('UploadList, places', () => {
  it('frees the place of a small file that became big by `prepare`, also when it was paused and resumed', async () => {
    const big = new Blob([new Uint8Array(9 * MiB)]);
    const bench = presignedBench({ prepare: () => big });
    const small = (name: string) => bench.add(fileOf(name, new Uint8Array(5 * MiB)));
    await loadPreparing();
    for (let round = 0; round < MAX_OPEN.small; round++) {
      const id = small(`${round}.bin`);
      await bench.server.grant();
      await bench.server.nextPut();
      bench.engine.pause(id);
      bench.engine.resume(id);
      bench.engine.cancel(id);
      await bench.settle();
    }

    small('last.bin');

    await bench.server.nextMint();
  });
});

describe('UploadList, prioritize', () => {
  it('lets an upload begin before all others that wait for their turn', async () => {
    const bench = presignedBench();
    const ids = Array.from({ length: 30 }, (_, index) => bench.add(fileOf(`${index}.txt`)));
    await bench.settle();
    const running = begun(bench).length;
    assert.ok(running < 29, 'some wait');
    bench.engine.prioritize(ids[29] ?? '');
    assert.equal(namesOf(bench.engine.uploads)[running], '29.txt');
    bench.engine.cancel(ids[0]);
    await bench.settle();
    assert.equal(begun(bench).at(-1), '29.txt');
  });

  it('holds also for uploads that wait for start()', async () => {
    const bench = presignedBench({ autoStart: false });
    const [, , third] = ['a', 'b', 'c'].map((name) => bench.add(fileOf(name)));
    bench.engine.prioritize(third ?? '');
    assert.deepEqual(namesOf(bench.engine.uploads), ['c', 'a', 'b']);
    bench.engine.start();
    await bench.settle();
    assert.deepEqual(begun(bench), ['c', 'a', 'b']);
  });

  it('leaves alone what does not wait, and ids that it does not know', async () => {
    const bench = presignedBench();
    const [, second] = ['a', 'b'].map((name) => bench.add(fileOf(name)));
    await bench.settle();
    bench.engine.prioritize(second ?? '');
    bench.engine.prioritize('no-such-upload');
    assert.deepEqual(namesOf(bench.engine.uploads), ['a', 'b']);
  });
});

describe('UploadList, snapshots', () => {
  const index = fc.nat({ max: 9 });
  const step = fc.oneof(
    fc.constant({ act: 'add' } as const),
    fc.constant({ act: 'read' } as const),
    fc.record({ act: fc.constantFrom('cancel', 'rename', 'remove', 'prioritize'), index }),
    fc.record({ act: fc.constant('move'), index, to: index }),
  );

  it('show every upload as it is, in the order of the list, however they change between two looks', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const bench = presignedBench({ autoStart: false });
        const { engine } = bench;
        let expected: { readonly id: string; readonly name: string; readonly state: string }[] = [];
        steps.forEach((step, turn) => {
          const seen = 'index' in step ? expected[step.index] : undefined;
          const change = (facts: object) => {
            expected = expected.map((upload) => (upload === seen ? { ...upload, ...facts } : upload));
          };
          const place = (upload: (typeof expected)[number], to: number) => {
            expected = expected.filter((other) => other !== upload);
            expected.splice(to, 0, upload);
          };
          if (step.act === 'add') {
            const name = `${turn}.txt`;
            expected.push({ id: bench.add(fileOf(name, turn + 1)), name, state: 'queued' });
          } else if (step.act === 'read') {
            assert.deepEqual(
              engine.uploads.map(({ id, name, state }) => ({ id, name, state })),
              expected,
            );
          } else if (seen === undefined) return;
          else if (step.act === 'cancel') {
            engine.cancel(seen.id);
            change({ state: 'canceled' });
          } else if (step.act === 'rename' && seen.state === 'queued') {
            engine.rename(seen.id, `renamed ${turn}.txt`);
            change({ name: `renamed ${turn}.txt` });
          } else if (step.act === 'remove') {
            engine.remove(seen.id);
            expected = expected.filter((upload) => upload !== seen);
          } else if (step.act === 'move' && 'to' in step) {
            engine.move(seen.id, step.to);
            place(seen, step.to);
          } else if (step.act === 'prioritize' && seen.state === 'queued') {
            engine.prioritize(seen.id);
            place(
              seen,
              expected.findIndex(({ state }) => state === 'queued'),
            );
          }
        });
        const last = engine.uploads;
        assert.deepEqual(
          last.map(({ id }) => id),
          expected.map(({ id }) => id),
        );
        assert.equal(engine.uploads, last);
      }),
    );
  });
});
