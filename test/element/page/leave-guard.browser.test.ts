import { expect } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import { FakeEngine, snapshot } from '../fake-engine.js';
import { type Bound, bind } from '../support.js';

/** Whether the browser would ask before it leaves the page. */
const asks = (): boolean => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

const show = async ({ element, engine }: Bound, facts: Partial<UploadSnapshot>): Promise<void> => {
  engine.show(snapshot({ id: 'one', ...facts }));
  await element.updateComplete;
};

describe('the leave guard', () => {
  const states: [facts: Partial<UploadSnapshot>, isAtRisk: boolean][] = [
    [{ state: 'queued' }, false],
    [{ state: 'preparing' }, true],
    [{ state: 'uploading' }, true],
    [{ state: 'finishing' }, true],
    [{ state: 'waiting', reason: 'offline' }, true],
    [{ state: 'waiting', reason: 'other-tab' }, false],
    [{ state: 'paused', reason: 'user' }, false],
    [{ state: 'failed' }, false],
    [{ state: 'canceled' }, false],
    [{ state: 'done' }, false],
  ];
  for (const [facts, isAtRisk] of states) {
    const { state, reason } = facts;
    it(`${isAtRisk ? 'asks' : 'lets go'} while an upload is ${state}${reason ? ` (${reason})` : ''}`, async () => {
      const bound = await bind();
      await show(bound, { state: 'uploading' });
      await show(bound, facts);
      expect(asks()).to.equal(isAtRisk);
    });
  }

  it('lets a page leave on the event of the end, before anything is rendered', async () => {
    const bound = await bind();
    await show(bound, { state: 'uploading' });
    bound.engine.show(snapshot({ id: 'one', state: 'done' }));
    expect(asks()).to.equal(false);
  });

  it('is one listener for all elements, removed with its last reason', async () => {
    const added: unknown[] = [];
    const { addEventListener } = window;
    window.addEventListener = ((...args: Parameters<typeof addEventListener>) => {
      if (args[0] === 'beforeunload') added.push(args[1]);
      addEventListener.apply(window, args);
    }) as typeof addEventListener;
    try {
      const bounds = [await bind(), await bind()] as const;
      for (const bound of bounds) await show(bound, { state: 'uploading' });
      expect(added.length).to.equal(1);
      await show(bounds[0], { state: 'done' });
      expect(asks()).to.equal(true);
      await show(bounds[1], { state: 'done' });
      expect(asks()).to.equal(false);
    } finally {
      window.addEventListener = addEventListener;
    }
  });

  it("stops guarding uploads of the page's own engine when the element is removed", async () => {
    const bound = await bind();
    await show(bound, { state: 'uploading' });
    bound.element.remove();
    expect(asks()).to.equal(false);
  });

  it('guards them again when the element returns', async () => {
    const bound = await bind();
    await show(bound, { state: 'uploading' });
    const { parentElement } = bound.element;
    bound.element.remove();
    parentElement?.append(bound.element);
    expect(asks()).to.equal(true);
  });

  it('stops when another engine replaces a busy one', async () => {
    const bound = await bind();
    await show(bound, { state: 'uploading' });
    bound.element.engine = new FakeEngine().asEngine();
    expect(asks()).to.equal(false);
  });
});
