import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesOf, jsonOf, MiB, sha256, until } from '../../api-client.js';
import { INSTANT, refusalOf, WORKSPACE, withCurrent } from '../current-client.js';

const EVEN = { assemble: 100, assembling: 100, complete: 100, store: 100, storing: 100 };
const SLOW = { assemble: 10_000, assembling: 10_000, complete: 10_000, store: 10_000, storing: 10_000 };

describe('upload sessions of the current API', () => {
  it('store the chunks as a file, which is not seen before', () =>
    withCurrent({}, async (api, emulator) => {
      const bytes = bytesOf(2 * MiB + 5);
      const id = await api.open(bytes.length, { folder_id: 'fld', relative_path: 'a/b/', profile_type: 'workspace' });
      assert.match(id, /^[a-z0-9]{5}(-[a-z0-9]{5}){5}$/);
      assert.equal((await api.details(id)).status, 'ready');
      assert.equal((await api.chunk(id, 2, bytes.subarray(2 * MiB))).status, 200);
      assert.equal((await api.chunk(id, 1, bytes.subarray(0, 2 * MiB))).status, 200);
      const uploading = await api.details(id);
      assert.deepEqual([uploading.status, uploading.chunks], ['uploading', { 1: 2 * MiB, 2: 5 }]);
      assert.equal((await api.complete(id)).status, 200);
      let session = uploading;
      while (session.status !== 'stored') {
        const seenBefore = emulator.files();
        session = await api.details(id);
        if (session.status !== 'stored') assert.deepEqual(seenBefore, [], session.status);
      }
      const [file] = emulator.files();
      assert.equal(file?.fileId, session.new_file_id);
      assert.deepEqual(
        [file?.name, file?.size, file?.sha256, file?.workspaceId, file?.folderId, file?.relativePath],
        ['a.bin', bytes.length, sha256(bytes), WORKSPACE, 'fld', 'a/b/a.bin'],
      );
    }));

  it('pass through their statuses in order', () =>
    withCurrent({ current: { stages: EVEN } }, async (api) => {
      const order = ['uploading', 'assemble', 'assembling', 'complete', 'store', 'storing', 'stored'];
      const id = await api.open(3);
      await api.chunk(id, 1, bytesOf(3));
      await api.complete(id);
      const seen: string[] = [];
      while (seen.at(-1) !== 'stored') seen.push((await api.details(id, 5)).status);
      const places = seen.map((status) => order.indexOf(status));
      assert.ok(seen.length > 2, 'a busy machine may miss one, not nearly all');
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
      );
      assert.ok(!places.includes(-1), seen.join());
    }));

  it('answer a long poll when the status changes, and when its seconds are over', () =>
    withCurrent({ current: { stages: SLOW } }, async (api) => {
      const id = await api.open(3);
      await api.chunk(id, 1, bytesOf(3));
      const startedAt = performance.now();
      assert.equal((await api.details(id, 0.05)).status, 'uploading');
      assert.ok(performance.now() - startedAt >= 45);
      const polling = api.details(id, 60);
      await api.complete(id);
      assert.equal((await polling).status, 'assemble');
    }));

  it('end a long poll with 404 when they are deleted', () =>
    withCurrent({}, async (api, emulator) => {
      const id = await api.open(3);
      const polling = api.call(`upload/${id}/details/?wait=60`);
      await until(() => emulator.log().some(({ path }) => path.endsWith('/details/')));
      assert.equal((await api.delete(`upload/${id}/`)).status, 200);
      assert.equal((await polling).status, 404);
    }));

  it('rest at complete without a target', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const answer = await api.post('upload/', new URLSearchParams({ name: 'a', size: '0', action: 'create' }));
      const { id } = await jsonOf(answer);
      await api.complete(id);
      assert.equal((await api.settled(id, 'complete')).new_file_id, null);
      assert.deepEqual(emulator.files(), []);
    }));

  it('are dead after a complete whose sum is wrong', () =>
    withCurrent({}, async (api) => {
      const id = await api.open(4);
      await api.chunk(id, 1, bytesOf(3));
      assert.deepEqual(await refusalOf(await api.complete(id)), [406, 10522]);
      assert.equal((await api.details(id)).status, 'assembly_failed');
      assert.equal((await api.chunk(id, 1, bytesOf(4))).status, 406);
    }));

  it('refuse a second complete', () =>
    withCurrent({}, async (api) => {
      const id = await api.open(0);
      assert.equal((await api.complete(id)).status, 200);
      assert.equal((await api.complete(id)).status, 406);
    }));

  it('fail where they are told to', () =>
    withCurrent({ current: { failsAssembly: /^x/, failsStore: /^y/ } }, async (api, emulator) => {
      for (const [name, status] of [
        ['x', 'assembly_failed'],
        ['y', 'store_failed'],
      ] as const) {
        const { id } = await jsonOf(await api.single(bytesOf(3), { name }));
        const session = await api.settled(id, status);
        assert.notEqual(session.status_message, '');
      }
      assert.deepEqual(emulator.files(), []);
    }));

  it('overwrite the same name in the same folder as a version of the same node', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const first = await jsonOf(await api.single(bytesOf(10)));
      const bytes = bytesOf(20);
      const second = await jsonOf(await api.single(bytes));
      const elsewhere = await jsonOf(await api.single(bytes, { folder_id: 'fld' }));
      assert.equal(second.new_file_id, first.new_file_id);
      assert.notEqual(elsewhere.new_file_id, first.new_file_id);
      const files = emulator.files().map(({ sha256, version }) => [sha256, version]);
      assert.deepEqual(files, [
        [sha256(bytes), 2],
        [sha256(bytes), 1],
      ]);
    }));

  it('keep one node when the same name is stored twice at once', () =>
    withCurrent({}, async (api, emulator) => {
      const ids = await Promise.all([1, 2, 3].map(async () => (await jsonOf(await api.single(bytesOf(9)))).id));
      for (const id of ids) await api.settled(id);
      assert.deepEqual(
        emulator.files().map(({ version }) => version),
        [3],
      );
    }));

  it('update a node by its id', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const { new_file_id: node } = await jsonOf(await api.single(bytesOf(10)));
      const update = { action: 'update', file_id: node, name: 'b.bin' };
      assert.equal((await jsonOf(await api.single(bytesOf(11), update))).new_file_id, node);
      assert.deepEqual(
        emulator.files().map(({ name, size }) => [name, size]),
        [['a.bin', 11]],
      );
      assert.equal((await api.single(bytesOf(1), { ...update, file_id: 'x' })).status, 404);
      assert.equal((await api.openRaw({ size: 1, action: 'update' })).status, 406);
    }));

  it('can be listed and deleted one by one, or all of a user at once', () =>
    withCurrent({ current: { keys: [{ key: 'k2', userId: 'other' }] } }, async (api, emulator) => {
      const ids = [await api.open(1), await api.open(2), await api.open(3)];
      const foreign = await api.as('k2').open(4);
      const list = async () =>
        (await jsonOf(await api.call('upload/details/'))).sessions.map(({ id }: { id: string }) => id);
      assert.deepEqual(await list(), ids);
      await api.delete(`upload/${ids[0]}/`);
      assert.deepEqual(await list(), ids.slice(1));
      assert.equal((await api.delete('upload/')).status, 200);
      assert.deepEqual(await list(), []);
      assert.equal((await api.as('k2').details(foreign)).status, 'ready');
      assert.ok(emulator.log().some(({ method, path }) => method === 'DELETE' && path === '/current/upload/'));
    }));

  it('are another user’s business, and end with their time', () => {
    let now = Date.now();
    return withCurrent(
      { now: () => now, sessionTtlMs: 1000, current: { keys: [{ key: 'k2', userId: 'other' }] } },
      async (api) => {
        const id = await api.open(1);
        for (const answer of [
          await api.as('k2').call(`upload/${id}/details/`),
          await api.as('k2').chunk(id, 1, bytesOf(1)),
          await api.as('k2').complete(id),
          await api.as('k2').delete(`upload/${id}/`),
        ]) {
          assert.equal(answer.status, 404);
        }
        now += 1000;
        assert.equal((await api.call(`upload/${id}/details/`)).status, 404);
      },
    );
  });

  it('keep to the plan in number, size and sum', () =>
    withCurrent({ limits: { size: 100, sessions: 2, sessionsSizeMax: 150 } }, async (api) => {
      assert.equal((await api.openRaw({ size: 101 })).status, 413);
      const id = await api.open(100);
      assert.equal((await api.openRaw({ size: 51 })).status, 406);
      await api.open(50);
      assert.equal((await api.openRaw({ size: 0 })).status, 406);
      await api.delete(`upload/${id}/`);
      assert.equal((await api.openRaw({ size: 0 })).status, 200);
    }));

  it('need fields that can be', () =>
    withCurrent({ current: { restrictedExtensions: ['exe'] } }, async (api) => {
      const refused: Record<string, string | number>[] = [
        { name: '' },
        { name: 'x'.repeat(256) },
        { name: '../a' },
        { name: 'a.EXE' },
        { size: -1 },
        { size: 'x' },
        { action: 'delete' },
        { relative_path: '' },
        { relative_path: 'a' },
        { relative_path: '/a/' },
        { relative_path: 'a/../b/' },
        { creator: 'a b' },
        { hash: 'ab' },
        { hash: 'ab', hash_algo: 'sha512' },
        { profile_type: 'share' },
      ];
      for (const fields of refused) {
        const answer = await api.openRaw({ size: 1, ...fields });
        assert.equal(answer.status, 406, JSON.stringify(fields));
        const [param] = (await jsonOf(answer)).error.params;
        assert.ok(Object.keys(fields).includes(param.name) || param.name === 'hash_algo', JSON.stringify(param));
      }
      assert.equal((await api.openRaw({ size: 1, if_version_id: 'v' })).status, 400);
      const { error } = await jsonOf(await api.openRaw({}));
      assert.deepEqual([error.params[0].name, error.params[0].kind], ['size', 'missing']);
    }));

  it('free the disk when they are deleted, and fail when it is full', () =>
    withCurrent({ capacityBytes: 3 * MiB, current: { stages: INSTANT } }, async (api) => {
      const chunk = bytesOf(MiB);
      const id = await api.open(2 * MiB);
      await api.chunk(id, 1, chunk);
      await api.chunk(id, 2, chunk);
      assert.equal((await api.complete(id)).status, 200);
      assert.equal((await api.settled(id, 'assembly_failed')).new_file_id, null);
      await api.delete(`upload/${id}/`);
      assert.equal((await api.single(bytesOf(3 * MiB))).status, 200);
      assert.equal((await api.single(bytesOf(1), { name: 'b' })).status, 507);
    }));
});

