import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import type { RunningEmulator } from '../../../src/emulator/index.js';
import { bytesOf, jsonOf, MiB, until } from '../api-client.js';
import { crcOf, INSTANT, refusalOf, withCurrent } from './current-client.js';

/** A chunk request whose body does not come to its end. */
const hang = (emulator: RunningEmulator, id: string, order: number) => {
  const hanging = request(`${emulator.url}/current/upload/${id}/chunk/?order=${order}&size=5`, {
    method: 'POST',
    headers: { authorization: `Bearer ${emulator.apiKey}`, 'content-type': 'multipart/form-data; boundary=b' },
  });
  hanging.on('error', () => {});
  hanging.write('--b\r\nContent-Disposition: form-data; name="chunk"; filename="c"\r\n\r\nabc');
  return hanging;
};

describe('chunks of the current API', () => {
  it('take their fields from the form as well', () =>
    withCurrent({}, async (api) => {
      const id = await api.open(3);
      const form = new FormData();
      form.append('chunk', new Blob(['abc']), 'x');
      form.append('order', '1');
      form.append('size', '3');
      form.append('hash_algo', 'md5');
      form.append('hash', createHash('md5').update('abc').digest('hex'));
      assert.equal((await api.post(`upload/${id}/chunk/`, form)).status, 200);
      assert.deepEqual((await api.details(id)).chunks, { 1: 3 });
    }));

  it('need an order from 1 to the plan’s count, their size, and their bytes', () =>
    withCurrent({ limits: { chunks: 3 } }, async (api) => {
      const id = await api.open(3);
      const bytes = bytesOf(3);
      for (const order of [0, -1, 4, 'x', '1.5', '']) {
        const answer = await api.chunk(id, order, bytes);
        assert.equal(answer.status, 406, `order ${order}`);
        assert.equal((await jsonOf(answer)).error.params[0].name, 'order');
      }
      assert.equal((await api.chunk(id, 1, bytes, { size: 4 })).status, 406);
      const form = new FormData();
      form.append('chunk', new Blob([bytes]), 'x');
      assert.equal((await api.post(`upload/${id}/chunk/?order=1`, form)).status, 406);
      assert.equal((await api.post(`upload/${id}/chunk/?order=1&size=3`, new FormData())).status, 406);
      assert.deepEqual((await api.details(id)).chunks, {});
    }));

  it('are no larger than the plan allows', () =>
    withCurrent({ limits: { chunkSize: 2 * MiB } }, async (api) => {
      const id = await api.open(4 * MiB);
      assert.equal((await api.chunk(id, 1, bytesOf(2 * MiB))).status, 200);
      assert.equal((await api.chunk(id, 2, bytesOf(2 * MiB + 1))).status, 413);
    }));

  it('may be small only where they are the last', () =>
    withCurrent({}, async (api) => {
      const id = await api.open(2 * MiB + 8);
      const small = bytesOf(4);
      assert.equal((await api.chunk(id, 3, small)).status, 200);
      assert.equal((await api.chunk(id, 4, small)).status, 406);
      assert.equal((await api.chunk(id, 1, small)).status, 406);
      assert.equal((await api.chunk(id, 3, bytesOf(8))).status, 200);
      const early = await api.open(MiB + 4);
      await api.chunk(early, 1, small);
      await api.chunk(early, 2, bytesOf(MiB));
      assert.equal((await api.complete(early)).status, 406);
    }));

  it('replace what was sent under the same order', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const id = await api.open(5);
      await api.chunk(id, 1, bytesOf(3));
      await api.chunk(id, 1, new TextEncoder().encode('abcde'));
      await api.complete(id);
      assert.equal(emulator.files()[0]?.sha256, createHash('sha256').update('abcde').digest('hex'));
    }));

  it('can be listed and taken back', () =>
    withCurrent({}, async (api) => {
      const id = await api.open(3);
      await api.chunk(id, 1, bytesOf(3));
      assert.deepEqual((await jsonOf(await api.call(`upload/${id}/chunk/`))).chunks, { 1: 3 });
      assert.equal((await api.delete(`upload/${id}/chunk/?order=1`)).status, 200);
      assert.equal((await api.delete(`upload/${id}/chunk/?order=1`)).status, 404);
      assert.deepEqual((await api.details(id)).chunks, {});
    }));

  it('come three at a time and no more', () =>
    withCurrent({}, async (api, emulator) => {
      const id = await api.open(5);
      const other = await api.open(5);
      const hanging = [1, 2, 3].map((order) => hang(emulator, id, order));
      await until(() => emulator.log().filter(({ path, bytes }) => path.endsWith('/chunk/') && bytes > 0).length === 3);
      assert.equal((await api.chunk(id, 4, bytesOf(5))).status, 429);
      assert.equal((await api.chunk(other, 1, bytesOf(5))).status, 200);
      hanging[0]?.destroy();
      await until(async () => (await api.chunk(id, 4, bytesOf(5))).status === 200);
      for (const open of hanging) open.destroy();
    }));

  it('are refused when they do not match their hash, whatever lists it', () =>
    withCurrent({ current: { algorithms: ['sha256', 'crc32c'] } }, async (api) => {
      const id = await api.open(9);
      const bytes = new TextEncoder().encode('123456789');
      const send = (hash_algo: string, hash: string) => api.chunk(id, 1, bytes, { hash_algo, hash });
      assert.equal((await send('crc32c', 'e3069283')).status, 200);
      assert.equal((await send('crc32c', 'e3069284')).status, 406);
      assert.equal((await send('sha256', createHash('sha256').update(bytes).digest('hex'))).status, 200);
      assert.equal((await send('md5', createHash('md5').update(bytes).digest('hex'))).status, 406);
      assert.equal((await api.chunk(id, 1, bytes, { hash: 'e3069283' })).status, 406);
    }));

  it('show in the log by number and name, and faults can be aimed at them', () =>
    withCurrent({}, async (api, emulator) => {
      const id = await api.open(3);
      emulator.faults([{ match: { part: 1, name: 'a.bin' }, times: 1, action: { type: 'status', status: 503 } }]);
      assert.equal((await api.chunk(id, 1, bytesOf(3))).status, 503);
      assert.equal((await api.chunk(id, 1, bytesOf(3))).status, 200);
      const entry = emulator.log().at(-1);
      assert.deepEqual([entry?.part, entry?.name], [1, 'a.bin']);
    }));
});

