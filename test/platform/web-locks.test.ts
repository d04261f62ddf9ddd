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

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    controller.abort();

    await assert.rejects(createWebLocks(refusing('AbortError')).hold('upload', controller), { name: 'AbortError' });
  });
});
