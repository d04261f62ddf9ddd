import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultRule } from '../../../src/emulator/index.js';
import { type ApiClient, bytesOf, withEmulator } from '../api-client.js';
import { PUT, upTo } from './support.js';

/** Numbers of the parts that were not answered 200, of one session of that many parts sent in that order. */
const struckParts = async (api: ApiClient, numbers: readonly number[], name = 'a.bin'): Promise<number[]> => {
  const id = await api.init(100, { filename: name });
  const answers = numbers.map(async (number) => ((await api.putPart(id, number, bytesOf(1))).ok ? [] : [number]));
  return (await Promise.all(answers)).flat().sort((a, b) => a - b);
};

describe('fault script, rules', () => {
  it('counts: skips the first matches, fires at each n-th, stops after `times`', () =>
    withEmulator({}, async (_, api) => {
      api.fault({ after: 2, every: 3, times: 2, action: { type: 'status', status: 500 } });
      const statuses = [];
      for (let index = 0; index < 12; index += 1) statuses.push((await api.mintRaw()).status);
      assert.deepEqual(
        statuses.flatMap((status, index) => (status === 500 ? [index + 1] : [])),
        [5, 8],
      );
    }));

  const chance: FaultRule = { match: PUT, probability: 0.3, seed: 7, action: { type: 'status', status: 500 } };

  const loose = { parts: { minPartSize: 1 } };

  it('draws chance from the seed, whatever the order of arrival', () =>
    withEmulator(loose, async (_, api) => {
      api.fault(chance);
      const forward = await struckParts(api, upTo(60));
      api.fault(chance);
      const backward = await struckParts(api, upTo(60).reverse());
      assert.ok(forward.length > 8 && forward.length < 30, String(forward.length));
      assert.deepEqual(backward, forward);
      api.fault({ ...chance, seed: 8 });
      assert.notDeepEqual(await struckParts(api, upTo(60)), forward);
    }));

  it('draws anew when a request is repeated, so that retries get through', () =>
    withEmulator(loose, async (_, api) => {
      api.fault({ ...chance, probability: 0.5 });
      const id = await api.init(100);
      const statuses = [];
      for (let attempt = 0; attempt < 20; attempt += 1) {
        statuses.push((await api.putPart(id, 1, bytesOf(1))).status);
      }
      assert.equal(new Set(statuses).size, 2);
    }));

  it('aims at parts, names and paths', () =>
    withEmulator(loose, async (_, api) => {
      const status = { type: 'status', status: 500 } as const;
      api.fault({ match: { part: [2, 4] }, action: status });
      assert.deepEqual(await struckParts(api, upTo(5)), [2, 4]);
      api.fault({ match: { name: 'b.bin' }, action: status });
      assert.deepEqual(await struckParts(api, upTo(2)), []);
      assert.deepEqual(await struckParts(api, upTo(2), 'b.bin'), [1, 2]);
      api.fault({ match: { path: '^/storage/' }, action: status });
      assert.deepEqual(await struckParts(api, upTo(2)), []);
    }));
});
