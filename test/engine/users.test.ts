import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UploadSnapshot } from '../../src/preset.js';
import { Bench, type BenchParts, fileOf, namesOf, openChunked, SCOPE } from '../support/builders.js';
import { FakeLockManager } from '../support/fake-ports.js';
import { received } from '../support/scripted-server.js';
import { benchWith, file, recordOf } from './records/restored.js';

const signedInAs = (user: string) => ({
  json: { version: 1, protocols: ['chunked'], urls: {}, chunkedAbove: 0, user },
});

const nextQuestion = ({ transport }: Bench) => transport.next('GET', '/uploads');

const idsOf = (uploads: readonly UploadSnapshot[]): string[] => uploads.map(({ id }) => id);

/** Ada's file of three parts, the first of them stored. */
const adasUpload = async (parts: BenchParts = {}) => {
  const bench = new Bench({ protocol: 'auto', parallel: 1 }, parts);
  const discovery = bench.engine.discover();
  await (await nextQuestion(bench)).answer(signedInAs('ada'));
  await discovery;
  const id = bench.add(fileOf('adas-secret.bin', 30));
  await bench.server.openSession();
  await bench.server.takePart();
  return { bench, id };
};

const assertLeftToAda = async (bench: Bench, id: string): Promise<void> => {
  await bench.settle();
  assert.deepEqual(bench.engine.uploads, []);
  assert.deepEqual(bench.events.of('upload-failed'), []);
  assert.deepEqual(idsOf(bench.events.of('upload-removed').map(({ upload }) => upload)), [id]);
  await bench.clock.advance(2_000);
  assert.deepEqual(
    (await bench.store.load(SCOPE)).map((record) => [record.id, record.user]),
    [[id, 'ada']],
  );
};

