import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { pace } from '../../../src/emulator/faults/throttled-stream.js';
import { bytesOf, MiB, withEmulator } from '../api-client.js';
import { PUT, upTo } from './support.js';

describe('fault script, bandwidth', () => {
  it('caps each connection for itself', async (context) => {
    await withEmulator({}, async (emulator, api) => {
      api.fault({ match: PUT, action: { type: 'bandwidth', bytesPerSecond: MiB } });
      const id = await api.init(2 * MiB);
      const part = bytesOf(100_000);
      const startedAt = Date.now();
      await Promise.all(upTo(12).map((number) => api.putPart(id, number, part)));
      assert.ok(Date.now() - startedAt >= 90);
      const connections = emulator.log().filter((entry) => entry.part !== null);
      assert.equal(new Set(connections.map((entry) => entry.connection)).size, 12);
    });
    context.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.now() });
    let carried = 0;
    const { signal } = new AbortController();
    for (const _ of upTo(12)) {
      void pace(new Socket(), 1000, { bytesPerSecond: 1000, signal }).then(() => {
        carried += 1;
      });
    }
    context.mock.timers.tick(1000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(carried, 12, 'as long for all as for each alone');
  });

  it('caps requests that share a connection together', () =>
    withEmulator({}, async (emulator, api) => {
      api.fault({ match: PUT, action: { type: 'bandwidth', bytesPerSecond: MiB } });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const headers = { 'content-type': 'application/x-test' };
      const put = async () => {
        const { url } = await api.mint();
        await new Promise((resolve, reject) => {
          const call = request(url, { ...PUT, agent, headers }, (answer) => answer.resume().on('end', resolve));
          call.on('error', reject).end(bytesOf(60_000));
        });
      };
      const startedAt = Date.now();
      await Promise.all(upTo(3).map(put));
      assert.ok(Date.now() - startedAt >= 160);
      assert.equal(
        new Set(
          emulator
            .log()
            .filter(({ method }) => method === 'PUT')
            .map((e) => e.connection),
        ).size,
        1,
      );
      agent.destroy();
    }));
});
