import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UploadSnapshot } from '../../src/preset.js';
import { Bench, fileOf } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';

const GRANT = { uploadUrl: 'https://storage.test/object', fileId: 'file-1' };

/** Answers one upload from grant to storage. */
const store = async ({ transport }: Bench): Promise<void> => {
  await (await transport.next('POST', '/uploads')).answer({ json: GRANT });
  await (await transport.next('PUT', '/object')).answer({});
};

const presigned = { protocol: 'presigned', autoStart: false } as const;

const namesOf = (uploads: readonly UploadSnapshot[]): string[] => uploads.map(({ name }) => name);

describe('EngineCore, events', () => {
  it('tells of one upload in the documented order', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    bench.engine.addFiles([fileOf('a.txt')]);

    await store(bench);

    assert.deepEqual(
      bench.events.all.map(({ name, detail }) =>
        name === 'upload-state' ? `${detail.previous} to ${detail.upload.state}` : name,
      ),
      [
        'upload-before',
        'upload-added',
        'queued to preparing',
        'preparing to uploading',
        'part-complete',
        'uploading to finishing',
        'upload-progress',
        'finishing to done',
        'upload-complete',
        'queue-complete',
      ],
    );
    assert.equal(bench.events.of('upload-progress')[0]?.upload.ratio, 1);
  });

  it('gives snapshots that nobody can change, and the same list until something changes', async () => {
    const bench = new Bench(presigned);
    bench.engine.addFiles([fileOf('a.txt')]);
    const { uploads } = bench.engine;

    assert.ok(Object.isFrozen(uploads) && Object.isFrozen(uploads[0]));
    assert.equal(bench.engine.uploads, uploads);
    bench.engine.pause();

    assert.notEqual(bench.engine.uploads, uploads);
    assert.equal(uploads[0]?.state, 'queued');
  });

  it('tells of progress at most ten times a second', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    bench.add(fileOf('a.txt', 1000));
    await (await bench.transport.next('POST', '/uploads')).answer({ json: GRANT });
    const put = await bench.transport.next('PUT', '/object');
    bench.events.clear();

    for (let sent = 1; sent <= 100; sent++) {
      put.progress(sent * 5);
      await bench.clock.advance(10);
    }

    const told = bench.events.of('upload-progress');
    assert.ok(told.length >= 9 && told.length <= 10, `${told.length} events in a second`);
    assert.deepEqual(
      told.map(({ upload }) => upload.sentBytes),
      told.map(({ upload }) => upload.sentBytes).sort((a, b) => a - b),
    );
  });

  it('says once that nothing is left to do, with every upload once', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    const [first, second] = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    await (await bench.transport.next('POST', '/uploads')).answer({ status: 413 });
    const other = await bench.transport.next('POST', '/uploads');
    bench.engine.retry(first);
    await store(bench);
    assert.deepEqual(bench.events.of('queue-complete'), []);

    await other.answer({ json: GRANT });
    await (await bench.transport.next('PUT', '/object')).answer({});

    const [complete, ...rest] = bench.events.of('queue-complete');
    assert.deepEqual(rest, []);
    assert.deepEqual(complete?.completed.map(({ id }) => id).sort(), [first, second].sort());
    assert.deepEqual([complete?.failed, complete?.canceled], [[], []]);
  });

  it('tells one end of an upload that a listener cancels in the middle of a change', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    bench.engine.addEventListener('upload-state', ({ detail: { upload } }) => {
      if (upload.state === 'uploading') bench.engine.cancel(upload.id);
    });
    const id = bench.add(fileOf('a.txt'));
    await (await bench.transport.next('POST', '/uploads')).answer({ json: GRANT });

    await bench.transport.quiet();

    assert.equal(bench.state(id), 'canceled');
    assert.equal(bench.events.of('upload-canceled').length, 1);
  });

  it('has one end for an upload: canceling a failed one changes nothing', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    const id = bench.add(fileOf('a.txt'));
    await (await bench.transport.next('POST', '/uploads')).answer({ status: 413 });

    bench.engine.cancel(id);

    assert.equal(bench.state(id), 'failed');
    assert.deepEqual(bench.events.of('upload-canceled'), []);
  });
});

