import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Budget, type BudgetAnswer } from '../../../src/server/limits/budget.js';
import { signalled } from '../support/loopback.js';

const answer = (status: number, headers: Record<string, string> = {}): BudgetAnswer => ({
  status,
  headers: new Headers(headers),
});

const limited = (available: number, resetMs: number) =>
  answer(200, {
    'x-ve-limit-avail': String(available),
    'x-ve-limit-max': '10',
    'x-ve-limit-expires': String(resetMs),
  });

/** A budget on a clock that stands still until the test moves it. */
const setUp = ({ mock }: Pick<TestContext, 'mock'>): Budget => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_700_000_000_000 });
  return new Budget();
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Budget', () => {
  it('lets everything through while nothing speaks against it', async () => {
    const budget = new Budget();
    let most = 0;
    let running = 0;
    const request = async () => {
      most = Math.max(most, ++running);
      await settled();
      running--;
      return answer(200);
    };
    await Promise.all(Array.from({ length: 50 }, () => budget.run(request, {})));
    assert.equal(most, 50);
  });

  it('waits for the next window once this one is used up', async (context) => {
    const budget = setUp(context);
    await budget.run(async () => limited(1, Date.now() + 3000), {});
    const begun: number[] = [];
    const request = async () => {
      begun.push(Date.now() - 1_700_000_000_000);
      return Date.now() < 1_700_000_003_000 ? limited(0, 1_700_000_003_000) : limited(9, 1_700_000_006_000);
    };
    const all = [budget.run(request, {}), budget.run(request, {})];
    await settled();
    context.mock.timers.tick(2999);
    await settled();
    assert.deepEqual(begun, [0]);
    context.mock.timers.tick(1);
    await Promise.all(all);
    assert.deepEqual(begun, [0, 3000]);
  });

  it('reads the date and the other names as well', async (context) => {
    const budget = setUp(context);
    const reset = new Date(Date.now() + 2000).toISOString();
    const headers = { 'X-Rate-Limit-Available': '0', 'X-Rate-Limit-Max': '5', 'X-Rate-Limit-Expiry': reset };
    await budget.run(async () => answer(200, headers), {});
    let begun = false;
    const waiting = budget.run(async () => {
      begun = true;
      return answer(200);
    }, {});
    await settled();
    assert.equal(begun, false);
    context.mock.timers.tick(2000);
    await waiting;
  });

  it('answers a long wait with 429 and how long it is', async (context) => {
    const budget = setUp(context);
    await budget.run(async () => answer(429, { 'Retry-After': '60' }), {});
    await assert.rejects(
      budget.run(async () => answer(200), {}),
      { status: 429, headers: { 'Retry-After': '60' } },
    );
  });

  it('halves what goes at once after a 429, and lets it grow back', async (context) => {
    const budget = setUp(context);
    const gate = signalled<BudgetAnswer>();
    const first = Array.from({ length: 8 }, () => budget.run(() => gate.promise, {}));
    await settled();
    gate.resolve(answer(429, { 'Retry-After': '1' }));
    await Promise.all(first);
    context.mock.timers.tick(1000);
    let running = 0;
    let most = 0;
    const request = async () => {
      most = Math.max(most, ++running);
      await settled();
      running--;
      return answer(200);
    };
    await Promise.all(Array.from({ length: 4 }, () => budget.run(request, {})));
    const then = most;
    await Promise.all(Array.from({ length: 100 }, () => budget.run(request, {})));
    assert.ok(then <= 4 && most > then, `${then} at first, ${most} later`);
  });

  it('answers 429 when none of those whose turn it is comes to an end, so that stalled requests stop no other for ever', async (context) => {
    const budget = setUp(context);
    const gates = Array.from({ length: 10 }, () => signalled<BudgetAnswer>());
    const stalled = gates.map(({ promise }) => budget.run(() => promise, {}));
    const poll = signalled<BudgetAnswer>();
    const held = budget.run(() => poll.promise, { isPoll: true });
    await budget.run(async () => answer(429, { 'Retry-After': '1' }), {});
    context.mock.timers.tick(1000);
    const outcomes: string[] = [];
    const ask = (name: string, isPoll = false) =>
      budget
        .run(async () => answer(200), { isPoll })
        .then(
          () => void outcomes.push(`${name} went`),
          ({ status }) => void outcomes.push(`${name} ${status}`),
        );
    const first = ask('call');
    await settled();
    context.mock.timers.tick(2000);
    const second = ask('poll', true);
    // Gives back no place.
    poll.resolve(answer(503));
    await held;
    await settled();
    context.mock.timers.tick(2999);
    await settled();
    assert.deepEqual(outcomes, []);
    context.mock.timers.tick(1);
    await first;
    await settled();
    assert.deepEqual(outcomes, ['call 429']);
    context.mock.timers.tick(2000);
    await second;
    assert.deepEqual(outcomes, ['call 429', 'poll 429']);
    const third = ask('later');
    for (const { resolve } of gates) resolve(answer(200));
    await Promise.all([third, ...stalled]);
    assert.equal(outcomes[2], 'later went');
  });

  it('keeps waiting as long as others come to their end', async (context) => {
    const budget = setUp(context);
    const gates = Array.from({ length: 10 }, () => signalled<BudgetAnswer>());
    const running = gates.map(({ promise }) => budget.run(() => promise, {}));
    await budget.run(async () => answer(429, { 'Retry-After': '1' }), {});
    context.mock.timers.tick(1000);
    const waiting = budget.run(async () => answer(204), {});
    for (const { resolve } of gates.slice(0, 8)) {
      await settled();
      context.mock.timers.tick(1100);
      // A failure, so that the bound does not grow.
      resolve(answer(503));
    }
    assert.equal((await waiting).status, 204);
    for (const { resolve } of gates) resolve(answer(200));
    await Promise.all(running);
  });

  it('counts no request for long, be it slow because of its client or stopped together with it', async (context) => {
    const budget = setUp(context);
    for (let count = 0; count < 10; count++) void budget.run(() => new Promise<BudgetAnswer>(() => {}), {});
    await budget.run(async () => answer(429, { 'Retry-After': '1' }), {});
    context.mock.timers.tick(2000);
    const refused = assert.rejects(
      budget.run(async () => answer(200), {}),
      { status: 429 },
    );
    context.mock.timers.tick(5000);
    await refused;
    context.mock.timers.tick(3000);
    assert.equal((await budget.run(async () => answer(204), {})).status, 204);
  });

  it('keeps a bounded queue', async (context) => {
    const budget = setUp(context);
    await budget.run(async () => answer(429, { 'Retry-After': '2' }), {});
    const results = Array.from({ length: 300 }, () => budget.run(async () => answer(200), {}));
    const counted = Promise.allSettled(results);
    await settled();
    context.mock.timers.tick(2000);
    const refused = (await counted).filter(({ status }) => status === 'rejected').length;
    assert.equal(refused, 300 - 256);
  });

  it('lets go of who leaves, and serves who is behind', async (context) => {
    const budget = setUp(context);
    await budget.run(async () => answer(429, { 'Retry-After': '2' }), {});
    const leaving = new AbortController();
    const left = assert.rejects(
      budget.run(async () => answer(200), { signal: leaving.signal }),
      { name: 'AbortError' },
    );
    const behind = budget.run(async () => answer(204), {});
    leaving.abort();
    await left;
    await settled();
    context.mock.timers.tick(2000);
    assert.equal((await behind).status, 204);
  });
});