describe('the whole-file CRC-32C', () => {
  const bytes = bytesOf(MiB + 7);
  const [head, tail] = [bytes.subarray(0, MiB), bytes.subarray(MiB)];

  it('lets a right file through', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const id = await api.open(bytes.length);
      await api.chunk(id, 1, head);
      assert.equal((await api.chunk(id, 2, tail, { file_crc32c: crcOf(bytes) })).status, 200);
      assert.equal((await api.chunk(id, 2, tail, { file_crc32c: crcOf(bytes) })).status, 200);
      assert.equal((await api.complete(id)).status, 200);
      assert.equal(emulator.files().length, 1);
    }));

  it('fails complete for good when it is wrong, and stores nothing', () =>
    withCurrent({}, async (api, emulator) => {
      const id = await api.open(bytes.length);
      await api.chunk(id, 1, head);
      await api.chunk(id, 2, tail, { file_crc32c: '00000000' });
      assert.deepEqual(await refusalOf(await api.complete(id)), [406, 10778]);
      const session = await api.details(id);
      assert.equal(session.status, 'assembly_failed');
      assert.deepEqual(session.integrity_failure, { expected_crc32c: '00000000', computed_crc32c: crcOf(bytes) });
      assert.deepEqual(emulator.files(), []);
    }));

  it('fails the last chunk instead where it is checked there', () =>
    withCurrent({ current: { crcCheckedAt: 'chunk' } }, async (api) => {
      const id = await api.open(bytes.length);
      await api.chunk(id, 1, head);
      assert.deepEqual(await refusalOf(await api.chunk(id, 2, tail, { file_crc32c: '00000000' })), [406, 10778]);
    }));

  it('cannot be changed, and comes only with the chunk that completes the file', () =>
    withCurrent({}, async (api) => {
      const id = await api.open(bytes.length);
      assert.equal((await api.chunk(id, 1, head, { file_crc32c: crcOf(bytes) })).status, 406);
      await api.chunk(id, 1, head);
      await api.chunk(id, 2, tail, { file_crc32c: crcOf(bytes) });
      assert.deepEqual(await refusalOf(await api.chunk(id, 2, tail, { file_crc32c: '00000000' })), [409, 10779]);
    }));

  it('is checked as the hash of a session, a single request and a stream too', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api) => {
      const wrong = { hash_algo: 'crc32c', hash: '00000000' };
      assert.deepEqual(await refusalOf(await api.single(tail, wrong)), [406, 10778]);
      assert.equal((await api.single(tail, { hash_algo: 'crc32c', hash: crcOf(tail) })).status, 200);
      const id = await api.open(tail.length, wrong);
      await api.chunk(id, 1, tail);
      assert.deepEqual(await refusalOf(await api.complete(id)), [406, 10778]);
      const { id: stream } = await jsonOf(await api.openRaw({ stream: 'true' }));
      const answer = await api.post(`upload/${stream}/stream/?hash_algo=crc32c&hash=00000000`, tail);
      assert.deepEqual(await refusalOf(answer), [406, 10778]);
    }));
});
