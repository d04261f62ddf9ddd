import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RECORD_TTL_MS } from '../../../src/engine/records/record.js';
import type { Store } from '../../../src/ports/store.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf, SCOPE } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';

const HOUR_MS = 3600_000;

/** The record of an upload whose session ends when the server says so. */
const recordOf = async (expires_at: string | undefined, clock: FakeClock) => {
  const bench = new Bench({ protocol: 'chunked' }, { clock });
  bench.add(fileOf('a.bin', 20));
  await bench.server.openSession({ expires_at });
  await clock.advance(1000);
  const [record] = await bench.store.load(SCOPE);
  assert.ok(record);
  return record;
};

describe('A record', () => {
  it('ends with its session, where the server tells its end', async () => {
    const clock = new FakeClock();
    const end = clock.wallNow() + HOUR_MS;
    const { expiresAt, session } = await recordOf(new Date(end).toISOString(), clock);
    assert.deepEqual([expiresAt, session?.expiresAt], [end, end]);
  });

  it('ends a day after its last change, where the server tells nothing or more', async () => {
    for (const hours of [undefined, 48]) {
      const clock = new FakeClock();
      const end = hours === undefined ? undefined : new Date(clock.wallNow() + hours * HOUR_MS).toISOString();
      const { expiresAt, updatedAt } = await recordOf(end, clock);
      assert.equal(expiresAt, updatedAt + RECORD_TTL_MS);
    }
  });

  it('is kept when the end has passed already, because a clock is wrong', async () => {
    const clock = new FakeClock();
    const { expiresAt, updatedAt } = await recordOf(new Date(clock.wallNow() - HOUR_MS).toISOString(), clock);
    assert.equal(expiresAt, updatedAt + RECORD_TTL_MS);
  });

  it('is gone once its session has ended, without a call to the server', async () => {
    const clock = new FakeClock();
    const bench = new Bench({ protocol: 'chunked' }, { clock, store: await storeWithExpired(clock) });
    assert.deepEqual(await bench.engine.restore(), []);
    await bench.transport.quiet();
  });
});

const storeWithExpired = async (clock: FakeClock): Promise<Store> => {
  const store = new MemoryStore({ wallNow: () => clock.wallNow() });
  const record = await recordOf(new Date(clock.wallNow() + HOUR_MS).toISOString(), clock);
  await store.put([{ ...record, id: 'expired' }]);
  await clock.advance(HOUR_MS);
  return store;
};
