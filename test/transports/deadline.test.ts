import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { abortableDelay } from '../../src/lib/abortable.js';
import type { Clock } from '../../src/ports/clock.js';
import { isUploadError } from '../../src/ports/errors.js';
import { Deadline } from '../../src/transports/deadline.js';

/** A clock whose timers a sleeping machine holds back. */
class SleepyClock implements Clock {
  #sleptMs = 0;

  now = () => Date.now() + this.#sleptMs;
  wallNow = () => this.now();
  random = () => 0;
  delay = (ms: number, { signal }: { readonly signal: AbortSignal }) => abortableDelay(ms, signal);

  sleep(ms: number): void {
    this.#sleptMs += ms;
  }

  /** Time passes, and what waited for it runs. */
  async pass(ms: number): Promise<void> {
    mock.timers.tick(ms);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

describe('Deadline', () => {
  let clock: SleepyClock;
  let page: AbortController;
  let deadline: Deadline;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    clock = new SleepyClock();
    page = new AbortController();
    deadline = new Deadline(clock, page.signal);
    deadline.allow(1000, 'it stalled');
  });

  afterEach(() => {
    deadline.release();
    mock.timers.reset();
  });

  const isOver = () => deadline.signal.aborted;

  it('passes when nothing moves it', async () => {
    await clock.pass(999);
    assert.equal(isOver(), false);
    await clock.pass(1);
    const { reason } = deadline.signal;
    assert.ok(isUploadError(reason));
    assert.deepEqual([reason.code, reason.message], ['timeout', 'it stalled']);
  });

  it('moves each time it is allowed more', async () => {
    for (let step = 0; step < 5; step += 1) {
      await clock.pass(900);
      deadline.allow(1000, 'it stalled');
    }
    assert.equal(isOver(), false);
    await clock.pass(1000);
    assert.equal(isOver(), true);
  });

  it('moves closer when it is allowed less', async () => {
    deadline.allow(100, 'no answer');
    await clock.pass(100);
    assert.equal(isOver(), true);
  });

  it('ends the request once only, when it is moved closer and away again', async () => {
    deadline.allow(100, 'no answer');
    deadline.allow(5000, 'it stalled');
    await clock.pass(4999);
    assert.equal(isOver(), false);
    await clock.pass(1);
    assert.equal(isOver(), true);
  });

  it('never passes once it is released', async () => {
    deadline.release();
    await clock.pass(5000);
    assert.equal(deadline.signal.reason, null);
  });

  it('ends with the signal that was given, and no longer passes then', async () => {
    page.abort('left');
    assert.equal(deadline.signal.reason, 'left');
    await clock.pass(5000);
    assert.equal(deadline.signal.reason, 'left');
  });

  it('waits once more after the machine has slept', async () => {
    clock.sleep(600_000);
    await clock.pass(1000);
    assert.equal(isOver(), false);
    await clock.pass(1000);
    assert.equal(isOver(), true);
  });

  it('forgives only one late timer, so that a throttled page still ends', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      clock.sleep(60_000);
      await clock.pass(1000);
    }
    assert.equal(isOver(), true);
  });
});
