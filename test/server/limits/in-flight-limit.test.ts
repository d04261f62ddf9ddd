import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InFlightLimit } from '../../../src/server/limits/in-flight-limit.js';

const refused = { status: 429, code: 'rate-limited' };

describe('InFlightLimit', () => {
  it('has so many for each session, and gives one that is left to the next', () => {
    const places = new InFlightLimit();
    const first = places.acquire('a', 2);
    places.acquire('a', 2);
    assert.throws(() => places.acquire('a', 2), refused);
    places.acquire('b', 2);
    first.release();
    first.release();
    places.acquire('a', 2);
    assert.throws(() => places.acquire('a', 2), refused);
  });

  it('takes a request for gone that has not moved for two minutes', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 });
    const places = new InFlightLimit();
    const still = places.acquire('a', 2);
    const moving = places.acquire('a', 2);
    const bytes = moving.watch(
      (async function* () {
        for (;;) yield new Uint8Array(1);
      })(),
    );
    await bytes.next();
    context.mock.timers.tick(60_000);
    await bytes.next();
    context.mock.timers.tick(60_000);
    places.acquire('a', 2);
    assert.throws(() => places.acquire('a', 2), refused);
    still.release();
    assert.throws(() => places.acquire('a', 2), refused);
  });
});
