import { expect } from '@open-wc/testing';
import { createWebLocks } from '../../src/platform/web-locks.js';
import type { Hold } from '../../src/ports/locks.js';

const NEVER = new AbortController().signal;

/** Refuses as the manager of a sandboxed frame does. */
const forbidden = {
  request: () => Promise.reject(new DOMException('denied', 'SecurityError')),
  query: () => Promise.reject(new DOMException('denied', 'SecurityError')),
};

const variants = {
  'of the browser': () => createWebLocks(),
  'of the page where the browser has none': () => createWebLocks(null),
  'of the page where the browser forbids them': () => createWebLocks(forbidden),
};

for (const [variant, create] of Object.entries(variants)) {
  describe(`Locks ${variant}`, () => {
    const locks = create();
    const holds: Hold[] = [];
    let name = '';

    const tryHold = async () => {
      const hold = await locks.tryHold(name);
      if (hold !== null) holds.push(hold);
      return hold;
    };
    const isFree = async () => (await tryHold()) !== null;

    beforeEach(() => {
      name = `test-${crypto.randomUUID()}`;
    });

    afterEach(() => {
      for (const hold of holds.splice(0)) hold.release();
    });

    it('give a name to one holder at a time', async () => {
      expect([await isFree(), await isFree()]).to.deep.equal([true, false]);
    });

    it('give the name again once it is released', async () => {
      (await tryHold())?.release();
      expect(await isFree()).to.equal(true);
    });

    it('keep names apart', async () => {
      await tryHold();
      const other = await locks.tryHold(`${name}-other`);
      other?.release();
      expect(other !== null).to.equal(true);
    });

    it('are shared by all who ask in the page', async () => {
      await tryHold();
      expect((await create().tryHold(name)) === null).to.equal(true);
    });

    it('let one who waits have the name when it is free', async () => {
      const first = await tryHold();
      const waiting = locks.hold(name, { signal: NEVER });
      first?.release();
      holds.push(await waiting);
      expect(await isFree()).to.equal(false);
    });

    it('let those who wait have the name one after another', async () => {
      const order: number[] = [];
      const take = async (turn: number) => {
        const hold = await locks.hold(name, { signal: NEVER });
        order.push(turn);
        expect((await locks.tryHold(name)) === null).to.equal(true);
        hold.release();
      };
      const first = await tryHold();
      const turns = Promise.all([1, 2, 3].map(take));
      first?.release();
      await turns;
      expect(order).to.deep.equal([1, 2, 3]);
    });

    it("end a wait with the signal's reason", async () => {
      await tryHold();
      const controller = new AbortController();
      const reason = new Error('canceled');
      const waiting = locks.hold(name, { signal: controller.signal });
      controller.abort(reason);
      expect(await waiting.catch((error: unknown) => error)).to.equal(reason);
    });

    it('bear a second release', async () => {
      const first = await tryHold();
      first?.release();
      await tryHold();
      first?.release();
      expect(await isFree()).to.equal(false);
    });
  });
}