describe('sessions that end early', () => {
  it('leave nothing on the disk', () =>
    withCurrent({ current: { stages: SLOW }, limits: { sessions: 3 } }, async (api, emulator) => {
      const temp = join(emulator.dataDir, 'temp');
      const bytes = bytesOf(MiB);
      const chunked = await api.open(MiB);
      await api.chunk(chunked, 1, bytes);
      const assembling = await api.open(MiB);
      await api.chunk(assembling, 1, bytes);
      await api.complete(assembling);
      await api.single(bytes);
      assert.equal((await api.single(bytes)).status, 406);
      assert.equal((await api.single(bytes, { size: 1 })).status, 406);
      assert.equal(readdirSync(temp).length, 3);
      await api.delete('upload/');
      assert.deepEqual(readdirSync(temp), []);
    }));
});

describe('single requests of the current API', () => {
  it('assemble by themselves, up to four mebibytes and down to nothing', () =>
    withCurrent({}, async (api, emulator) => {
      for (const size of [0, 1, 4 * MiB]) {
        const bytes = bytesOf(size);
        const answer = await jsonOf(await api.single(bytes, { name: `${size}` }));
        assert.equal(answer.new_file_id, undefined);
        await api.settled(answer.id);
        assert.equal(emulator.files().at(-1)?.sha256, sha256(bytes));
        assert.equal((await api.complete(answer.id)).status, 406);
      }
      assert.equal((await api.single(bytesOf(4 * MiB + 1))).status, 413);
      assert.deepEqual(await refusalOf(await api.single(bytesOf(3), { size: 4 })), [406, 10522]);
    }));

  it('name the node at once where storing takes no time', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const { new_file_id: node } = await jsonOf(await api.single(bytesOf(3)));
      assert.equal(emulator.files()[0]?.fileId, node);
    }));

  it('take their fields behind the bytes as well', () =>
    withCurrent({ current: { stages: INSTANT } }, async (api, emulator) => {
      const form = new FormData();
      form.append('chunk', new Blob(['abc']), 'x');
      for (const [name, value] of Object.entries({
        name: 'late',
        size: '3',
        action: 'create',
        instance_id: WORKSPACE,
      })) {
        form.append(name, value);
      }
      assert.equal((await api.post('upload/', form)).status, 200);
      assert.equal(emulator.files()[0]?.name, 'late');
    }));
});
