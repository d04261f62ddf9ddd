import { expect } from '@open-wc/testing';
import { until } from '../../support/until.js';
import { find, settle } from '../support.js';
import { bindOrder, finger, gripOf, isLifted, middleOf, orderOf, queued, rowOf } from './support.js';

describe('ordering by touch', () => {
  before(async function () {
    if (!(await finger.begin())) this.skip();
  });
  after(() => finger.end());

  const badge = (bound: Parameters<typeof rowOf>[0], index: number) =>
    middleOf(rowOf(bound, index).querySelector('.badge') as Element);

  it('lifts a file by its handle at once, without scrolling', async () => {
    const bound = await bindOrder(queued(30));
    const start = middleOf(gripOf(bound, 3));
    await finger.press(start);
    await finger.move(start, { x: start.x, y: middleOf(rowOf(bound, 1)).y });
    expect(isLifted(bound, 3)).to.equal(true);
    await finger.release();
    await settle(bound.element);
    expect(orderOf(bound).startsWith('0 3 1 2 4'), orderOf(bound)).to.equal(true);
    expect(find(bound.element, '.scroller').scrollTop).to.equal(0);
  });

  it('scrolls the list for a finger that moves over pictures at once', async () => {
    const bound = await bindOrder(queued(30));
    const start = { ...badge(bound, 3), x: badge(bound, 3).x + 16 };
    await finger.swipe(start, { x: start.x, y: start.y - 150 });
    expect(isLifted(bound, 3)).to.equal(false);
    await until(() => find(bound.element, '.scroller').scrollTop > 50, 'it has scrolled');
    await finger.release();
    expect(bound.engine.calls.filter(([name]) => name === 'move')).to.deep.equal([]);
  });

  for (const view of ['list', 'grid'] as const) {
    it(`lifts a file whose picture the finger holds, in the ${view}`, async () => {
      const bound = await bindOrder(queued(30), { view });
      const { x, y } = badge(bound, 1);
      const start = { x: x + 16, y };
      const target = badge(bound, 0);
      await finger.press(start);
      await until(() => isLifted(bound, 1), 'it is lifted');
      await finger.move(start, { x: target.x + 16, y: target.y - 4 });
      await finger.release();
      await settle(bound.element);
      expect(orderOf(bound).startsWith('1 0 2 3'), orderOf(bound)).to.equal(true);
      expect(find(bound.element, '.scroller').scrollTop).to.equal(0);
    });
  }

  it('opens no menu under a finger that holds', async () => {
    const bound = await bindOrder(queued(3));
    const { x, y } = badge(bound, 1);
    await finger.press({ x: x + 16, y });
    const menu = new MouseEvent('contextmenu', { bubbles: true, composed: true, cancelable: true });
    rowOf(bound, 1).dispatchEvent(menu);
    expect(menu.defaultPrevented).to.equal(true);
    await finger.release();
    const later = new MouseEvent('contextmenu', { bubbles: true, composed: true, cancelable: true });
    rowOf(bound, 1).dispatchEvent(later);
    expect(later.defaultPrevented).to.equal(false);
  });
});
