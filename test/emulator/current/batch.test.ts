import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesOf, jsonOf, MiB, sha256 } from '../api-client.js';
import { INSTANT, refusalOf, WORKSPACE, withCurrent } from './current-client.js';

interface Result {
  readonly index: number;
  readonly filename: string;
  readonly status: string;
  readonly upload_id: string | null;
  readonly node_id: string | null;
  readonly error_code: number | null;
}

const byIndex = (results: readonly Result[]): Result[] => [...results].sort((a, b) => a.index - b.index);

describe('batches of the current API', () => {
  it('store up to two hundred files, whose results are matched by index', () =>
    withCurrent({}, async (api, emulator) => {
      const files = Array.from({ length: 200 }, (_, index) => ({ name: `${index}.bin`, bytes: bytesOf(index) }));
      const answer = await jsonOf(await api.batch(files, { folder_id: 'fld' }));
      assert.deepEqual([answer.count_total, answer.count_succeeded, answer.count_errored], [200, 200, 0]);
      assert.notEqual(answer.results[0].index, 0);
      const stored = new Map(emulator.files().map((file) => [file.fileId, file]));
      for (const [index, result] of byIndex(answer.results).entries()) {
        const file = stored.get(result.node_id ?? '');
        assert.deepEqual(
          [result.index, result.status, file?.name, file?.sha256, file?.folderId],
          [index, 'ok', `${index}.bin`, sha256(files[index]?.bytes ?? bytesOf(0)), 'fld'],
        );
      }
      const snapshot = await jsonOf(await api.call(`upload/batch/${answer.batch_id}/`));
      assert.deepEqual(snapshot.results, answer.results);
    }));

  it('keep the type that the part of each file says', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const form = new FormData();
      form.append('instance_id', WORKSPACE);
      const names = ['a.txt', 'b.png'];
      form.append('manifest', JSON.stringify(names.map((filename, index) => ({ index, filename }))));
      form.append('file_0', new Blob(['a'], { type: 'text/plain' }), 'x');
      form.append('file_1', new Blob(['b'], { type: 'image/png' }), 'x');
      await api.post('upload/batch/', form);
      const types = emulator.files().map(({ name, contentType }) => [name, contentType]);
      assert.deepEqual(Object.fromEntries(types), { 'a.txt': 'text/plain', 'b.png': 'image/png' });
    }));

  it('answer 200 even when files fail, each with a reason of its own', () =>
    withCurrent({ current: { stages: INSTANT, failsStore: /^broken/ } }, async (api, emulator) => {
      const bytes = bytesOf(3);
      const answer = await api.batch([
        { name: 'good', bytes, entry: { relative_path: 'a/', hash: sha256(bytes), hash_algo: 'sha256' } },
        { name: 'large', bytes: bytesOf(4 * MiB + 1) },
        { name: 'wrong', bytes, entry: { hash: '00000000', hash_algo: 'crc32c' } },
        { name: '..', bytes },
        { name: 'broken', bytes },
        { name: 'odd', bytes, entry: { index: 77 } },
      ]);
      assert.equal(answer.status, 200);
      const { results, count_succeeded: good, count_errored: bad } = await jsonOf(answer);
      assert.deepEqual([good, bad], [1, 5]);
      assert.deepEqual(
        byIndex(results).map(({ status, error_code: code }) => [status, code !== null]),
        [['ok', false], ...Array.from({ length: 5 }, () => ['error', true])],
      );
      assert.equal(byIndex(results)[2]?.error_code, 10778);
      assert.deepEqual(
        emulator.files().map(({ relativePath }) => relativePath),
        ['a/good'],
      );
    }));

  it('leave out nodes that are not known yet; the session tells them later', () =>
    withCurrent({ current: { unresolvedEvery: 2 } }, async (api, emulator) => {
      const names = ['a', 'b', 'c', 'd'];
      const { results } = await jsonOf(await api.batch(names.map((name) => ({ name, bytes: bytesOf(9) }))));
      const open = byIndex(results).filter(({ node_id: node }) => node === null);
      assert.deepEqual(
        open.map(({ index, status }) => [index, status]),
        [
          [1, 'ok'],
          [3, 'ok'],
        ],
      );
      for (const { upload_id: id, filename } of open) {
        const { new_file_id: node } = await api.settled(id ?? '');
        assert.equal(emulator.files().find(({ fileId }) => fileId === node)?.name, filename);
      }
    }));

  it('shorten long names and keep their extension', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      await api.batch([{ name: `${'x'.repeat(120)}.tar`, bytes: bytesOf(1) }]);
      assert.equal(emulator.files()[0]?.name, `${'x'.repeat(96)}.tar`);
    }));

  it('are refused as a whole when they are too many, too large, or have no manifest', () =>
    withCurrent({}, async (api, emulator) => {
      const many = Array.from({ length: 201 }, (_, index) => ({ name: `${index}`, bytes: bytesOf(1) }));
      assert.equal((await api.batch(many)).status, 406);
      assert.equal((await api.batch([])).status, 406);
      assert.equal((await api.batch([{ name: 'a', bytes: bytesOf(1) }], { manifest: '{' })).status, 406);
      const twice = [0, 0].map((index) => ({ name: 'a', bytes: bytesOf(1), entry: { index } }));
      assert.equal((await api.batch(twice)).status, 406);
      const heavy = Array.from({ length: 26 }, (_, index) => ({ name: `${index}`, bytes: new Uint8Array(4 * MiB) }));
      assert.equal((await api.batch(heavy)).status, 413);
      assert.deepEqual(emulator.files(), []);
    }));

  it('are not for guests, who are no login', () =>
    withCurrent({ current: { shares: [{ id: 's1', type: 'receive' }] } }, async (api) => {
      const { auth_token: token } = await jsonOf(await api.post('share/s1/auth/guest/', '{}'));
      const answer = await api.as(token).batch([{ name: 'a', bytes: bytesOf(1) }], { instance_id: 's1' });
      assert.deepEqual(await refusalOf(answer), [401, 10011]);
    }));
});

