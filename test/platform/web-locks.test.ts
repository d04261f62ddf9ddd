import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWebLocks } from '../../src/platform/web-locks.js';

/** A manager that answers every request so. */
const refusing = (name: string) =>
  ({ request: () => Promise.reject(new DOMException('refused', name)) }) as unknown as LockManager;

describe('createWebLocks, where the browser refuses', () => {
  for (const name of ['SecurityError', 'InvalidStateError']) {
    it(`keeps apart what is in this page on ${name}`, async () => {
      const locks = createWebLocks(refusing(name));
      const hold = await locks.tryHold(name);
      assert.ok(hold);
      assert.equal(await locks.tryHold(name), null);

      const next = locks.hold(name, { signal: new AbortController().signal });
      hold.release();

      (await next).release();
      assert.equal(locks.isHeldHere(name), false);
    });
  }

  it('keeps apart what is in this page when the manager fails in a way of its own', async () => {
    const failing = { request: () => Promise.reject(new TypeError('odd')) } as unknown as LockManager;
    const hold = await createWebLocks(failing).tryHold('odd');
    assert.ok(hold);
    hold.release();
  });

  it('does without a manager that never answers, and gives back what it grants later', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const granted: LockGrantedCallback<unknown>[] = [];
    const silent = {
      request: (_name: string, _options: LockOptions, callback: LockGrantedCallback<unknown>) => {
        granted.push(callback);
        return new Promise(() => {});
      },
    } as unknown as LockManager;
    const asked = createWebLocks(silent).tryHold('silent');
    await Promise.resolve();
    await Promise.resolve();

    t.mock.timers.tick(5_000);
    const hold = await asked;

    assert.ok(hold);
    const late = granted[0]?.({ name: 'silent', mode: 'exclusive' });
    assert.equal(await late, undefined);
    hold.release();
  });

  it('does without a manager that cannot even be asked for', (t) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    t.after(() => before && Object.defineProperty(globalThis, 'navigator', before));
    const refuse = () => {
      throw new DOMException('refused', 'SecurityError');
    };
    Object.defineProperty(globalThis, 'navigator', { configurable: true, get: refuse });

    assert.ok(createWebLocks());
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    controller.abort();

    await assert.rejects(createWebLocks(refusing('AbortError')).hold('upload', controller), { name: 'AbortError' });
  });
});
