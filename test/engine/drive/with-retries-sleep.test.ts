import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';

/** Goes on while the machine sleeps, as the monotonic clock of some platforms does; timers do not. */
class SleepingClock extends FakeClock {
  #sleptMs = 0;

  sleep(ms: number): void {
    this.#sleptMs += ms;
  }

  override now(): number {
    return super.now() + this.#sleptMs;
  }
}

/** Signed for a week, so that no failure is taken for an expired URL. */
const LASTING = 'https://storage.test/object?X-Amz-Date=20260101T000000Z&X-Amz-Expires=604800';

describe('withRetries, sleep', () => {
  it('does not count the time that the machine slept between two attempts', async () => {
    const clock = new SleepingClock();
    const bench = new Bench({ protocol: 'presigned' }, { clock });
    const id = bench.add(fileOf('a.txt', 20));
    await bench.server.grant({ uploadUrl: LASTING });
    await (await bench.server.nextPut()).fail();
    clock.sleep(8 * 3_600_000);
    await clock.advance(5_000);

    await (await bench.server.nextPut()).fail();

    assert.equal(bench.state(id), 'waiting backoff');
  });

  it('counts what a browser holds the timers of hidden pages back', async () => {
    const clock = new SleepingClock();
    const bench = new Bench({ protocol: 'presigned' }, { clock });
    const id = bench.add(fileOf('a.txt', 20));
    await bench.server.grant({ uploadUrl: LASTING });
    for (let minute = 0; minute < 11; minute++) {
      await (await bench.server.nextPut()).fail();
      clock.sleep(60_000);
      await clock.advance(5_000);
    }

    await bench.transport.quiet();
    assert.equal(bench.state(id), 'failed');
  });
});