describe('Another user who signs in on the same page', () => {
  it('does not see what the one before was sending, which stays for that one', async () => {
    const { bench, id } = await adasUpload();

    await (await bench.server.nextPart()).answer({ status: 403 });
    await (await nextQuestion(bench)).answer(signedInAs('bob'));

    await assertLeftToAda(bench, id);
  });

  it('leaves no lock on what waited for another try, so that it can be found again', async () => {
    const locks = new FakeLockManager();
    const { bench, id } = await adasUpload({ locks: locks.tab() });
    await (await bench.server.nextPart()).answer({ status: 503, headers: { 'Retry-After': '60' } });
    await bench.clock.advance(1_000);
    assert.equal(bench.state(id), 'waiting throttled');
    const discovery = bench.engine.discover();
    await (await nextQuestion(bench)).answer(signedInAs('bob'));
    await discovery;

    await assertLeftToAda(bench, id);
    assert.deepEqual(locks.held, []);
    assert.equal(bench.events.of('upload-state').at(-1)?.upload.state, 'waiting');
  });

  it('does not send what was canceled before, when that is undone', async () => {
    const { bench, id } = await adasUpload();
    bench.engine.cancel(id);
    const discovery = bench.engine.discover();
    await (await nextQuestion(bench)).answer(signedInAs('bob'));
    await discovery;
    assert.deepEqual(bench.engine.uploads, []);
    const before = bench.transport.exchanges.length;

    bench.engine.undo([id]);
    await bench.clock.advance(2_000);

    assert.equal(bench.transport.exchanges.length, before);
    assert.deepEqual(await bench.store.load(SCOPE), []);
  });

  it('does not take up what waited for a sign-in', async () => {
    const { bench, id } = await adasUpload();
    await (await bench.server.nextPart()).answer({ status: 401 });
    await (await nextQuestion(bench)).answer({ status: 401 });
    assert.equal(bench.state(id), 'paused needs-sign-in');

    bench.engine.retry(id);
    await (await bench.server.nextInspect()).answer({ status: 403 });
    await (await nextQuestion(bench)).answer(signedInAs('bob'));

    await assertLeftToAda(bench, id);
  });

  it('does not send a file that had not begun', async () => {
    const { bench, id } = await adasUpload();
    bench.engine.pause(id);
    const waiting = bench.add(fileOf('adas-other.bin', 30));
    await (await bench.server.nextInit()).answer({ status: 401 });
    await (await nextQuestion(bench)).answer({ status: 401 });
    assert.equal(bench.upload(waiting).error?.code, 'unauthorized');

    bench.engine.retry(waiting);
    for (let question = 1; question <= 2; question += 1) {
      await (await nextQuestion(bench)).answer(signedInAs('bob'));
    }

    await bench.settle();
    assert.deepEqual(bench.engine.uploads, []);
    await bench.transport.quiet();
  });

  it('sends the same file anew, and finds the rest at the next look at the backend', async () => {
    const { bench } = await adasUpload();
    const part = await bench.server.nextPart();
    const discovery = bench.engine.discover();
    await (await nextQuestion(bench)).answer(signedInAs('bob'));
    await discovery;
    assert.deepEqual([bench.engine.uploads, part.isOpen], [[], false]);

    const id = bench.add(fileOf('adas-secret.bin', 30));

    await bench.server.nextInit();
    assert.equal(bench.state(id), 'preparing');
  });

  it('does not take up what another tab had sent for the first, while its file is being opened', async () => {
    let letThrough = (_file: File) => {};
    const opened = new Promise<File>((resolve) => {
      letThrough = resolve;
    });
    const handle = { getFile: () => opened };
    const record = await recordOf(file, { user: 'ada', handle });
    const locks = new FakeLockManager();
    const other = locks.tab();
    await other.tryHold(`fastio-upload:${record.id}`);
    const bench = await benchWith([record], { protocol: 'auto' }, { locks: locks.tab() });
    const restoring = bench.engine.restore();
    await (await nextQuestion(bench)).answer(signedInAs('ada'));
    await restoring;
    other.die();
    await bench.settle();
    const discovery = bench.engine.discover();
    await (await nextQuestion(bench)).answer(signedInAs('bob'));
    await discovery;
    assert.deepEqual(bench.engine.uploads, []);

    letThrough(file);
    await bench.settle();

    await bench.transport.quiet();
  });

  it('owns what is added from the moment the backend is asked again, without a refusal before', async () => {
    const { bench } = await adasUpload();
    await bench.server.nextPart();
    const discovery = bench.engine.discover();
    bench.add(fileOf('bobs.bin', 30));
    await (await nextQuestion(bench)).answer(signedInAs('bob'));
    await discovery;
    bench.add(fileOf('bobs-next.bin', 30));
    for (const upload_id of ['s2', 's3']) await bench.server.openSession({ upload_id });
    await bench.clock.advance(2_000);

    assert.deepEqual(namesOf(bench.engine.uploads), ['bobs.bin', 'bobs-next.bin']);
    const owners = (await bench.store.load(SCOPE)).map(({ name, user }) => `${name}: ${user}`);
    assert.deepEqual(owners.sort(), ['adas-secret.bin: ada', 'bobs-next.bin: bob', 'bobs.bin: bob']);
  });

  it('finds on a later page what is their own, and the first user what was left', async () => {
    const { bench, id } = await adasUpload();
    await (await bench.server.nextPart()).answer({ status: 403 });
    await (await nextQuestion(bench)).answer(signedInAs('bob'));
    await bench.settle();
    const { store, clock } = bench;
    for (const [user, found] of [['bob', []] as const, ['ada', [id]] as const]) {
      const later = new Bench({ protocol: 'auto' }, { store, clock });
      const restoring = later.engine.restore();
      await (await nextQuestion(later)).answer(signedInAs(user));
      assert.deepEqual(idsOf(await restoring), found);
    }
  });
});

describe('A refusal', () => {
  it('to the user who began an upload is final', async () => {
    const { bench, id } = await adasUpload();
    await (await bench.server.nextPart()).answer({ status: 403 });
    await (await nextQuestion(bench)).answer(signedInAs('ada'));
    await bench.settle();
    assert.equal(bench.upload(id).error?.code, 'unauthorized');
  });

  it('of a session that a backend without names gave to another user leads to a fresh one', async () => {
    const { bench, id } = await openChunked(20, { parallel: 1 });
    await bench.server.takePart();
    await (await bench.server.nextPart()).answer({ status: 403 });
    assert.equal(bench.upload(id).error?.code, 'unauthorized');

    bench.engine.retry(id);
    await (await bench.server.nextInspect()).answer({ status: 403 });
    await bench.server.openSession();
    await received(await bench.server.nextPart());
    await bench.server.takePart();
    await bench.server.complete();

    assert.equal(bench.state(id), 'done');
  });
});
