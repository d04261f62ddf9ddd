import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesOf, jsonOf, MiB, md5, sha256, until, withEmulator } from './api-client.js';

const errorOf = async (response: Response) => (await jsonOf(response)).error;

const parts = [bytesOf(MiB), bytesOf(MiB + 5), bytesOf(17)];
const total = parts.reduce((sum, part) => sum + part.length, 0);
const etags = parts.map(md5);

describe('chunked dialect', () => {
  it('joins parts that came in any order into the file', () =>
    withEmulator({}, async (emulator, api) => {
      const id = await api.init(total, { mime_type: 'video/mp4', relative_path: 'a/b.mp4', metadata: { k: 'v' } });
      const answers = await Promise.all(
        [2, 0, 1].map((index) => api.putPart(id, index + 1, parts[index] ?? new Uint8Array())),
      );
      assert.deepEqual(
        answers.map((answer) => answer.headers.get('etag')),
        [etags[2], etags[0], etags[1]],
      );
      const completion = await jsonOf(await api.complete(id, etags));
      assert.equal(completion.name, 'a.bin');
      assert.equal(completion.size, total);
      assert.equal(completion.sha256, sha256(Buffer.concat(parts)));
      assert.deepEqual(await api.download(completion.file_id), new Uint8Array(Buffer.concat(parts)));
      const [file] = emulator.files();
      assert.deepEqual([file?.contentType, file?.relativePath, file?.metadata], ['video/mp4', 'a/b.mp4', { k: 'v' }]);
    }));

  it('gives the ETag in the body as well', () =>
    withEmulator({}, async (_, api) => {
      const answer = await api.putPart(await api.init(17), 1, bytesOf(17));
      assert.equal((await jsonOf(answer)).etag, answer.headers.get('etag'));
    }));

  it('stores an empty file as one empty part', () =>
    withEmulator({}, async (emulator, api) => {
      assert.equal((await api.uploadInParts([new Uint8Array()])).status, 200);
      assert.equal(emulator.files()[0]?.size, 0);
    }));

  it('answers the same open session to the same idempotency key', () =>
    withEmulator({}, async (_, api) => {
      const key = { 'Idempotency-Key': 'key-1' };
      const [id, again] = await Promise.all([api.init(total, {}, key), api.init(total, {}, key)]);
      assert.equal(again, id);
      assert.notEqual(await api.init(total, {}, { 'Idempotency-Key': 'key-2' }), id);
      assert.notEqual(await api.init(total), await api.init(total));
      assert.notEqual(await api.init(total - 1, {}, key), id);
    }));

  it('opens another session for the key of one that is complete', () =>
    withEmulator({}, async (_, api) => {
      const key = { 'Idempotency-Key': 'key-1' };
      const id = await api.init(17, {}, key);
      await api.putPart(id, 1, new Uint8Array(17));
      await api.complete(id, [md5(new Uint8Array(17))]);
      assert.notEqual(await api.init(17, {}, key), id);
    }));

  it('announces its limits', () =>
    withEmulator({ parts: { minPartSize: 10, maxPartSize: 20, maxParts: 3, maxParallel: 2 } }, async (_, api) => {
      const answer = await jsonOf(await api.initRaw({ total_size: 60 }));
      assert.match(answer.upload_id, /^upl_/);
      assert.ok(Date.parse(answer.expires_at) > Date.now());
      assert.deepEqual(
        [answer.part_size, answer.min_part_size, answer.max_part_size, answer.max_parts, answer.max_parallel],
        [undefined, 10, 20, 3, 2],
      );
      assert.equal((await api.initRaw({ total_size: 61 })).status, 413);
    }));

  it('demands the bearer key and a workspace that it may write to', () =>
    withEmulator({ workspaces: ['ws_1'] }, async (_, api) => {
      assert.equal((await api.initRaw({ total_size: 1, workspace_id: 'ws_9' })).status, 403);
      const id = await api.init(1);
      const headers = { authorization: 'Bearer nope' };
      assert.equal((await api.putPart(id, 1, bytesOf(1), headers)).status, 401);
      assert.equal((await api.call(`/v1/uploads/chunked/${id}`, { headers })).status, 401);
    }));

  for (const fields of [{ total_size: -1 }, { total_size: '5' }, {}, { total_size: 1, filename: 'a/b' }]) {
    it(`opens no session for ${JSON.stringify(fields)}`, () =>
      withEmulator({}, async (_, api) => {
        assert.equal((await api.initRaw(fields)).status, 400);
      }));
  }

  for (const number of ['0', '-1', 'x', '1.5', '10001', '']) {
    it(`takes no part of number "${number}"`, () =>
      withEmulator({}, async (_, api) => {
        assert.equal((await api.putPart(await api.init(5), number, bytesOf(5))).status, 400);
      }));
  }

  it('takes no part that is too large, empty, or of another type', () =>
    withEmulator({ parts: { maxPartSize: 10 } }, async (_, api) => {
      const id = await api.init(15);
      assert.equal((await api.putPart(id, 1, bytesOf(11))).status, 413);
      assert.equal((await api.putPart(id, 1, new Uint8Array())).status, 400);
      assert.equal((await api.putPart(id, 1, bytesOf(10), { 'content-type': 'image/png' })).status, 415);
    }));

  it('holds parts to the exact size where it fixed one', () =>
    withEmulator({ parts: { partSize: 10 } }, async (_, api) => {
      const id = await api.init(25);
      const statuses = [];
      for (const [number, size] of [
        [1, 9],
        [1, 10],
        [2, 10],
        [3, 10],
        [3, 5],
        [4, 5],
      ] as const) {
        statuses.push((await api.putPart(id, number, bytesOf(size))).status);
      }
      assert.deepEqual(statuses, [400, 200, 200, 400, 200, 400]);
    }));

  it('replaces a part that is sent again', () =>
    withEmulator({ parts: { minPartSize: 1 } }, async (_, api) => {
      const id = await api.init(10);
      await api.putPart(id, 1, bytesOf(10));
      const second = bytesOf(10);
      await api.putPart(id, 1, second);
      assert.deepEqual((await jsonOf(await api.inspect(id))).parts, [{ part_number: 1, etag: md5(second), size: 10 }]);
      assert.equal((await jsonOf(await api.complete(id, [md5(second)]))).sha256, sha256(second));
    }));

  it('tells what it has, and the file once it is complete', () =>
    withEmulator({}, async (_, api) => {
      const id = await api.init(total);
      for (const [index, part] of parts.entries()) await api.putPart(id, index + 1, part);
      const before = await jsonOf(await api.inspect(id));
      assert.equal(before.upload_id, id);
      assert.equal(before.total_size, total);
      assert.equal(before.file_id, undefined);
      assert.deepEqual(
        before.parts,
        parts.map((part, index) => ({ part_number: index + 1, etag: md5(part), size: part.length })),
      );
      const { file_id: fileId } = await jsonOf(await api.complete(id, etags));
      assert.equal((await jsonOf(await api.inspect(id))).file_id, fileId);
    }));

  it('names the part of the manifest that does not hold, and shows no file', () =>
    withEmulator({}, async (emulator, api) => {
      const id = await api.init(total);
      for (const [index, part] of parts.entries()) await api.putPart(id, index + 1, part);
      const [one = '', two = '', three = ''] = etags;
      const refused = async (list: readonly string[]) => {
        const answer = await api.complete(id, list);
        const { code, part_number: number } = await errorOf(answer);
        return [answer.status, code, number];
      };
      assert.deepEqual(await refused([one, three, three]), [409, 'part-mismatch', 2]);
      assert.deepEqual(await refused([one, two]), [409, 'size-mismatch', undefined]);
      assert.deepEqual(await refused([]), [409, 'size-mismatch', undefined]);
      const gap = await api.completeRaw(id, [{ part_number: 2, etag: two }]);
      assert.equal((await errorOf(gap)).code, 'part-order');
      assert.deepEqual(emulator.files(), []);
      assert.equal((await api.complete(id, [`"${one.toUpperCase()}"`, two, three])).status, 200);
    }));

  it('names a part that never came', () =>
    withEmulator({}, async (_, api) => {
      const id = await api.init(total);
      await api.putPart(id, 1, parts[0] ?? bytesOf(1));
      const { code, part_number: number } = await errorOf(await api.complete(id, etags));
      assert.deepEqual([code, number], ['part-missing', 2]);
    }));

  it('names a part below the smallest size that is not the last', () =>
    withEmulator({}, async (_, api) => {
      const answer = await api.uploadInParts([bytesOf(10), bytesOf(10)]);
      assert.equal(answer.status, 409);
      const { code, part_number: number } = await errorOf(answer);
      assert.deepEqual([code, number], ['part-too-small', 1]);
    }));

  it('completes once, however often it is asked', () =>
    withEmulator({}, async (emulator, api) => {
      const id = await api.init(total);
      for (const [index, part] of parts.entries()) await api.putPart(id, index + 1, part);
      const together = await Promise.all([api.complete(id, etags), api.complete(id, etags)]);
      const answers = await Promise.all([...together, await api.complete(id, etags)].map(jsonOf));
      assert.deepEqual(answers[1], answers[0]);
      assert.deepEqual(answers[2], answers[0]);
      assert.equal(emulator.files().length, 1);
      assert.equal((await api.putPart(id, 1, bytesOf(MiB))).status, 409);
    }));

  it('frees the disk when a session is deleted', () =>
    withEmulator({ capacityBytes: total }, async (emulator, api) => {
      const id = await api.init(total);
      for (const [index, part] of parts.entries()) await api.putPart(id, index + 1, part);
      assert.equal((await api.call(`/v1/uploads/chunked/${id}`, { method: 'DELETE' })).status, 204);
      assert.equal((await api.inspect(id)).status, 404);
      assert.deepEqual(readdirSync(join(emulator.dataDir, 'sessions')), []);
      const { url } = await api.mint();
      assert.equal((await api.put(url, bytesOf(total))).status, 200);
    }));

  it('forgets a session past its end', async () => {
    let now = Date.now();
    await withEmulator({ now: () => now, sessionTtlMs: 1000 }, async (emulator, api) => {
      const id = await api.init(5);
      await api.putPart(id, 1, bytesOf(5));
      now += 1000;
      assert.equal((await api.putPart(id, 1, bytesOf(5))).status, 404);
      assert.equal((await api.complete(id, [])).status, 404);
      assert.deepEqual(readdirSync(join(emulator.dataDir, 'sessions')), []);
    });
  });

  it('refuses more parts in flight than it allows', () =>
    withEmulator({ parts: { maxParallel: 1 } }, async (emulator, api) => {
      const id = await api.init(20);
      api.fault({ match: { part: 1 }, action: { type: 'bandwidth', bytesPerSecond: 50 } });
      const first = api.putPart(id, 1, bytesOf(10));
      await until(() => emulator.log().at(-1)?.bytes === 10);
      const second = await api.putPart(id, 2, bytesOf(10));
      assert.equal(second.status, 429);
      assert.ok(Number(second.headers.get('retry-after')) > 0);
      assert.equal((await first).status, 200);
    }));

  it('keeps files and sessions across a restart, and nothing that was half there', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'emulator-test-'));
    try {
      let id = '';
      let first = '';
      await withEmulator({ dataDir, apiKey: 'k' }, async (_, api) => {
        ({ file_id: first } = await jsonOf(await api.uploadInParts(parts)));
        id = await api.init(total);
        await api.putPart(id, 1, bytesOf(MiB));
        await api.putPart(id, 1, parts[0] ?? bytesOf(1));
        await api.putPart(id, 2, parts[1] ?? bytesOf(1));
      });
      await withEmulator({ dataDir, apiKey: 'k' }, async (emulator, api) => {
        assert.deepEqual(
          emulator.files().map(({ fileId }) => fileId),
          [first],
        );
        const state = await jsonOf(await api.inspect(id));
        assert.deepEqual(
          state.parts.map((part: { etag: string }) => part.etag),
          etags.slice(0, 2),
        );
        await api.putPart(id, 3, parts[2] ?? bytesOf(1));
        assert.equal((await api.complete(id, etags)).status, 200);
        assert.deepEqual(readdirSync(join(dataDir, 'temp')), []);
      });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('lets pages of other origins in, unless told not to', async () => {
    const preflight = (url: string) =>
      fetch(`${url}/v1/uploads/chunked/upl_1/parts`, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:1',
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'authorization,content-type,fastio-part-number',
        },
      });
    await withEmulator({}, async ({ url }, api) => {
      const answer = await preflight(url);
      assert.equal(answer.status, 204);
      assert.match(answer.headers.get('access-control-allow-headers') ?? '', /Fastio-Part-Number/);
      const part = await api.putPart(await api.init(5), 1, bytesOf(5));
      assert.match(part.headers.get('access-control-expose-headers') ?? '', /\bETag\b/);
    });
    await withEmulator({ chunkedCors: false }, async ({ url }) => {
      const answer = await preflight(url);
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
    });
  });
});
