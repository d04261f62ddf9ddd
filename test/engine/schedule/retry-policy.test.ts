import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { delayFor, LEAST_MS, RetryWindow, reasonFor } from '../../../src/engine/schedule/retry-policy.js';
import { UploadError } from '../../../src/ports/errors.js';

const serverError = new UploadError('http', '', { status: 500, retriable: true });
const limited = (retryAfterMs: number) => new UploadError('rate-limited', '', { retryAfterMs });

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('delayFor', () => {
  it('spreads over the whole range, which doubles with each failure up to a cap', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => delayFor(failures, serverError, 1));

    assert.deepEqual(ceilings, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    assert.equal(delayFor(3, serverError, 0), LEAST_MS);
    assert.equal(delayFor(3, serverError, 0.5), 2_000);
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

const kept = (now: number, windowMs: number) => ({ now, windowMs, mayCut: false });

describe('RetryWindow', () => {
  it('cuts a backoff at its end, where the last attempt comes, and is spent then', () => {
    const window = new RetryWindow();
    window.failed(0);
    window.failed(500);

    assert.equal(window.waitFor(30_000, { now: 500, windowMs: 3_000, mayCut: true }), 2_500);
    assert.equal(window.waitFor(30_000, { now: 3_000, windowMs: 3_000, mayCut: true }), null);
  });

  it('opens with the first failure, not with the request', () => {
    const window = new RetryWindow();
    window.failed(1_000_000);
    window.failed(1_000_000);

    assert.equal(window.waitFor(60_000, kept(1_000_000, 60_000)), 60_000);
    assert.equal(window.waitFor(60_001, kept(1_000_000, 60_000)), null);
  });

  it('always allows one retry', () => {
    const window = new RetryWindow();
    window.failed(0);

    assert.equal(window.waitFor(300_000, kept(0, 0)), 300_000);
    window.failed(1);
    assert.equal(window.waitFor(1, kept(1, 0)), null);
  });

  it('closes with progress', () => {
    const window = new RetryWindow();
    window.failed(0);
    window.failed(50_000);
    window.progressed();
    assert.equal(window.failures, 0);
    window.failed(100_000);
    window.failed(100_000);

    assert.equal(window.waitFor(1, kept(100_000, 60_000)), 1);
  });

  it('forgives time offline once, however many parts waited for it', () => {
    const window = new RetryWindow();
    window.failed(0);
    window.failed(10_000);
    for (let part = 0; part < 6; part++) window.forgive(10_000, 3_610_000);

    assert.equal(window.waitFor(50_000, kept(3_610_000, 60_000)), 50_000);
    assert.equal(window.waitFor(50_001, kept(3_610_000, 60_000)), null);
  });

  it('forgives nothing that lies before the first failure', () => {
    const window = new RetryWindow();
    window.failed(100);
    window.failed(100);
    window.forgive(0, 200);

    assert.equal(window.waitFor(1_001, kept(200, 1_000)), null);
  });
});