describe('EngineCore, list', () => {
  it('waits for start() when told to', async () => {
    const bench = new Bench(presigned);
    bench.add(fileOf('a.txt'));
    await bench.transport.quiet();

    bench.engine.start();

    await bench.transport.next('POST', '/uploads');
  });

  it('lets the page refuse a file', () => {
    const bench = new Bench(presigned);
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

  it('counts files on the list, and those that came in the same moment, against the limits', () => {
    const bench = new Bench({
      ...presigned,
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
    const bench = new Bench({ ...presigned, maxFiles: 1 });
    bench.engine.cancel(bench.add(fileOf('a.txt')));

    bench.add(fileOf('b.txt'));
  });

  it('skips, keeps, replaces or renames a file that is on the list already', () => {
    const outcomes = (['skip', 'keep', 'replace', 'rename'] as const).map((duplicates) => {
      const bench = new Bench({ ...presigned, duplicates });
      bench.engine.addFiles([fileOf('a.txt')]);
      bench.engine.addFiles([fileOf('a.txt'), fileOf('a.txt', 11)]);
      return [duplicates, namesOf(bench.engine.uploads), bench.events.of('upload-rejected').map(({ code }) => code)];
    });

    assert.deepEqual(outcomes, [
      ['skip', ['a.txt', 'a.txt'], ['rejected-duplicate']],
      ['keep', ['a.txt', 'a.txt', 'a.txt'], []],
      ['replace', ['a.txt', 'a.txt'], []],
      ['rename', ['a.txt', 'a (2).txt', 'a.txt'], []],
    ]);
  });

  it('does not count what a file replaces against the limits', () => {
    const bench = new Bench({ ...presigned, duplicates: 'replace', maxFiles: 2, maxTotalSize: 20 });
    bench.engine.addFiles([fileOf('a.txt'), fileOf('b.txt')]);

    bench.engine.addFiles([fileOf('a.txt'), fileOf('c.txt')]);

    assert.deepEqual(namesOf(bench.engine.uploads), ['b.txt', 'a.txt']);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ file, code }) => `${file.name} ${code}`),
      ['c.txt rejected-size'],
    );
  });

  it('puts one file in place of all others, which the limits no longer count', () => {
    const bench = new Bench({ ...presigned, maxFiles: 2, maxTotalSize: 20 });
    const [first] = bench.engine.addFiles([fileOf('a.txt'), fileOf('b.txt')]);

    assert.deepEqual(namesOf(bench.engine.replaceAll(fileOf('c.txt', 20))), ['c.txt']);

    assert.deepEqual(namesOf(bench.engine.uploads), ['c.txt']);
    assert.deepEqual(bench.events.names(first?.id).slice(-2), ['upload-canceled', 'upload-removed']);
  });

  it('keeps what is there when the file in its place is refused, or is the same', () => {
    const bench = new Bench({ ...presigned, maxFileSize: 10 });
    bench.add(fileOf('a.txt'));

    for (const file of [fileOf('large.txt', 11), fileOf('a.txt')]) bench.engine.replaceAll(file);

    assert.deepEqual(namesOf(bench.engine.uploads), ['a.txt']);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ code }) => code),
      ['rejected-size', 'rejected-duplicate'],
    );
  });

  it('tells equal names in different folders apart', () => {
    const bench = new Bench(presigned);

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

  it('removes what is over, and cancels what is not before it removes it', async () => {
    const bench = new Bench(presigned);
    const [canceled, queued] = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    bench.engine.cancel(canceled);

    bench.engine.clear();
    assert.deepEqual(namesOf(bench.engine.uploads), ['b.txt']);
    bench.engine.remove(queued);

    assert.deepEqual(bench.events.names(queued).slice(-3), ['upload-state', 'upload-canceled', 'upload-removed']);
    assert.deepEqual(bench.engine.uploads, []);
  });

  it('knows nothing of unknown ids, and does not mind them', async () => {
    const { engine } = new Bench(presigned);

    for (const act of ['pause', 'resume', 'retry', 'cancel', 'remove'] as const) engine[act]('nobody');

    assert.equal(engine.fileOf('nobody'), null);
    assert.equal(await engine.reattach('nobody', fileOf('a.txt')), false);
  });
});

