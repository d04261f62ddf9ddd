import { expect } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, nextTask } from '../support.js';

/** Stands in for `navigator.wakeLock`, which headless browsers may refuse. */
class FakeWakeLock {
  held = 0;
  asked = 0;
  refuses = false;
  #sentinels: { released: boolean }[] = [];

  async request() {
    this.asked += 1;
    if (this.refuses) throw new DOMException('battery low', 'NotAllowedError');
    this.held += 1;
    const sentinel = {
      released: false,
      release: async () => {
        if (!sentinel.released) this.held -= 1;
        sentinel.released = true;
      },
    };
    this.#sentinels.push(sentinel);
    return sentinel;
  }

  /** As the browser does when the page is hidden. */
  takeBack(): void {
    for (const sentinel of this.#sentinels) sentinel.released = true;
    this.held = 0;
  }
}

const show = async ({ element, engine }: Bound, facts: Partial<UploadSnapshot>): Promise<void> => {
  engine.show(snapshot({ id: 'one', ...facts }));
  await element.updateComplete;
};

const turn = (visibilityState: DocumentVisibilityState): void => {
  Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
};

describe('the wake lock', () => {
  let locks: FakeWakeLock;

  beforeEach(() => {
    locks = new FakeWakeLock();
    Object.defineProperty(navigator, 'wakeLock', { value: locks, configurable: true });
  });

  afterEach(() => {
    Reflect.deleteProperty(navigator, 'wakeLock');
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('is held during uploads, and released when nothing moves', async () => {
    const bound = await bind();
    await show(bound, { state: 'queued' });
    expect(locks.asked).to.equal(0);
    await show(bound, { state: 'uploading' });
    await until(() => locks.held === 1, 'the lock is held');
    await show(bound, { state: 'finishing' });
    await show(bound, { state: 'done' });
    await until(() => locks.held === 0, 'the lock is given back');
    expect(locks.asked).to.equal(1);
  });

  it('is one for all elements', async () => {
    const bounds = [await bind(), await bind()] as const;
    for (const bound of bounds) await show(bound, { state: 'uploading' });
    await nextTask();
    expect([locks.asked, locks.held]).to.deep.equal([1, 1]);
    await show(bounds[0], { state: 'paused', reason: 'user' });
    await nextTask();
    expect(locks.held).to.equal(1);
    await show(bounds[1], { state: 'waiting', reason: 'offline' });
    await until(() => locks.held === 0, 'the lock is given back');
  });

  it('is requested again when the page is shown', async () => {
    const bound = await bind();
    await show(bound, { state: 'uploading' });
    await nextTask();
    locks.takeBack();
    turn('hidden');
    await nextTask();
    expect(locks.asked).to.equal(1);
    turn('visible');
    await until(() => locks.held === 1, 'the lock is held again');
    turn('visible');
    await nextTask();
    expect(locks.asked).to.equal(2);
  });

  it('is released even when the upload ends before it was granted', async () => {
    const bound = await bind();
    await show(bound, { state: 'uploading' });
    bound.element.remove();
    await nextTask();
    expect([locks.asked, locks.held]).to.deep.equal([1, 0]);
  });

  it('is not needed where the browser refuses it or has none', async () => {
    const bound = await bind();
    locks.refuses = true;
    await show(bound, { state: 'uploading' });
    Object.defineProperty(navigator, 'wakeLock', { value: undefined, configurable: true });
    turn('visible');
    await show(bound, { state: 'done' });
    await nextTask();
    expect(locks.asked).to.equal(1);
  });

  it('is not requested in a frame without permission, which would log an error in the console', async () => {
    const featurePolicy = { allowsFeature: (name: string) => name !== 'screen-wake-lock' };
    Object.defineProperty(document, 'featurePolicy', { value: featurePolicy, configurable: true });
    try {
      const bound = await bind();
      await show(bound, { state: 'uploading' });
      await nextTask();
      expect(locks.asked).to.equal(0);
    } finally {
      Reflect.deleteProperty(document, 'featurePolicy');
    }
  });
});
