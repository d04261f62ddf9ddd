import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AT_ONCE, nextTask } from '../../src/lib/in-slices.js';
import { Bench, fileOf, namesOf } from '../support/builders.js';

const MANY = 3 * AT_ONCE + 20;

const filesOf = (count: number) => Array.from({ length: count }, (_, index) => fileOf(`${index}.bin`, 1));

/** How many uploads `count` finds after each task, until it finds `all`. */
const byTask = async (all: number, count: () => number): Promise<number[]> => {
  const counts = [count()];
  for (let now = counts[0] ?? 0; now < all; counts.push(now)) {
    await nextTask();
    now = count();
  }
  return counts;
};

const assertInSlices = (counts: readonly number[]): void => {
  const steps = counts.map((count, index) => count - (counts[index - 1] ?? 0));
  assert.ok(Math.max(...steps) <= AT_ONCE, `in steps of ${steps}`);
  assert.ok((counts[0] ?? 0) > 0, 'some at once');
};

/** A bench whose list holds that many files. */
const filled = async (count: number, options = {}): Promise<Bench> => {
  const bench = new Bench({ protocol: 'presigned', ...options });
  bench.engine.addFiles(filesOf(count));
  while (bench.engine.uploads.length < count) await nextTask();
  return bench;
};

const inState = ({ engine }: Bench, state: string): number =>
  engine.uploads.filter((upload) => upload.state === state).length;

describe('Thousands of files', () => {
  it('come on the list in several tasks, in order', async () => {
    const bench = new Bench({ autoStart: false });
    const files = filesOf(MANY);

    const added = bench.engine.addFiles(files);

    assert.equal(added.length, bench.engine.uploads.length);
    assertInSlices(await byTask(MANY, () => bench.engine.uploads.length));
    assert.deepEqual(
      namesOf(bench.engine.uploads),
      files.map(({ name }) => name),
    );
  });

  it('are canceled in several tasks, each once, and none begins in the place of another', async () => {
    const bench = await filled(MANY);
    await bench.settle();
    const before = bench.transport.exchanges.length;
    assert.ok(before > 0, 'some are under way');

    bench.engine.cancel();

    assertInSlices(await byTask(MANY, () => inState(bench, 'canceled')));
    await bench.settle();
    assert.ok(bench.transport.exchanges.length <= before, 'no other file was begun');
    assert.equal(bench.events.of('upload-canceled').length, MANY);
    assert.equal(bench.events.of('queue-complete').length, 1);
  });

  it('are paused and taken up again in several tasks', async () => {
    const bench = await filled(MANY);

    bench.engine.pause();
    assertInSlices(await byTask(MANY, () => inState(bench, 'paused')));
    bench.engine.resume();
    await byTask(MANY, () => MANY - inState(bench, 'paused'));

    assert.equal(bench.engine.progress.pending, MANY);
  });

  it('leave the list and come back to it in several tasks, in their order', async () => {
    const bench = await filled(MANY, { autoStart: false });
    const { uploads } = bench.engine;

    bench.engine.remove(uploads.map(({ id }) => id));
    assertInSlices(await byTask(MANY, () => MANY - bench.engine.uploads.length));
    assert.equal(bench.engine.undo(uploads.map(({ id }) => id)).length, MANY);
    assertInSlices(await byTask(MANY, () => bench.engine.uploads.length));

    assert.deepEqual(namesOf(bench.engine.uploads), namesOf(uploads));
  });

  it('cost as much each as hundreds do', async () => {
    const cpuOf = async (count: number): Promise<number> => {
      const start = process.cpuUsage();
      const bench = await filled(count, { autoStart: false });
      const ids = bench.engine.uploads.map(({ id }) => id);
      bench.engine.cancel();
      await byTask(count, () => inState(bench, 'canceled'));
      bench.engine.clear();
      await byTask(count, () => count - bench.engine.uploads.length);
      bench.engine.undo(ids);
      await byTask(count, () => bench.engine.uploads.length);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    await cpuOf(1_000);

    const [few, many] = [await cpuOf(2_500), await cpuOf(10_000)];

    assert.ok(many < 2.5 * 4 * few, `${few} µs for 2,500 and ${many} µs for 10,000`);
  });
});
