import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StartOptions } from '../../../../src/emulator/index.js';
import { bytesOf, jsonOf } from '../../api-client.js';
import { type CurrentClient, INSTANT, refusalOf, WORKSPACE, withCurrent } from '../current-client.js';

/** A stored file and the path of its lock. */
const withNode = (options: StartOptions, test: (api: CurrentClient, path: string, nodePath: string) => Promise<void>) =>
  withCurrent(
    { ...options, current: { stages: INSTANT, keys: [{ key: 'k2', userId: 'other' }], ...options.current } },
    async (api) => {
      const { new_file_id: id } = await jsonOf(await api.single(bytesOf(3)));
      const nodePath = `workspace/${WORKSPACE}/storage/${id}/`;
      await test(api, `${nodePath}lock/`, nodePath);
    },
  );

const form = (fields: Record<string, string>): URLSearchParams => new URLSearchParams(fields);

describe('file locks of the current API', () => {
  it('are held, shown with holder and end, and released by their token', () =>
    withNode({}, async (api, path, nodePath) => {
      const fields = form({ duration: '60', client_info: '{"device_name":"d"}' });
      const { lock_token: token } = await jsonOf(await api.post(path, fields));
      const { locked, lock_info: info } = await jsonOf(await api.call(path));
      assert.deepEqual([locked, info.holder, info.ttl, info.client_info], [true, 'owner', 60, { device_name: 'd' }]);
      assert.equal((await jsonOf(await api.call(`${nodePath}details/`))).node.lock_info.holder, 'owner');
      assert.equal((await api.delete(`${path}?lock_token=${token}`)).status, 200);
      assert.equal((await jsonOf(await api.call(path))).locked, false);
    }));

  it('refuse a second holder and name the first', () =>
    withNode({}, async (api, path) => {
      await api.post(path);
      const answer = await api.as('k2').post(path);
      const { error } = await jsonOf(answer.clone());
      assert.equal(error.resource.lock_info.holder, 'owner');
      assert.ok(Date.parse(error.resource.lock_info.expires_at) > Date.now());
      assert.equal((await refusalOf(answer))[0], 409);
    }));

  it('refuse with 423 where they are told to', () =>
    withNode({ current: { stages: INSTANT, lockConflictStatus: 423 } }, async (api, path) => {
      await api.post(path);
      assert.equal((await api.post(path)).status, 423);
    }));

  it('stay where the token of a release is in the body', () =>
    withNode({}, async (api, path) => {
      const { lock_token: token } = await jsonOf(await api.post(path));
      const answer = await api.call(path, { method: 'DELETE', body: form({ lock_token: token }) });
      assert.deepEqual(await refusalOf(answer), [406, 205516]);
      assert.equal((await jsonOf(await api.call(path))).locked, true);
      assert.equal((await api.delete(`${path}?lock_token=wrong`)).status, 409);
    }));

  it('end by themselves unless a heartbeat comes in time', () => {
    let now = Date.now();
    return withNode({ now: () => now }, async (api, path) => {
      const { lock_token: token } = await jsonOf(await api.post(path, form({ duration: '100' })));
      now += 90_000;
      assert.equal((await api.post(`${path}heartbeat/`, form({ lock_token: token }))).status, 200);
      now += 99_000;
      assert.equal((await jsonOf(await api.call(path))).locked, true);
      now += 1000;
      assert.equal((await jsonOf(await api.call(path))).locked, false);
      assert.equal((await api.post(`${path}heartbeat/`, form({ lock_token: token }))).status, 404);
      assert.equal((await api.as('k2').post(path)).status, 200);
    });
  });

  it('are for files that exist, and for one minute to one hour', () =>
    withNode({}, async (api, path) => {
      assert.equal((await api.post(`workspace/${WORKSPACE}/storage/root/lock/`)).status, 406);
      assert.equal((await api.post(`workspace/${WORKSPACE}/storage/nothing/lock/`)).status, 404);
      assert.equal((await api.post(path, form({ duration: '59' }))).status, 406);
      assert.equal((await api.post(path, form({ duration: '3601' }))).status, 406);
    }));
});
