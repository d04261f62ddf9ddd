import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, fileOf } from '../support/builders.js';

const names = ({ engine }: Bench): string[] => engine.uploads.map(({ name }) => name);

const begun = ({ events }: Bench): string[] =>
  events.of('upload-state').flatMap(({ upload }) => (upload.state === 'preparing' ? [upload.name] : []));

describe('prioritize', () => {
  it('lets an upload begin before all others that wait for their turn', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    const ids = Array.from({ length: 30 }, (_, index) => bench.add(fileOf(`${index}.txt`)));
    await bench.settle();
    const running = begun(bench).length;
    assert.ok(running < 29, 'some wait');
    bench.engine.prioritize(ids[29] ?? '');
    assert.equal(names(bench)[running], '29.txt');
    bench.engine.cancel(ids[0]);
    await bench.settle();
    assert.equal(begun(bench).at(-1), '29.txt');
  });

  it('holds also for uploads that wait for start()', async () => {
    const bench = new Bench({ protocol: 'presigned', autoStart: false });
    const [, , third] = ['a', 'b', 'c'].map((name) => bench.add(fileOf(name)));
    bench.engine.prioritize(third ?? '');
    assert.deepEqual(names(bench), ['c', 'a', 'b']);
    bench.engine.start();
    await bench.settle();
    assert.deepEqual(begun(bench), ['c', 'a', 'b']);
  });

  it('leaves alone what does not wait, and ids that it does not know', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    const [, second] = ['a', 'b'].map((name) => bench.add(fileOf(name)));
    await bench.settle();
    bench.engine.prioritize(second ?? '');
    bench.engine.prioritize('nobody');
    assert.deepEqual(names(bench), ['a', 'b']);
  });
});