describe('streams of the current API', () => {
  it('store a body of unknown size and finalise themselves', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const bytes = bytesOf(3 * MiB);
      const { id } = await jsonOf(await api.openRaw({ stream: 'true' }));
      const body = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += MiB) controller.enqueue(bytes.subarray(at, at + MiB));
          controller.close();
        },
      });
      const hash = createHash('sha1').update(bytes).digest('hex');
      const init = { duplex: 'half' } as RequestInit;
      const answer = await api.post(`upload/${id}/stream/?hash_algo=sha1&hash=${hash}`, body, init);
      assert.equal(answer.status, 201);
      assert.equal((await jsonOf(answer)).new_file_id, emulator.files()[0]?.fileId);
      assert.equal(emulator.files()[0]?.sha256, sha256(bytes));
      assert.equal((await api.post(`upload/${id}/stream/`, bytes)).status, 406);
    }));

  it('fail for good beyond their largest size', () =>
    withCurrent({}, async (api, emulator) => {
      const { id } = await jsonOf(await api.openRaw({ stream: 'true', max_size: 10 }));
      assert.equal((await api.post(`upload/${id}/stream/`, bytesOf(11))).status, 413);
      assert.equal((await api.details(id)).status, 'assembly_failed');
      assert.deepEqual(emulator.files(), []);
    }));

  it('keep apart from chunks', () =>
    withCurrent({}, async (api) => {
      const chunked = await api.open(3);
      const { id: streamed } = await jsonOf(await api.openRaw({ stream: 'true' }));
      assert.equal((await api.post(`upload/${chunked}/stream/`, bytesOf(3))).status, 406);
      assert.equal((await api.chunk(streamed, 1, bytesOf(3))).status, 406);
      assert.equal((await api.complete(streamed)).status, 406);
      assert.equal((await api.post(`upload/${streamed}/stream/?hash=00`, bytesOf(3))).status, 406);
    }));
});

describe('placing in the current API', () => {
  const place = (
    api: { post(path: string, body: URLSearchParams): Promise<Response> },
    folder: string,
    name: string,
    from: object,
    context = `workspace/${WORKSPACE}`,
  ) => api.post(`${context}/storage/${folder}/addfile/`, new URLSearchParams({ name, from: JSON.stringify(from) }));

  it('puts an upload without a target into one place, and into others after that', () =>
    withCurrent({}, async (api, emulator) => {
      const bytes = bytesOf(5);
      const { id } = await jsonOf(
        await api.post('upload/', new URLSearchParams({ name: 'x', size: '5', action: 'create' })),
      );
      await api.chunk(id, 1, bytes);
      const from = { type: 'upload', upload: { id } };
      assert.equal((await place(api, 'root', 'early', from)).status, 406);
      await api.complete(id);
      await api.settled(id, 'complete');
      const first = await jsonOf(await place(api, 'root', 'one', from));
      const second = await jsonOf(await place(api, 'fld', 'two', from));
      assert.equal((await api.details(id)).new_file_id, first.node.id);
      assert.deepEqual(
        emulator.files().map((file) => [file.fileId, file.folderId, file.name, file.sha256]),
        [
          [first.node.id, 'root', 'one', sha256(bytes)],
          [second.node.id, 'fld', 'two', sha256(bytes)],
        ],
      );
    }));

  it('puts known bytes into a share by their hash', () =>
    withCurrent({ current: { stages: INSTANT, shares: [{ id: 's1', type: 'receive' }] } }, async (api, emulator) => {
      const bytes = bytesOf(5);
      await api.single(bytes);
      const from = { type: 'hash', hash: { hash: sha256(bytes), hash_type: 'sha256' } };
      assert.equal((await place(api, 'root', 'b', from, 'share/s1')).status, 200);
      assert.equal((await place(api, 'root', 'b', from)).status, 406);
      const unknown = { type: 'hash', hash: { hash: sha256(bytesOf(9)), hash_type: 'sha256' } };
      assert.equal((await place(api, 'root', 'b', unknown, 'share/s1')).status, 404);
      assert.equal(emulator.files().at(-1)?.workspaceId, 's1');
    }));

  it('can be seen in the folder', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api) => {
      const { new_file_id: id } = await jsonOf(await api.single(bytesOf(5)));
      await api.single(bytesOf(6), { name: 'b' });
      const folder = await jsonOf(await api.call(`workspace/${WORKSPACE}/storage/root/?limit=1`));
      assert.deepEqual([folder.nodes[0].id, folder.nodes.length, folder.count], [id, 1, 2]);
      const { node } = await jsonOf(await api.call(`workspace/${WORKSPACE}/storage/${id}/details/`));
      assert.deepEqual([node.name, node.size, node.version, node.locked], ['a.bin', 5, 1, false]);
    }));
});
