import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UploadRecord } from '../../src/ports/store.js';
import { Bench, fileOf } from '../support/builders.js';

const etagOf = (number: number) => `etag-${number}`;

/** Twenty bytes in two parts, the first of them confirmed. */
const begun = async () => {
  const bench = new Bench({ protocol: 'chunked', parallel: 1 });
  const id = bench.add(fileOf('big.bin', 20));
  await (await bench.transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });
  await (await nextPart(bench)).answer({ headers: { ETag: etagOf(1) } });
  return { bench, id };
};

const nextPart = (bench: Bench) => bench.transport.next('PUT', '/uploads/s1/parts');

const listed = (count: number) => ({
  json: {
    parts: Array.from({ length: count }, (_, index) => ({ part_number: index + 1, size: 10, etag: etagOf(index + 1) })),
  },
});

describe('A user whose session ends', () => {
  for (const act of ['resume', 'retry'] as const) {
    it(`pauses what has begun, which ${act}() takes up without losing a part`, async () => {
      const { bench, id } = await begun();
      await (await nextPart(bench)).answer({ status: 401 });
      assert.equal(bench.state(id), 'paused needs-sign-in');
      assert.equal(bench.upload(id).confirmedBytes, 10);
      await bench.transport.quiet();

      bench.engine[act](id);
      await (await bench.transport.next('GET', '/uploads/s1')).answer(listed(1));
      const part = await nextPart(bench);
      assert.equal(part.partNumber, 2);
      await part.answer({ headers: { ETag: etagOf(2) } });
      await (await bench.transport.next('POST', '/uploads/s1/complete')).answer({ json: { file_id: 'f1' } });

      assert.equal(bench.state(id), 'done');
      assert.deepEqual(bench.events.of('upload-failed'), []);
    });
  }

  it('pauses an upload that only waits for its completion', async () => {
    const { bench, id } = await begun();
    await (await nextPart(bench)).answer({ headers: { ETag: etagOf(2) } });
    await (await bench.transport.next('POST', '/uploads/s1/complete')).answer({ status: 401 });
    assert.equal(bench.state(id), 'paused needs-sign-in');

    bench.engine.resume(id);
    // Once to find the session again, once because a completion was asked for before.
    for (let look = 1; look <= 2; look += 1) {
      await (await bench.transport.next('GET', '/uploads/s1')).answer(listed(2));
    }
    await (await bench.transport.next('POST', '/uploads/s1/complete')).answer({ json: { file_id: 'f1' } });

    assert.equal(bench.state(id), 'done');
  });

  it('pauses an upload whose file is stored but not confirmed', async () => {
    const bench = new Bench({ protocol: 'presigned', confirmEndpoint: 'https://app.test/confirm' });
    const id = bench.add(fileOf('a.txt'));
    const grant = { uploadUrl: 'https://storage.test/object', fileId: 'f1' };
    await (await bench.transport.next('POST', '/uploads')).answer({ json: grant });
    await (await bench.transport.next('PUT', '/object')).answer({});
    await (await bench.transport.next('POST', '/confirm')).answer({ status: 401 });
    assert.equal(bench.state(id), 'paused needs-sign-in');

    bench.engine.resume(id);
    await (await bench.transport.next('POST', '/confirm')).answer({ json: {} });

    assert.equal(bench.state(id), 'done');
  });

  it('keeps a record that the next page takes up by itself', async () => {
    const { bench, id } = await begun();
    await (await nextPart(bench)).answer({ status: 401 });
    await bench.clock.advance(1000);
    const [record] = (await bench.store.load(`https://app.test/uploads `)) as [UploadRecord];
    assert.deepEqual([record.id, record.pausedByUser, record.receipts.length], [id, false, 1]);
  });

  it('fails what has not begun', async () => {
    const bench = new Bench({ protocol: 'chunked' });
    const id = bench.add(fileOf('a.bin', 20));
    await (await bench.transport.next('POST', '/uploads/init')).answer({ status: 401 });
    assert.deepEqual([bench.state(id), bench.upload(id).error?.code], ['failed', 'unauthorized']);
  });

  it('fails what may not be done at all, begun or not', async () => {
    const { bench, id } = await begun();
    await (await nextPart(bench)).answer({ status: 403 });
    assert.deepEqual([bench.state(id), bench.upload(id).error?.code], ['failed', 'unauthorized']);
  });
});
