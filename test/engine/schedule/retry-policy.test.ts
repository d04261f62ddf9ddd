import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { delayFor, MIN_WAIT_MS, RetryBudget, reasonFor } from '../../../src/engine/schedule/retry-policy.js';
import { UploadError } from '../../../src/ports/errors.js';

const serverError = new UploadError('http', '', { status: 500, retriable: true });
const limited = (retryAfterMs: number) => new UploadError('rate-limited', '', { retryAfterMs });

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('delayFor', () => {
  it('spreads over the whole range, which doubles with each failure up to a cap', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => delayFor(failures, serverError, 1));

    assert.deepEqual(ceilings, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    assert.equal(delayFor(3, serverError, 0), MIN_WAIT_MS);
    assert.equal(delayFor(3, serverError, 0.5), (MIN_WAIT_MS + 4_000) / 2);
  });

  it('gives clients that failed at the same moment different waits, also the shortest ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.uniqueArray(fc.nat({ max: 999 }), { minLength: 2 }),
        (failures, dice) => {
          const waits = dice.map((value) => delayFor(failures, serverError, value / 1_000));

          assert.equal(new Set(waits).size, dice.length);
        },
      ),
    );
  });

  it('never comes back before the server and the backoff allow, and not much later', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 300_000 }),
        fc.integer({ min: 1, max: 100 }),
        random,
        (retryAfterMs, failures, dice) => {
          const delayMs = delayFor(failures, limited(retryAfterMs), dice);

          const backoffMs = delayFor(failures, serverError, dice);
          assert.ok(delayMs >= Math.max(retryAfterMs, backoffMs));
          assert.ok(delayMs <= Math.max(retryAfterMs + 500, backoffMs));
        },
      ),
    );
  });

  it('asks often while nothing answers at all', () => {
    assert.equal(delayFor(50, new UploadError('network', ''), 1), 3_000);
  });
});

describe('reasonFor', () => {
  it('says `throttled` when the server asked for the wait', () => {
    assert.equal(reasonFor(new UploadError('rate-limited', '')), 'throttled');
    assert.equal(reasonFor(new UploadError('http', '', { retryAfterMs: 1 })), 'throttled');
    assert.equal(reasonFor(serverError), 'backoff');
  });
});

const kept = (now: number, budgetMs: number) => ({ now, budgetMs, canShorten: false });

describe('RetryBudget', () => {
  it('shortens a backoff to its end, where the last attempt comes, and is spent then', () => {
    const budget = new RetryBudget();
    budget.failed(0);
    budget.failed(500);

    assert.equal(budget.waitFor(30_000, { now: 500, budgetMs: 3_000, canShorten: true }), 2_500);
    assert.equal(budget.waitFor(30_000, { now: 3_000, budgetMs: 3_000, canShorten: true }), null);
  });

  it('counts from the first failure, not from the request', () => {
    const budget = new RetryBudget();
    budget.failed(1_000_000);
    budget.failed(1_000_000);

    assert.equal(budget.waitFor(60_000, kept(1_000_000, 60_000)), 60_000);
    assert.equal(budget.waitFor(60_001, kept(1_000_000, 60_000)), null);
  });

  it('always allows one retry', () => {
    const budget = new RetryBudget();
    budget.failed(0);

    assert.equal(budget.waitFor(300_000, kept(0, 0)), 300_000);
    budget.failed(1);
    assert.equal(budget.waitFor(1, kept(1, 0)), null);
  });

  it('is full again after progress', () => {
    const budget = new RetryBudget();
    budget.failed(0);
    budget.failed(50_000);
    budget.progressed();
    budget.failed(100_000);
    assert.equal(budget.waitFor(300_000, kept(100_000, 0)), 300_000);
    budget.failed(100_000);

    assert.equal(budget.waitFor(1, kept(100_000, 60_000)), 1);
  });

  it('excludes time offline once when several parts waited for it', () => {
    const budget = new RetryBudget();
    budget.failed(0);
    budget.failed(10_000);
    for (let part = 0; part < 6; part++) budget.exclude(10_000, 3_610_000);

    assert.equal(budget.waitFor(50_000, kept(3_610_000, 60_000)), 50_000);
    assert.equal(budget.waitFor(50_001, kept(3_610_000, 60_000)), null);
  });

  it('excludes no time before the first failure', () => {
    const budget = new RetryBudget();
    budget.failed(100);
    budget.failed(100);
    budget.exclude(0, 200);

    assert.equal(budget.waitFor(1_001, kept(200, 1_000)), null);
  });
});
