import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileOf, namesOf, presignedBench, SCOPE } from '../support/builders.js';

describe('EngineCore, events', () => {
  it('tells of one upload in the documented order', async () => {
    const bench = presignedBench();
    bench.engine.addFiles([fileOf('a.txt')]);

    await bench.server.store();

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

  it('gives snapshots that cannot be changed, and the same list until something changes', async () => {
    const bench = presignedBench({ autoStart: false });
    bench.engine.addFiles([fileOf('a.txt')]);
    const { uploads } = bench.engine;

    assert.ok(Object.isFrozen(uploads) && Object.isFrozen(uploads[0]));
    assert.equal(bench.engine.uploads, uploads);
    bench.engine.pause();

    assert.notEqual(bench.engine.uploads, uploads);
    assert.equal(uploads[0]?.state, 'queued');
  });

  it('tells one end of an upload that a listener cancels in the middle of a change', async () => {
    const bench = presignedBench();
    bench.engine.addEventListener('upload-state', ({ detail: { upload } }) => {
      if (upload.state === 'uploading') bench.engine.cancel(upload.id);
    });
    const id = bench.add(fileOf('a.txt'));
    await bench.server.grant();

    await bench.transport.quiet();

    assert.equal(bench.state(id), 'canceled');
    assert.equal(bench.events.of('upload-canceled').length, 1);
  });

  it('has one end for an upload: canceling a failed one changes nothing', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    await (await bench.server.nextMint()).answer({ status: 413 });

    bench.engine.cancel(id);

    assert.equal(bench.state(id), 'failed');
    assert.deepEqual(bench.events.of('upload-canceled'), []);
  });
});

describe('EngineCore, list', () => {
  it('waits for start() when told to', async () => {
    const bench = presignedBench({ autoStart: false });
    bench.add(fileOf('a.txt'));
    await bench.transport.quiet();

    bench.engine.start();

    await bench.server.nextMint();
  });

  it('starts what waits once it is told to start uploads by itself', async () => {
    const bench = presignedBench({ autoStart: false });
    const [waiting, paused] = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    bench.engine.pause(paused);

    bench.engine.configure({ autoStart: true });

    await bench.server.nextMint();
    assert.deepEqual([bench.state(waiting), bench.state(paused)], ['preparing', 'paused user']);
  });

  it('removes what is over, and cancels what is not before it removes it', async () => {
    const bench = presignedBench({ autoStart: false });
    const [canceled, queued] = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    bench.engine.cancel(canceled);

    bench.engine.clear();
    assert.deepEqual(namesOf(bench.engine.uploads), ['b.txt']);
    bench.engine.remove(queued);

    assert.deepEqual(bench.events.names(queued).slice(-3), ['upload-state', 'upload-canceled', 'upload-removed']);
    assert.deepEqual(bench.engine.uploads, []);
  });

  it('clears what is stored or canceled, and leaves what failed', async () => {
    const bench = presignedBench();
    const [stored, failed, canceled] = ['a.txt', 'b.txt', 'c.txt'].map((name) => bench.add(fileOf(name)));
    bench.engine.cancel(canceled);
    await bench.server.grant();
    await (await bench.server.nextMint()).answer({ status: 422 });
    await (await bench.server.nextPut()).answer({});
    assert.deepEqual(
      [stored, failed].map((id) => bench.state(id ?? '')),
      ['done', 'failed'],
    );

    bench.engine.clear();

    assert.deepEqual(namesOf(bench.engine.uploads), ['b.txt']);
  });

  it('knows nothing of unknown ids, and does not mind them', async () => {
    const { engine } = presignedBench({ autoStart: false });

    for (const act of ['pause', 'resume', 'retry', 'cancel', 'remove'] as const) engine[act]('no-such-upload');

    assert.equal(engine.fileOf('no-such-upload'), null);
    assert.equal(await engine.reattach('no-such-upload', fileOf('a.txt')), false);
  });
});

describe('EngineCore, without a trace', () => {
  it('leaves no timer, slot or record behind', async () => {
    const bench = presignedBench();
    bench.add(fileOf('a.txt'));
    await bench.server.store();

    await bench.clock.advance(10_000);

    assert.equal(bench.clock.pending, 0);
    assert.equal(bench.slots('https://storage.test').running, 0);
    assert.deepEqual(await bench.store.load(SCOPE), []);
  });
});
