import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, bytesOf, fileOf, openChunked } from '../support/builders.js';
import { received, SESSION } from '../support/scripted-server.js';

describe('chunked', () => {
  it('opens a session, sends the parts side by side, completes with the manifest in order', async () => {
    const bench = new Bench({ protocol: 'chunked', metadata: { album: 7 }, workspaceId: 'w1' });
    const { engine, events, server } = bench;
    const id = bench.add(fileOf('big.bin', 25, { type: 'video/mp4' }), 'holiday/big.bin');

    const init = await server.nextInit();
    assert.deepEqual(init.json, {
      filename: 'big.bin',
      total_size: 25,
      mime_type: 'video/mp4',
      workspace_id: 'w1',
      relative_path: 'holiday/big.bin',
      metadata: { album: 7 },
    });
    await init.answer({ json: SESSION });
    const parts = [await server.nextPart(), await server.nextPart(), await server.nextPart()];
    assert.deepEqual(
      parts.map(({ partNumber, body }) => [partNumber, body?.size]),
      [
        [1, 10],
        [2, 10],
        [3, 5],
      ],
    );
    assert.deepEqual(Buffer.concat(await Promise.all(parts.map((part) => part.bytes()))), Buffer.from(bytesOf(25)));
    for (const part of parts.reverse()) await received(part);
    const completion = await server.nextComplete();
    assert.deepEqual(completion.json, {
      parts: [1, 2, 3].map((number) => ({ part_number: number, etag: `etag-${number}` })),
    });
    assert.equal(bench.state(id), 'finishing');
    await completion.answer({ json: { file_id: 'f1', name: 'big.bin' } });

    assert.deepEqual(bench.upload(id).result, { file_id: 'f1', name: 'big.bin' });
    assert.deepEqual(
      events.of('part-complete').map(({ part }) => part),
      [3, 2, 1],
    );
    assert.deepEqual(engine.uploads[0]?.parts, { total: 3, confirmed: 3 });
  });

  it('stores an empty file as one empty part', async () => {
    const { bench, id, server } = await openChunked(0);

    const part = await server.nextPart();
    assert.deepEqual([part.partNumber, part.body?.size], [1, 0]);
    await received(part);
    await server.complete();

    assert.equal(bench.state(id), 'done');
  });

  it('fails with `protocol` when the page may not read the ETag', async () => {
    const { bench, id, server } = await openChunked(10);

    await (await server.nextPart()).answer({ status: 200 });

    const { error } = bench.upload(id);
    assert.deepEqual([error?.code, error?.partNumber], ['protocol', 1]);
    assert.match(error?.message ?? '', /Access-Control-Expose-Headers/);
  });

  it('finds the file whose answer to complete was lost, and what the backend made of it', async () => {
    const { bench, id, server, clock } = await openChunked(10);
    await server.takePart();
    await (await server.nextComplete()).fail();
    await clock.advance(30_000);

    const state = { upload_id: 's1', parts: [], file_id: 'f9', result: { row: 7 } };
    await (await server.nextInspect()).answer({ json: state });

    assert.equal(bench.upload(id).fileId, 'f9');
    assert.deepEqual(bench.upload(id).result, { row: 7 });
  });
});
