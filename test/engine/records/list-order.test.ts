import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { UploadRecord } from '../../../src/ports/store.js';
import { Bench, fileOf, SCOPE } from '../../support/builders.js';
import { benchWith } from './restored.js';

const NAMES = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];

/** What a page leaves after the user's act, in the order in which a database that knows only ids gives it back. */
const recordsAfter = async (act: (bench: Bench) => void | Promise<void>): Promise<UploadRecord[]> => {
  const bench = new Bench({ protocol: 'chunked', autoStart: false });
  bench.engine.addFiles(NAMES.map((name) => fileOf(name, 30)));
  await bench.clock.advance(2000);
  await act(bench);
  await bench.clock.advance(2000);
  const records = await bench.store.load(SCOPE);
  return records.sort((a, b) => b.name.localeCompare(a.name));
};

const idOf = ({ engine }: Bench, name: string): string =>
  engine.uploads.find((upload) => upload.name === name)?.id ?? '';

const namesIn = ({ engine }: Bench): string[] => engine.uploads.map(({ name }) => name);

const orderAfterReload = async (records: readonly UploadRecord[]): Promise<string[]> => {
  const bench = await benchWith(records);
  await bench.engine.restore();
  return namesIn(bench);
};

describe('The order of the list after a reload', () => {
  it('is that of files which were added together', async () => {
    assert.deepEqual(await orderAfterReload(await recordsAfter(() => {})), NAMES);
  });

  it('is the one that the user moved files into', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 4 }), async (moves) => {
        let left: string[] = [];
        const records = await recordsAfter((bench) => {
          for (const [file, index] of moves) bench.engine.move(idOf(bench, NAMES[file] ?? ''), index);
          left = namesIn(bench);
        });
        assert.deepEqual(await orderAfterReload(records), left);
      }),
      { numRuns: 30 },
    ));

  it('has in their places those whose removal was undone, and first those that were to start first', async () => {
    const records = await recordsAfter(async (bench) => {
      const removed = idOf(bench, 'b.bin');
      bench.engine.remove(removed);
      await bench.clock.advance(1000);
      bench.engine.undo([removed]);
      bench.engine.prioritize(idOf(bench, 'd.bin'));
    });

    assert.deepEqual(await orderAfterReload(records), ['d.bin', 'a.bin', 'b.bin', 'c.bin']);
  });
});
