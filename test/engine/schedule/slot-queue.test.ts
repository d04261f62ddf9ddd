import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Release, SlotQueue } from '../../../src/engine/schedule/slot-queue.js';
import { FakeClock, settle } from '../../support/fake-clock.js';

const NEVER = new AbortController().signal;

/** A queue whose grants are noted in order, by owner. */
const setUp = () => {
  const clock = new FakeClock();
  const queue = new SlotQueue(clock);
  const granted: { owner: string; release: Release }[] = [];
  const owners = new Map<string, object>();
  const ask = (owner: string, limit: number, signal = NEVER) => {
    const key = owners.get(owner) ?? {};
    owners.set(owner, key);
    return queue.acquire(key, { limit, signal }).then((release) => granted.push({ owner, release }));
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
          assert.ok(queue.running === limit || queue.waiting === 0, 'nobody waits in front of a free slot');
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

  it('serves whoever has fewest running, then whoever came first', async () => {
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
      queue.throttle(3_000);
      granted[i]?.release();
    }
    await clock.advance(2_999);
    assert.equal(queue.running, 0);
    await clock.advance(1);

    assert.equal(queue.running, 3);
  });

  it('grows by one after each full round, back to the full width', async () => {
    const { clock, queue, granted, ask } = setUp();
    for (let i = 0; i < 100; i++) void ask('a', 6);
    await settle();
    queue.throttle(1_000);
    for (const { release } of granted.splice(0)) {
      queue.succeeded();
      release();
    }
    await clock.advance(1_000);
    const widths = [queue.running];

    while (queue.waiting > 0) {
      queue.succeeded();
      granted.shift()?.release();
      await settle();
      if (queue.running !== widths.at(-1) && queue.waiting > 0) widths.push(queue.running);
    }

    assert.deepEqual(widths, [3, 4, 5, 6]);
  });

  it('starts again although the timer and the clock do not agree to the millisecond', async () => {
    // Browsers round what the clock says, and not the timer.
    class HastyClock extends FakeClock {
      override delay(ms: number, options: { readonly signal: AbortSignal }): Promise<void> {
        return super.delay(ms - 1, options);
      }
    }
    const clock = new HastyClock();
    const queue = new SlotQueue(clock);
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
    queue.throttle(5_000);
    queue.throttle(1_000);
    void ask('a', 1);

    await clock.advance(4_999);
    assert.equal(queue.running, 0);
    await clock.advance(1);

    assert.equal(queue.running, 1);
    assert.equal(clock.pending, 0);
  });
});
