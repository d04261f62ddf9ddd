import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserClock } from '../../src/platform/browser-clock.js';
import { browserConnectivity } from '../../src/platform/browser-connectivity.js';
import { subtleHasher } from '../../src/platform/subtle-hasher.js';
import { createWebLocks } from '../../src/platform/web-locks.js';

const NEVER = new AbortController().signal;

describe('The platform without a page', () => {
  it('is online', () => {
    assert.equal(browserConnectivity.online, true);
  });

  it('calls when the clock shows that the machine slept, and stops when told to', (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    let now = 0;
    t.mock.method(Date, 'now', () => now);
    let calls = 0;
    const controller = new AbortController();
    browserConnectivity.watch(() => calls++, { signal: controller.signal });
    const pass = (ms: number, sleptMs = 0) => {
      now += ms + sleptMs;
      t.mock.timers.tick(ms);
      return calls;
    };
    const awake = pass(5000);
    const slept = pass(5000, 600_000);
    controller.abort();
    assert.deepEqual([awake, slept, pass(5000, 600_000)], [0, 1, 1]);
  });

  it('holds names within the process', async () => {
    const locks = createWebLocks();
    const hold = await locks.tryHold('upload');
    assert.equal(await createWebLocks().tryHold('upload'), null);
    hold?.release();
    assert.notEqual(await locks.tryHold('upload'), null);
  });
});

describe('browserClock', () => {
  it('has a clock that goes forward and one that shows the date', () => {
    const before = browserClock.now();
    assert.ok(browserClock.now() >= before);
    assert.ok(Math.abs(browserClock.wallNow() - Date.now()) < 1000);
  });

  it('waits at least as long as asked', async () => {
    const startedAt = browserClock.now();
    await browserClock.delay(20, { signal: NEVER });
    assert.ok(browserClock.now() - startedAt >= 19);
  });

  it('waits longer than a timer can, until aborted', async () => {
    const controller = new AbortController();
    const outcome = browserClock.delay(2 ** 40, { signal: controller.signal });
    const winner = await Promise.race([outcome, browserClock.delay(20, { signal: NEVER }).then(() => 'still waiting')]);
    controller.abort(new Error('canceled'));
    assert.equal(winner, 'still waiting');
    await assert.rejects(outcome, /canceled/);
  });
});

describe('subtleHasher', () => {
  it('gives the SHA-256 in lower-case hex', async () => {
    // Source: FIPS 180-2, appendix B.1.
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(await subtleHasher.sha256(new TextEncoder().encode('abc').buffer as ArrayBuffer), expected);
  });

  it('gives null where the platform has no Web Crypto', async (t) => {
    t.mock.getter(globalThis, 'crypto', () => ({ subtle: undefined }) as unknown as Crypto);
    assert.equal(await subtleHasher.sha256(new ArrayBuffer(1)), null);
  });

  it('gives null where the platform refuses', async (t) => {
    const subtle = { digest: () => Promise.reject(new Error('refused')) };
    t.mock.getter(globalThis, 'crypto', () => ({ subtle }) as unknown as Crypto);
    assert.equal(await subtleHasher.sha256(new ArrayBuffer(1)), null);
  });

  it('gives null where the platform never answers', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const subtle = { digest: () => new Promise(() => {}) };
    t.mock.getter(globalThis, 'crypto', () => ({ subtle }) as unknown as Crypto);
    const digest = subtleHasher.sha256(new ArrayBuffer(1));
    t.mock.timers.tick(5_000);
    assert.equal(await digest, null);
  });
});
