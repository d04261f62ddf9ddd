import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RELEASE_AFTER_MS } from '../../src/engine/upload/undo-buffer.js';
import type { Hasher } from '../../src/ports/hasher.js';
import { Bench, fileOf, openChunked } from '../support/builders.js';
import { settle } from '../support/fake-clock.js';
import { FakeLockManager, fakeHasher } from '../support/fake-ports.js';
import { benchWith, file, recordOf } from './records/restored.js';

/** Digests that wait until they are let through. */
const heldHasher = () => {
  let letThrough = () => {};
  let gate = Promise.resolve();
  const hasher: Hasher = { sha256: (bytes) => gate.then(() => fakeHasher.sha256(bytes)) };
  return {
    hasher,
    hold: () => {
      gate = new Promise((resolve) => {
        letThrough = resolve;
      });
    },
    letThrough: () => letThrough(),
  };
};

/** An upload that has failed, on an engine whose digests can be held. */
const failedOne = async () => {
  const { hasher, hold, letThrough } = heldHasher();
  const bench = new Bench({ protocol: 'chunked' }, { hasher });
  const id = bench.add(fileOf('a.bin', 20));
  await (await bench.server.nextInit()).answer({ status: 413 });
  assert.equal(bench.state(id), 'failed');
  hold();
  return { bench, id, letThrough };
};

describe('An upload that is removed', () => {
  it('does not begin again when the file that was chosen for it has been read', async () => {
    const { bench, id, letThrough } = await failedOne();
    const answer = bench.engine.reattach(id, fileOf('a.bin', 20));
    bench.engine.remove(id);

    letThrough();

    assert.equal(await answer, false);
    await bench.transport.quiet();
  });

  it('stays on the list while the limits refuse the other file that was chosen for it', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const id = bench.add(fileOf('a.bin', 20));
    await (await bench.server.nextInit()).answer({ status: 413 });
    bench.engine.configure({ maxFileSize: 25 });

    assert.equal(await bench.engine.reattach(id, fileOf('a.bin', 30)), false);

    assert.equal(bench.state(id), 'failed');
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ code }) => code),
      ['rejected-size'],
    );
  });

  it('is not removed again when the file that was chosen for it turns out to be another', async () => {
    const { bench, id, letThrough } = await failedOne();
    const answer = bench.engine.reattach(id, fileOf('a.bin', 'other content of it!'));
    bench.engine.remove(id);

    letThrough();

    assert.equal(await answer, false);
    assert.equal(bench.events.of('upload-removed').length, 1);
    assert.deepEqual(bench.engine.uploads, []);
  });

  it('is not waited for when the list hears of it and of the other tab that drives it', async () => {
    const manager = new FakeLockManager();
    const other = manager.tab();
    const record = await recordOf(file);
    await other.tryHold(`fastio-upload:${record.id}`);
    const bench = await benchWith([record], {}, { locks: manager.tab() });
    bench.engine.addEventListener('uploads-restored', () => bench.engine.remove(record.id));

    await bench.engine.restore();
    other.die();
    await settle();

    assert.deepEqual([manager.held, manager.waiting], [[], 0]);
    await bench.transport.quiet();
  });
});

describe('An upload whose other tab has just died', () => {
  /** Its file is being read, to see whether it is the same. */
  const takenOver = async () => {
    const { hasher, hold, letThrough } = heldHasher();
    const manager = new FakeLockManager();
    const other = manager.tab();
    const handle = { getFile: async () => file };
    const record = await recordOf(file, { handle });
    await other.tryHold(`fastio-upload:${record.id}`);
    const bench = await benchWith([record], {}, { locks: manager.tab(), hasher });
    await bench.engine.restore();
    assert.equal(bench.state(record.id), 'waiting other-tab');
    hold();
    other.die();
    await settle();
    return { bench, id: record.id, manager, letThrough };
  };

  it('goes on here', async () => {
    const { bench, letThrough } = await takenOver();

    letThrough();

    await bench.server.nextInspect();
  });

  it('is canceled here, and its session released', async () => {
    const { bench, id, manager, letThrough } = await takenOver();

    bench.engine.cancel(id);
    letThrough();
    await bench.clock.advance(RELEASE_AFTER_MS);
    await (await bench.transport.next('DELETE', '/uploads/s1')).answer({});

    assert.equal(bench.state(id), 'canceled');
    assert.deepEqual(manager.held, []);
    await bench.transport.quiet();
  });

  it('leaves the list for good when it is removed', async () => {
    const { bench, id, manager, letThrough } = await takenOver();

    bench.engine.remove(id);
    letThrough();
    await bench.clock.advance(RELEASE_AFTER_MS);
    await (await bench.transport.next('DELETE', '/uploads/s1')).answer({});

    assert.deepEqual([bench.engine.uploads, manager.held], [[], []]);
    await bench.transport.quiet();
  });

  it('stays paused when it is paused here', async () => {
    const { bench, id, letThrough } = await takenOver();

    bench.engine.pause(id);
    letThrough();
    await settle();

    assert.equal(bench.state(id), 'paused user');
    await bench.transport.quiet();
    bench.engine.resume(id);
    await bench.server.nextInspect();
  });
});

describe('An upload that goes on while its last run still ends', () => {
  it('is not failed by that run', async () => {
    const { bench, id, server } = await openChunked(10);
    bench.engine.addEventListener('upload-state', ({ detail: { upload } }) => {
      if (upload.reason === 'needs-sign-in') bench.engine.retry(upload.id);
    });

    await (await server.nextPart()).answer({ status: 401 });

    await server.showParts([]);
    await server.takePart();
    await server.complete();
    assert.equal(bench.state(id), 'done');
    assert.deepEqual(bench.events.of('upload-failed'), []);
  });
});

describe('An upload that was paused while the network failed', () => {
  it('has its whole retry window again once it is resumed', async () => {
    const { bench, id, clock, server, engine } = await openChunked(10, { retryWindowMs: 60_000 });
    await (await server.nextPart()).fail();
    await clock.advance(2_000);
    await (await server.nextPart()).fail();
    engine.pause(id);
    await clock.advance(3_600_000);

    engine.resume(id);
    await (await server.nextInspect()).fail();

    assert.equal(bench.state(id), 'waiting backoff');
  });
});
