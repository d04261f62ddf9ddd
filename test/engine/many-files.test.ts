import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AT_ONCE, nextTask } from '../../src/lib/in-slices.js';
import { AlbumServer } from '../support/album-server.js';
import { Bench, fileOf, namesOf, presignedBench } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';

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

/** An engine that waits for `start()`, and a backend that stores what it gets. */
const albums = (options = {}) => {
  const clock = new FakeClock();
  const server = new AlbumServer(clock);
  const setUp = { endpoint: 'https://app.test/a', protocol: 'chunked', autoStart: false } as const;
  const { engine } = new Bench({ ...setUp, ...options }, { transport: server, clock });
  return { engine, clock, server };
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

  for (const [command, state] of [
    ['pause', 'paused'],
    ['cancel', 'canceled'],
  ] as const) {
    it(`obey ${command}(), though most of them come on the list after it`, async () => {
      const bench = presignedBench();
      bench.engine.addFiles(filesOf(MANY));

      bench.engine[command]();
      await byTask(MANY, () => inState(bench, state));

      assert.equal(bench.engine.uploads.length, MANY);
      assert.equal(bench.transport.exchanges.length, 0);
    });
  }

  it('are stored after start(), though most of them come on the list after it', async () => {
    const { engine, clock, server } = albums();
    engine.addFiles(filesOf(MANY));

    engine.start();
    await clock.advanceUntil(() => engine.progress.done === MANY);

    assert.equal(server.stored.length, MANY);
  });

  it('are stored after start(), though their handles are opened after it', async () => {
    const { engine, clock, server } = albums();
    engine.addFiles(['a', 'b'].map((name) => ({ getFile: async () => fileOf(name) })));

    engine.start();
    await clock.advanceUntil(() => engine.progress.done === 2);

    assert.equal(server.stored.length, 2);
  });

  it('go where they were to go, though another endpoint is set before all are on the list', async () => {
    const { engine, clock, server } = albums({ autoStart: true });
    engine.addFiles(filesOf(MANY));

    engine.configure({ endpoint: 'https://app.test/b' });
    await clock.advanceUntil(() => engine.progress.done === MANY);

    assert.deepEqual([...new Set(server.stored.map(({ album }) => album))].length, 1);
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
