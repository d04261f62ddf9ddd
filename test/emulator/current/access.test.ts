import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesOf, jsonOf, MiB } from '../api-client.js';
import { INSTANT, refusalOf, WORKSPACE, withCurrent } from './current-client.js';

describe('access to the current API', () => {
  it('needs a valid key', () =>
    withCurrent({}, async (api) => {
      assert.deepEqual(await refusalOf(await api.as('wrong').call('upload/limits/')), [401, 10011]);
      const none = await fetch(`${api.url}/current/upload/limits/`);
      assert.deepEqual(await refusalOf(none), [401, 10011]);
    }));

  it('answers 9992 for what does not route', () =>
    withCurrent({}, async (api) => {
      for (const path of [
        '',
        'upload',
        'upload/limits',
        'upload//',
        'uploads/',
        'folder/1/storage/root/',
        'web_upload/list/',
      ]) {
        assert.deepEqual(await refusalOf(await api.call(path)), [404, 9992], path);
      }
      assert.deepEqual(await refusalOf(await api.call('upload/limits/', { method: 'PUT' })), [404, 9992]);
      assert.deepEqual(await refusalOf(await api.delete('upload//')), [404, 9992]);
    }));

  it('keeps a key to its scopes, and everyone to the workspaces there are', () =>
    withCurrent(
      {
        workspaces: [WORKSPACE, '2'],
        current: {
          stages: INSTANT,
          keys: [
            { key: 'writer', userId: 'w', scopes: ['workspace:2:rw'] },
            { key: 'reader', userId: 'r', scopes: ['workspace:2:r'] },
          ],
        },
      },
      async (api) => {
        assert.equal((await api.as('writer').single(bytesOf(1), { instance_id: '2' })).status, 200);
        assert.deepEqual(await refusalOf(await api.as('writer').single(bytesOf(1))), [403, 10767]);
        assert.deepEqual(await refusalOf(await api.as('reader').openRaw({ size: 1, instance_id: '2' })), [403, 10767]);
        assert.deepEqual(await refusalOf(await api.openRaw({ size: 1, instance_id: '3' })), [401, 10545]);
      },
    ));

  it('refuses uploads without a plan with 402', () =>
    withCurrent({ plan: 'none' }, async (api) => {
      assert.equal((await api.openRaw({ size: 1 })).status, 402);
      assert.equal((await api.single(bytesOf(1))).status, 402);
      assert.equal((await api.batch([{ name: 'a', bytes: bytesOf(1) }])).status, 402);
    }));

  it('lets a guest upload to the share, and do nothing else, for a while', () => {
    let now = Date.now();
    const shares = [
      { id: 's1', type: 'receive' },
      { id: 's2', type: 'send' },
    ] as const;
    return withCurrent(
      { now: () => now, current: { stages: INSTANT, shares, guestTtlMs: 60_000 } },
      async (api, emulator) => {
        const login = await fetch(`${api.url}/current/share/s1/auth/guest/`, { method: 'POST', body: '{}' });
        const { auth_token: token, expires_in: seconds } = await jsonOf(login);
        assert.equal(seconds, 60);
        const guest = api.as(token);
        const id = await guest.open(2, { instance_id: 's1', profile_type: 'share' });
        await guest.chunk(id, 1, bytesOf(2));
        assert.equal((await guest.complete(id)).status, 200);
        assert.equal(emulator.files()[0]?.workspaceId, 's1');
        const node = emulator.files()[0]?.fileId ?? '';
        for (const answer of [
          await guest.openRaw({ size: 1 }),
          await guest.post('upload/', new URLSearchParams({ name: 'a', size: '1', action: 'create' })),
          await guest.openRaw({ size: 1, instance_id: 's1', action: 'update', file_id: node }),
          await guest.call('share/s1/storage/root/'),
          await guest.post(`share/s1/storage/${node}/lock/`),
        ]) {
          assert.deepEqual(await refusalOf(answer), [403, 10767]);
        }
        assert.equal((await api.call(`upload/${id}/details/`)).status, 404);
        assert.equal((await api.post('share/s2/auth/guest/', '{}')).status, 403);
        assert.equal((await api.post('share/s3/auth/guest/', '{}')).status, 404);
        now += 60_000;
        assert.deepEqual(await refusalOf(await guest.call('upload/limits/')), [401, 10011]);
      },
    );
  });
});

describe('limits of the current API', () => {
  it('follow the plan', async () => {
    const GiB = 1024 * MiB;
    for (const [plan, size, chunks, sessions] of [
      ['free', GiB, 35, 150],
      ['pro', 25 * GiB, 550, 7500],
      ['business', 50 * GiB, 550, 7500],
    ] as const) {
      await withCurrent({ plan }, async (api) => {
        const limits = await jsonOf(await api.call('upload/limits/'));
        assert.deepEqual(
          [limits.size, limits.chunks, limits.sessions, limits.chunk_size],
          [size, chunks, sessions, 100 * MiB],
        );
        assert.ok(limits.sessions_size_max > size);
      });
    }
  });

  it('can be set one by one', () =>
    withCurrent({ limits: { chunks: 2 }, maxFileSize: 77 }, async (api) => {
      const limits = await jsonOf(await api.call('upload/limits/'));
      assert.deepEqual([limits.size, limits.chunks, limits.sessions], [77, 2, 150]);
    }));

  it('want the target with an action, and the file with an update', () =>
    withCurrent({}, async (api) => {
      const ask = async (query: string) => (await api.call(`upload/limits/?${query}`)).status;
      assert.equal(await ask(`action=create&instance_id=${WORKSPACE}`), 200);
      assert.equal(await ask('action=create'), 406);
      assert.equal(await ask(`action=update&instance_id=${WORKSPACE}`), 406);
      assert.equal(await ask(`action=update&instance_id=${WORKSPACE}&file_id=x`), 404);
    }));

  it('name algorithms and extensions', () =>
    withCurrent({ current: { algorithms: ['sha256'], restrictedExtensions: ['exe'] } }, async (api) => {
      assert.deepEqual((await jsonOf(await api.call('upload/algos/'))).algos, ['sha256']);
      const extensions = await jsonOf(await api.call('upload/limits/extensions/'));
      assert.deepEqual([extensions.restricted_extensions, extensions.enforcement_enabled], [['exe'], true]);
    }));
});