describe('EngineCore, progress of all', () => {
  it('adds up all but the canceled, and reaches 1 only when all are done', async () => {
    const bench = new Bench({ protocol: 'presigned' });
    const first = bench.add(fileOf('a.txt', 30));
    bench.engine.pause(bench.add(fileOf('b.txt', 70)));
    bench.engine.cancel(bench.add(fileOf('c.txt', 900)));
    await store(bench);

    assert.equal(bench.state(first), 'done');
    const { total, done, canceled, pending, totalBytes, confirmedBytes, ratio } = bench.engine.progress;
    assert.deepEqual(
      { total, done, canceled, pending, totalBytes, confirmedBytes, ratio },
      { total: 3, done: 1, canceled: 1, pending: 1, totalBytes: 100, confirmedBytes: 30, ratio: 0.3 },
    );
    bench.engine.resume();
    await store(bench);

    assert.equal(bench.engine.progress.ratio, 1);
  });

  it('does not read 100 % of files without bytes before they are done', async () => {
    const bench = new Bench(presigned);
    assert.equal(bench.engine.progress.ratio, 0);

    bench.add(fileOf('empty', 0));

    assert.equal(bench.engine.progress.ratio, 0);
  });
});

describe('EngineCore, turns and slots', () => {
  it('does not starve small files behind a big one', async () => {
    const bench = new Bench({ parallel: 2 });
    bench.add(fileOf('big.bin', 100));
    for (let i = 0; i < 3; i++) bench.add(fileOf(`small-${i}.txt`, 5));
    const urls = { presigned: '/mint', chunked: '/chunked' };
    await (await bench.transport.next('GET', '/uploads')).answer({
      json: { protocols: ['presigned', 'chunked'], urls, chunkedAbove: 20 },
    });

    const begun: string[] = [];
    for (let request = 0; request < 12; request++) {
      await bench.settle();
      for (const exchange of bench.transport.open) {
        const { pathname, origin } = exchange.url;
        if (pathname.endsWith('/init')) await exchange.answer({ json: { upload_id: 's', part_size: 10 } });
        else if (pathname === '/mint') {
          await exchange.answer({ json: { uploadUrl: `${origin}/store/${request}`, fileId: `f${request}` } });
        }
      }
      const [first] = bench.transport.open;
      assert.ok(bench.transport.open.length <= 2);
      if (first === undefined) break;
      begun.push(first.url.pathname.startsWith('/store') ? 'small' : 'big');
      await first.answer({ headers: { ETag: '"e"' } });
    }

    assert.ok(begun.lastIndexOf('small') <= 6, `order was ${begun.join(' ')}`);
    assert.equal(begun.filter((kind) => kind === 'small').length, 3);
  });

  it('shares the slots of an origin with the other engines of the page', async () => {
    const one = new Bench({ protocol: 'presigned', parallel: 2 });
    const two = new Bench({ protocol: 'presigned', parallel: 2 }, { slots: one.slots, clock: one.clock });
    for (const bench of [one, two]) {
      bench.engine.addFiles([fileOf('a.txt'), fileOf('b.txt')]);
      for (let i = 0; i < 2; i++) await (await bench.transport.next('POST', '/uploads')).answer({ json: GRANT });
    }
    assert.deepEqual([one.transport.open.length, two.transport.open.length], [2, 0]);

    await one.transport.open[0]?.answer({});
    await one.settle();

    assert.deepEqual([one.transport.open.length, two.transport.open.length], [1, 1]);
  });
});

describe('EngineCore, without a trace', () => {
  it('leaves no timer, slot or record behind', async () => {
    const bench = new Bench({ protocol: 'presigned' }, { clock: new FakeClock() });
    bench.add(fileOf('a.txt'));
    await store(bench);

    await bench.clock.advance(10_000);

    assert.equal(bench.clock.pending, 0);
    assert.equal(bench.slots('https://storage.test').running, 0);
    assert.deepEqual(await bench.store.load('https://app.test/uploads '), []);
  });

  it('keeps nothing when it may not resume', async () => {
    const bench = new Bench({ protocol: 'chunked', resume: false });
    bench.add(fileOf('a.txt', 100));
    await (await bench.transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });

    await bench.clock.advance(10_000);

    assert.deepEqual(await bench.store.load('https://app.test/uploads '), []);
  });

  it('goes on without a store that fails', async () => {
    const broken = async () => Promise.reject(new Error('disk full'));
    const bench = new Bench(
      { protocol: 'presigned' },
      { store: { load: broken, get: broken, put: broken, delete: broken } },
    );
    const id = bench.add(fileOf('a.txt'));
    await (await bench.transport.next('POST', '/uploads')).answer({ json: GRANT });
    await bench.clock.advance(1_000);
    await (await bench.transport.next('PUT', '/object')).answer({});

    assert.equal(bench.state(id), 'done');
  });
});
