import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SlotQueue } from '../../../src/engine/schedule/slot-queue.js';
import { UploadError } from '../../../src/ports/errors.js';
import type { Slot } from '../../../src/ports/slots.js';
import { FakeClock, settle } from '../../support/fake-clock.js';

const NEVER = new AbortController().signal;
// More than Node expects wait with one signal here.
setMaxListeners(0, NEVER);

const tooMany = (retryAfterMs: number) => new UploadError('rate-limited', 'too many', { status: 429, retryAfterMs });

/** A queue whose grants are noted in order, by owner. */
const setUp = (nextHop = '') => {
  const clock = new FakeClock();
  const queue = new SlotQueue({ clock, nextHop: () => nextHop });
  const granted: (Slot & { readonly owner: string })[] = [];
  const owners = new Map<string, object>();
  const ask = (owner: string, limit: number, signal = NEVER) => {
    const key = owners.get(owner) ?? {};
    owners.set(owner, key);
    return queue.acquire(key, { limit, signal }).then((slot) => slot && granted.push({ owner, ...slot }));
  };
  const order = () => granted.map(({ owner }) => owner).join('');
  return { clock, queue, granted, ask, order };
};

describe('SlotQueue', () => {
  it('never lets more run than the narrowest who asks allows, and lets all run in the end', async () => {
    const acts = fc.array(
      fc.record({ owner: fc.constantFrom('a', 'b', 'c'), act: fc.constantFrom('ask', 'ask', 'end', 'leave') }),
      {
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(acts, fc.integer({ min: 1, max: 4 }), async (list, limit) => {
        const { queue, granted, ask } = setUp();
        let asked = 0;
        let left = 0;
        for (const { owner, act } of list) {
          const controller = new AbortController();
          if (act === 'end') granted.shift()?.release();
          else {
            asked += 1;
            void ask(owner, limit, controller.signal).catch(() => {
              left += 1;
            });
          }
          if (act === 'leave') controller.abort();
          await settle();
          assert.ok(queue.running <= limit);
          assert.ok(queue.running === limit || queue.waiting === 0, 'none waits in front of a free slot');
        }
        let ended = asked - left - granted.length - queue.waiting;
        for (; granted.length > 0; ended++) {
          granted.shift()?.release();
          await settle();
        }
        assert.deepEqual([queue.running, queue.waiting, ended], [0, 0, asked - left]);
      }),
      { numRuns: 60 },
    );
  });

  it('serves the one that has fewest running, then the one that came first', async () => {
    const { granted, ask, order } = setUp();
    for (const owner of 'aaaaabcb') void ask(owner, 2);
    await settle();
    assert.equal(order(), 'aa');

    for (let index = 0; index < granted.length; index++) {
      granted[index]?.release();
      await settle();
    }

    assert.equal(order(), 'aabacaba');
  });

  it('leaves no trace of a waiter that gave up', async () => {
    const { queue, ask, granted, order } = setUp();
    const controller = new AbortController();
    void ask('a', 1);
    const gone = ask('b', 1, controller.signal).catch((reason: unknown) => reason);
    void ask('c', 1);

    controller.abort('bye');
    await settle();
    assert.equal(await gone, 'bye');
    assert.equal(queue.waiting, 1);
    granted[0]?.release();
    await settle();

    assert.equal(order(), 'ac');
  });

  it('refuses at once who has been aborted already', async () => {
    const { queue, ask } = setUp();

    const outcome = await ask('a', 1, AbortSignal.abort('gone')).catch((reason: unknown) => reason);

    assert.deepEqual([outcome, queue.running, queue.waiting], ['gone', 0, 0]);
  });

  it('gives a slot back once, however often it is told', async () => {
    const { queue, granted, ask } = setUp();
    for (const owner of 'abc') void ask(owner, 2);
    await settle();

    granted[0]?.release();
    granted[0]?.release();
    await settle();

    assert.equal(queue.running, 2);
  });

  it('starts nothing while the server wants quiet, and then half as much', async () => {
    const { clock, queue, granted, ask } = setUp();
    for (let i = 0; i < 20; i++) void ask('a', 6);
    await settle();
    assert.equal(queue.running, 6);

    // Six requests of one moment are refused in one moment.
    for (let i = 0; i < 6; i++) {
      granted[i]?.failed(tooMany(3_000), 0);
      granted[i]?.release();
    }
    await clock.advance(2_999);
    assert.equal(queue.running, 0);
    await clock.advance(1);

    assert.equal(queue.running, 3);
  });

  it('tries more again once requests go through, and keeps them while that brings more', async () => {
    const { clock, queue, granted, ask } = setUp('http/1.1');
    for (let i = 0; i < 100; i++) void ask('a', Infinity);
    await settle();
    assert.equal(queue.running, 6);
    granted[0]?.failed(tooMany(1_000), 0);
    for (const slot of granted.splice(0)) slot.release();
    await clock.advance(1_000);

    const widths = [queue.running];
    while (queue.waiting > 0) {
      await clock.advance(100);
      for (const slot of granted.splice(0)) {
        slot.confirmed(100_000);
        slot.release();
      }
      await settle();
      if (queue.running !== widths.at(-1) && queue.waiting > 0) widths.push(queue.running);
    }

    assert.deepEqual(widths, [3, 6]);
  });

  it('goes back to fewer where more bring nothing', async () => {
    const { clock, queue, granted, ask } = setUp();
    for (let i = 0; i < 400; i++) void ask('a', Infinity);
    await settle();

    const lanes = [queue.line.lanes];
    while (queue.waiting > 300) {
      // A line that is full: twice the requests take twice the time.
      await clock.advance(20 * granted.length);
      for (const slot of granted.splice(0)) {
        slot.confirmed(20_000);
        slot.release();
      }
      await settle();
      if (queue.line.lanes !== lanes.at(-1)) lanes.push(queue.line.lanes);
    }

    assert.deepEqual(lanes, [6, 24, 6]);
  });

  it('sends many small bodies at once over a connection that carries many, and few large ones', async () => {
    for (const [bytes, most] of [
      [20_000, 32],
      [100_000_000, 10],
    ] as const) {
      const clock = new FakeClock();
      const queue = new SlotQueue({ clock, nextHop: () => 'h2' });
      const slots: Slot[] = [];
      let widest = 0;
      for (let i = 0; i < 600; i++) {
        void queue.acquire({}, { limit: Infinity, signal: NEVER, bytes }).then((slot) => slot && slots.push(slot));
      }
      await settle();
      while (slots.length > 0) {
        widest = Math.max(widest, queue.running);
        await clock.advance(100);
        for (const slot of slots.splice(0)) {
          slot.confirmed(bytes);
          slot.release();
        }
        await settle();
      }
      assert.equal(widest, most);
    }
  });

  it('never lets a small request wait, and lets data wait for its connection', async () => {
    const { queue, granted, ask } = setUp('http/1.1');
    for (let i = 0; i < 8; i++) void ask('a', Infinity);
    await settle();
    let answer = () => {};
    const answered = queue.control(
      () =>
        new Promise<void>((resolve) => {
          answer = resolve;
        }),
    );
    granted.shift()?.release();
    await settle();
    assert.equal(queue.running, 5, 'its connection is counted');

    answer();
    await answered;
    await settle();

    assert.equal(queue.running, 6, 'no connection is kept idle');
  });

  it('dismisses those who have nothing left to send, and no others', async () => {
    const { queue, ask, order, granted } = setUp();
    const owner = {};
    void ask('a', 1);
    const dismissed = queue.acquire(owner, { limit: 1, signal: NEVER });
    void ask('b', 1);
    queue.dismiss(owner);

    assert.equal(await dismissed, null);
    granted[0]?.release();
    await settle();

    assert.deepEqual([order(), queue.waiting], ['ab', 0]);
  });

  it('starts again although the timer and the clock do not agree to the millisecond', async () => {
    // Browsers round what the clock says, and not the timer.
    class HastyClock extends FakeClock {
      override delay(ms: number, options: { readonly signal: AbortSignal }): Promise<void> {
        return super.delay(ms - 1, options);
      }
    }
    const clock = new HastyClock();
    const queue = new SlotQueue({ clock });
    queue.pauseFor(100);
    let isGranted = false;
    void queue.acquire({}, { limit: 1, signal: NEVER }).then(() => {
      isGranted = true;
    });

    await clock.advance(1_000);

    assert.equal(isGranted, true);
  });

  it('keeps the longer of two quiets', async () => {
    const { clock, queue, ask } = setUp();
    queue.pauseFor(5_000);
    queue.pauseFor(1_000);
    void ask('a', 1);

    await clock.advance(4_999);
    assert.equal(queue.running, 0);
    await clock.advance(1);

    assert.equal(queue.running, 1);
    assert.equal(clock.pending, 0);
  });
});
