import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextTask } from '../../../src/lib/in-slices.js';
import { Bench, fileOf } from '../../support/builders.js';

/** Adds files with these paths, and tells the order in which they are on the list. */
const orderOf = (paths: readonly string[]): string[] => {
  const { engine } = new Bench({ autoStart: false });
  engine.addFiles(paths.map((path) => ({ file: fileOf(path.split('/').at(-1) ?? ''), relativePath: path })));
  return engine.uploads.map(({ relativePath }) => relativePath);
};

describe('Files of a folder', () => {
  it('come in the order in which people read its list, folder by folder', () => {
    assert.deepEqual(
      orderOf([
        'trip/10.jpg',
        'trip/2.jpg',
        'trip/day 10/1.jpg',
        'trip/1.jpg',
        'trip/day 9/12.jpg',
        'trip/day 9/3.jpg',
      ]),
      ['trip/1.jpg', 'trip/2.jpg', 'trip/10.jpg', 'trip/day 9/3.jpg', 'trip/day 9/12.jpg', 'trip/day 10/1.jpg'],
    );
  });

  it('stay where the folder came among others, and single files keep their order', () => {
    assert.deepEqual(orderOf(['z.txt', 'b/2.txt', 'a.txt', 'b/1.txt', 'a/1.txt']), [
      'z.txt',
      'b/1.txt',
      'b/2.txt',
      'a.txt',
      'a/1.txt',
    ]);
    assert.deepEqual(orderOf(['b.txt', 'a.txt']), ['b.txt', 'a.txt']);
  });

  it('come in that order however many there are, though they are added some hundreds at a time', async () => {
    const { engine } = new Bench({ autoStart: false });
    const paths = Array.from({ length: 1_000 }, (_, index) => `trip/${index}.jpg`);
    const asRead = paths.toSorted();

    engine.addFiles(asRead.map((path) => ({ file: fileOf(path.slice(5)), relativePath: path })));
    while (engine.uploads.length < paths.length) await nextTask();

    assert.deepEqual(
      engine.uploads.map(({ relativePath }) => relativePath),
      paths,
    );
  });
});
