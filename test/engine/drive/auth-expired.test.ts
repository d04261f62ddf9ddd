import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UploadRecord } from '../../../src/ports/store.js';
import { Bench, fileOf, openChunked, presignedBench, SCOPE } from '../../support/builders.js';
import { received } from '../../support/scripted-server.js';

/** Twenty bytes in two parts, the first of them confirmed. */
const begun = async () => {
  const opened = await openChunked(20, { parallel: 1 });
  await opened.server.takePart();
  return opened;
};

describe('A user whose session ends', () => {
  for (const act of ['resume', 'retry'] as const) {
    it(`pauses what has begun, which ${act}() takes up without losing a part`, async () => {
      const { bench, id } = await begun();
      await (await bench.server.nextPart()).answer({ status: 401 });
      assert.equal(bench.state(id), 'paused needs-sign-in');
      assert.equal(bench.upload(id).confirmedBytes, 10);
      await bench.transport.quiet();

      bench.engine[act](id);
      await bench.server.showParts([1]);
      const part = await bench.server.nextPart();
      assert.equal(part.partNumber, 2);
      await received(part);
      await bench.server.complete();

      assert.equal(bench.state(id), 'done');
      assert.deepEqual(bench.events.of('upload-failed'), []);
    });
  }

  it('pauses an upload that only waits for its completion', async () => {
    const { bench, id } = await begun();
    await bench.server.takePart();
    await (await bench.server.nextComplete()).answer({ status: 401 });
    assert.equal(bench.state(id), 'paused needs-sign-in');

    bench.engine.resume(id);
    // Once to find the session again, once because a completion was asked for before.
    for (let look = 1; look <= 2; look += 1) await bench.server.showParts([1, 2]);
    await bench.server.complete();

    assert.equal(bench.state(id), 'done');
  });

  it('pauses an upload whose file is stored but not confirmed', async () => {
    const bench = presignedBench({ confirmEndpoint: 'https://app.test/confirm' });
    const id = bench.add(fileOf('a.txt'));
    await bench.server.store();
    await (await bench.transport.next('POST', '/confirm')).answer({ status: 401 });
    assert.equal(bench.state(id), 'paused needs-sign-in');

    bench.engine.resume(id);
    await (await bench.transport.next('POST', '/confirm')).answer({ json: {} });

    assert.equal(bench.state(id), 'done');
  });

  it('keeps a record that the next page takes up by itself', async () => {
    const { bench, id } = await begun();
    await (await bench.server.nextPart()).answer({ status: 401 });
    await bench.clock.advance(1000);
    const [record] = (await bench.store.load(SCOPE)) as [UploadRecord];
    assert.deepEqual([record.id, record.pausedByUser, record.receipts.length], [id, false, 1]);
  });

  it('fails what has not begun', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const id = bench.add(fileOf('a.bin', 20));
    await (await bench.server.nextInit()).answer({ status: 401 });
    assert.deepEqual([bench.state(id), bench.upload(id).error?.code], ['failed', 'unauthorized']);
  });

  it('fails what may not be done at all, begun or not', async () => {
    const { bench, id } = await begun();
    await (await bench.server.nextPart()).answer({ status: 403 });
    assert.deepEqual([bench.state(id), bench.upload(id).error?.code], ['failed', 'unauthorized']);
  });
});
