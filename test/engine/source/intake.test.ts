import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../../../src/preset.js';
import { Bench, fileOf, namesOf, presignedBench } from '../../support/builders.js';

/** Files come on its list and stay there. */
const waitingBench = (options: Partial<EngineOptions> = {}) => presignedBench({ autoStart: false, ...options });

describe('Intake', () => {
  it('lets the page refuse a file', () => {
    const bench = waitingBench();
    bench.engine.addEventListener('upload-before', (event) => {
      if (event.detail.upload.name === 'bad.exe') event.preventDefault();
    });

    const added = bench.engine.addFiles([fileOf('bad.exe'), fileOf('good.txt')]);

    assert.deepEqual(namesOf(added), ['good.txt']);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ file, code }) => [file.name, code]),
      [['bad.exe', 'rejected-before']],
    );
  });

  it('names a blob as a form does', () => {
    const bench = waitingBench();
    const blob = new Blob(['hello'], { type: 'text/plain' });

    // As scripts without types do.
    bench.engine.addFiles([blob as File]);

    const [upload] = bench.engine.uploads;
    assert.deepEqual(
      [upload?.name, upload?.relativePath, upload?.type, upload?.size],
      ['blob', 'blob', 'text/plain', 5],
    );
  });

  it('counts files on the list, and those that came in the same moment, against the limits', () => {
    const bench = waitingBench({
      maxFiles: 3,
      maxFileSize: 100,
      minFileSize: 2,
      maxTotalSize: 150,
      accept: '.txt',
    });

    bench.engine.addFiles([
      fileOf('type.jpg'),
      fileOf('large.txt', 101),
      fileOf('small.txt', 1),
      fileOf('1.txt', 100),
      fileOf('total.txt', 51),
      fileOf('2.txt', 10),
    ]);
    bench.engine.addFiles([fileOf('3.txt', 10), fileOf('4.txt', 10)]);

    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ file, code }) => `${file.name} ${code}`),
      [
        'type.jpg rejected-type',
        'large.txt rejected-size',
        'small.txt rejected-size',
        'total.txt rejected-size',
        '4.txt rejected-count',
      ],
    );
    assert.deepEqual(namesOf(bench.engine.uploads), ['1.txt', '2.txt', '3.txt']);
  });

  it('frees the place of a canceled upload', () => {
    const bench = waitingBench({ maxFiles: 1 });
    bench.engine.cancel(bench.add(fileOf('a.txt')));

    bench.add(fileOf('b.txt'));
  });

  it('skips, keeps, replaces or renames a file that is on the list already', () => {
    const outcomes = (['skip', 'keep', 'replace', 'rename'] as const).map((duplicates) => {
      const bench = waitingBench({ duplicates });
      bench.engine.addFiles([fileOf('a.txt')]);
      bench.engine.addFiles([fileOf('a.txt'), fileOf('a.txt', 11)]);
      return [duplicates, namesOf(bench.engine.uploads), bench.events.of('upload-rejected').map(({ code }) => code)];
    });

    assert.deepEqual(outcomes, [
      ['skip', ['a.txt', 'a (2).txt'], ['rejected-duplicate']],
      ['keep', ['a.txt', 'a (2).txt', 'a (3).txt'], []],
      ['replace', ['a.txt', 'a.txt'], []],
      ['rename', ['a.txt', 'a (2).txt', 'a (3).txt'], []],
    ]);
  });

  it('does not count what a file replaces against the limits', () => {
    const bench = waitingBench({ duplicates: 'replace', maxFiles: 2, maxTotalSize: 20 });
    bench.engine.addFiles([fileOf('a.txt'), fileOf('b.txt')]);

    bench.engine.addFiles([fileOf('a.txt'), fileOf('c.txt')]);

    assert.deepEqual(namesOf(bench.engine.uploads), ['b.txt', 'a.txt']);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ file, code }) => `${file.name} ${code}`),
      ['c.txt rejected-size'],
    );
  });

  it('puts one file in place of all others, which the limits no longer count', () => {
    const bench = waitingBench({ maxFiles: 2, maxTotalSize: 20 });
    const [first] = bench.engine.addFiles([fileOf('a.txt'), fileOf('b.txt')]);

    assert.deepEqual(namesOf(bench.engine.replaceAll(fileOf('c.txt', 20))), ['c.txt']);

    assert.deepEqual(namesOf(bench.engine.uploads), ['c.txt']);
    assert.deepEqual(bench.events.names(first?.id).slice(-2), ['upload-canceled', 'upload-removed']);
  });

  it('keeps what is there when the file in its place is refused, or is the same', () => {
    const bench = waitingBench({ maxFileSize: 10 });
    bench.add(fileOf('a.txt'));

    for (const file of [fileOf('large.txt', 11), fileOf('a.txt')]) bench.engine.replaceAll(file);

    assert.deepEqual(namesOf(bench.engine.uploads), ['a.txt']);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ code }) => code),
      ['rejected-size', 'rejected-duplicate'],
    );
  });

  it('tells equal names in different folders apart', () => {
    const bench = waitingBench();

    bench.add(fileOf('a.txt'), 'one/a.txt');
    bench.add(fileOf('a.txt'), 'two/a.txt');

    assert.deepEqual(
      bench.engine.uploads.map(({ relativePath }) => relativePath),
      ['one/a.txt', 'two/a.txt'],
    );
  });

  it('refuses what is queued when the backend announces its limits late', async () => {
    const bench = new Bench({ autoStart: false });
    bench.engine.addFiles([fileOf('a.txt', 50), fileOf('b.txt', 5)]);
    const discovery = bench.engine.discover();
    const limits = { maxFileSize: 10 };

    await (await bench.transport.next('GET', '/uploads')).answer({
      json: { protocols: ['presigned'], urls: {}, limits },
    });
    await discovery;

    assert.deepEqual(namesOf(bench.engine.uploads), ['b.txt']);
    assert.equal(bench.events.of('upload-rejected')[0]?.code, 'rejected-size');
    assert.deepEqual(bench.engine.limits, limits);
    assert.deepEqual(bench.events.of('limits-changed'), [{ limits }]);
  });

  it('knows what has happened to the list since the files before', async () => {
    const { engine } = waitingBench({ maxFiles: 4 });
    const namesAfter = (...names: string[]): string[] => {
      engine.addFiles(names.map((name) => fileOf(name)));
      return namesOf(engine.uploads);
    };
    const idOf = (name: string): string => engine.uploads.find((upload) => upload.name === name)?.id ?? '';

    namesAfter('a.txt', 'b.txt');
    engine.rename(idOf('a.txt'), 'c.txt');
    assert.deepEqual(namesAfter('c.txt'), ['c.txt', 'b.txt', 'c (2).txt'], 'the new name is taken');
    engine.remove(idOf('b.txt'));
    assert.deepEqual(namesAfter('b.txt'), ['c.txt', 'c (2).txt', 'b.txt'], 'a removed file comes again');
    engine.cancel(idOf('b.txt'));
    assert.deepEqual(
      namesAfter('d.txt', 'e.txt'),
      ['c.txt', 'c (2).txt', 'b.txt', 'd.txt', 'e.txt'],
      'its place is free',
    );
    engine.undo([idOf('b.txt')]);
    assert.deepEqual(namesAfter('f.txt').length, 5, 'and taken again');
  });

  it('takes files that come one by one at the cost of those that come together', () => {
    const cpuOf = (count: number): number => {
      const { engine } = waitingBench();
      const start = process.cpuUsage();
      for (let index = 0; index < count; index += 1) engine.addFiles([fileOf(`${index}.txt`)]);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    cpuOf(1_000);

    const [few, many] = [cpuOf(1_000), cpuOf(5_000)];

    assert.ok(many < 2.5 * 5 * few, `${few} µs for 1,000 and ${many} µs for 5,000`);
  });
});
