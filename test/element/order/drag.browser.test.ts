import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { allowMotion, reduceMotion } from '../../support/reduced-motion.js';
import { until } from '../../support/until.js';
import { find, settle, textOf } from '../support.js';
import {
  bindOrder,
  type Direction,
  frames,
  gripOf,
  isLifted,
  middleOf,
  mouse,
  orderOf,
  queued,
  rowOf,
  seenOrder,
  type View,
} from './support.js';

const badgeOf = (bound: Parameters<typeof rowOf>[0], index: number) =>
  rowOf(bound, index).querySelector('.badge') as HTMLElement;

for (const [view, dir] of [
  ['list', 'ltr'],
  ['list', 'rtl'],
  ['grid', 'ltr'],
  ['grid', 'rtl'],
] as readonly (readonly [View, Direction])[]) {
  describe(`dragging a file in the ${view}, ${dir}`, () => {
    afterEach(() => mouse.reset());

    for (const [from, to, order] of [
      [0, 2, '1 2 0 3 4 5'],
      [4, 1, '0 4 1 2 3 5'],
      [0, 5, '1 2 3 4 5 0'],
    ] as const) {
      it(`puts ${from} at the place of ${to}, while the others make room`, async () => {
        const bound = await bindOrder(queued(6), { view, dir });
        const place = middleOf(rowOf(bound, to));
        const start = middleOf(badgeOf(bound, from));
        const offset = { x: start.x - middleOf(rowOf(bound, from)).x, y: start.y - middleOf(rowOf(bound, from)).y };
        await mouse.press(start);
        await mouse.move(start, { x: place.x + offset.x, y: place.y + offset.y });
        expect(isLifted(bound, from), 'it is lifted').to.equal(true);
        await settle(bound.element);
        expect(seenOrder(bound), 'others have made room').to.equal(order);
        expect(orderOf(bound), 'the list waits for the drop').to.equal('0 1 2 3 4 5');
        await mouse.release();
        await settle(bound.element);
        expect([orderOf(bound), seenOrder(bound)]).to.deep.equal([order, order]);
        await until(() => !isLifted(bound, from), 'it has landed');
      });
    }

    it('ends with Escape where it was, and lets the pointer go', async () => {
      const bound = await bindOrder(queued(6), { view, dir });
      const start = middleOf(badgeOf(bound, 0));
      await mouse.press(start);
      await mouse.move(start, middleOf(badgeOf(bound, 4)));
      expect(isLifted(bound, 0)).to.equal(true);
      await sendKeys({ press: 'Escape' });
      await settle(bound.element);
      await until(() => !isLifted(bound, 0), 'it is back');
      expect(seenOrder(bound)).to.equal('0 1 2 3 4 5');
      await mouse.move(start, middleOf(badgeOf(bound, 3)));
      await mouse.release();
      expect(bound.engine.calls.filter(([name]) => name === 'move')).to.deep.equal([]);
      expect(seenOrder(bound)).to.equal('0 1 2 3 4 5');
    });
  });
}

describe('dragging a file', () => {
  afterEach(() => mouse.reset());

  it('sends one change, with the value in the new order, and is announced', async () => {
    const bound = await bindOrder(queued(3));
    const events: string[] = [];
    for (const name of ['input', 'change']) bound.element.addEventListener(name, () => events.push(name));
    const start = middleOf(gripOf(bound, 0));
    await mouse.press(start);
    await mouse.move(start, { x: start.x, y: middleOf(rowOf(bound, 2)).y });
    await mouse.release();
    expect(bound.engine.calls.filter(([name]) => name === 'move')).to.deep.equal([['move', 'u0', 2]]);
    expect(events).to.deep.equal(['input', 'change']);
    await until(() => textOf(find(bound.element, '[role=status]')) === '0.jpg moved to 3 of 3.', 'it is spoken');
  });

  it('begins neither on the text of a row, which can be selected, nor on its buttons', async () => {
    const bound = await bindOrder(queued(3));
    const [name, cancel] = ['.file', '[data-action=cancel]'].map((part) =>
      middleOf(rowOf(bound, 0).querySelector(part) as Element),
    );
    for (const start of [name, cancel]) {
      if (!start) throw new Error('there is no such part');
      await mouse.press(start);
      await mouse.move(start, middleOf(rowOf(bound, 2)));
      expect(isLifted(bound, 0)).to.equal(false);
      await mouse.release();
      // WebKit would drag selected text out of the window, which loses its focus by that.
      document.getSelection()?.removeAllRanges();
    }
    expect(orderOf(bound)).to.equal('0 1 2');
  });

  it('selects no text, pulls no picture, and is no drop on the zone', async () => {
    const bound = await bindOrder(queued(3));
    const unwanted: string[] = [];
    const hear = (event: Event) => !event.defaultPrevented && unwanted.push(event.type);
    for (const name of ['dragstart', 'selectstart', 'dragenter']) window.addEventListener(name, hear);
    const start = middleOf(badgeOf(bound, 0));
    await mouse.press(start);
    await mouse.move(start, { x: start.x, y: middleOf(find(bound.element, '.zone')).y });
    expect(bound.element.matches(':state(dragging)')).to.equal(false);
    await mouse.release();
    for (const name of ['dragstart', 'selectstart', 'dragenter']) window.removeEventListener(name, hear);
    expect(unwanted).to.deep.equal([]);
  });

  it('keeps every row where it is, whatever the uploads do meanwhile', async () => {
    const bound = await bindOrder(queued(20));
    const start = middleOf(gripOf(bound, 2));
    await mouse.press(start);
    await mouse.move(start, { x: start.x, y: start.y + 10 });
    bound.engine.change('u9', { state: 'failed' });
    bound.engine.change('u1', { state: 'uploading' });
    await bound.element.updateComplete;
    await frames();
    expect(seenOrder(bound).startsWith('0 1 2 3 4'), seenOrder(bound)).to.equal(true);
    await mouse.release();
    await until(() => seenOrder(bound).startsWith('9 1 0'), `news come first again: ${seenOrder(bound)}`);
  });

  it('ends when its file is removed', async () => {
    const bound = await bindOrder(queued(4));
    const start = middleOf(gripOf(bound, 1));
    await mouse.press(start);
    await mouse.move(start, { x: start.x, y: middleOf(rowOf(bound, 3)).y });
    bound.engine.remove('u1');
    await bound.element.updateComplete;
    await settle(bound.element);
    expect(seenOrder(bound)).to.equal('0 2 3');
    await mouse.release();
    expect(orderOf(bound)).to.equal('0 2 3');
  });

  it('ends when the element leaves the page, whose rows are in their order when it is back', async () => {
    const bound = await bindOrder(queued(3));
    const start = middleOf(badgeOf(bound, 0));
    await mouse.press(start);
    await mouse.move(start, middleOf(badgeOf(bound, 2)));
    expect(isLifted(bound, 0)).to.equal(true);
    const place = bound.element.parentNode;

    bound.element.remove();
    await mouse.release();
    place?.append(bound.element);
    await settle(bound.element);

    await until(() => !isLifted(bound, 0), 'it is back');
    expect(seenOrder(bound)).to.equal('0 1 2');
  });

  it('moves nothing by transitions for people who want none', async function () {
    if (!(await reduceMotion())) return this.skip();
    try {
      const bound = await bindOrder(queued(4));
      const start = middleOf(gripOf(bound, 0));
      await mouse.press(start);
      await mouse.move(start, { x: start.x, y: middleOf(rowOf(bound, 3)).y });
      expect(bound.element.shadowRoot?.getAnimations().length).to.equal(0);
      expect(seenOrder(bound)).to.equal('1 2 3 0');
      await mouse.release();
      expect(bound.element.shadowRoot?.getAnimations().length).to.equal(0);
      expect(orderOf(bound)).to.equal('1 2 3 0');
    } finally {
      await allowMotion();
    }
  });

  it('scrolls a list of ten thousand files at its edge, with few rows at any time', async () => {
    const bound = await bindOrder(queued(10_000));
    const scroller = find(bound.element, '.scroller');
    const start = middleOf(gripOf(bound, 1));
    const { bottom } = scroller.getBoundingClientRect();
    await mouse.press(start);
    await mouse.move(start, { x: start.x, y: Math.round(Math.min(bottom, innerHeight) - 2) });
    let most = 0;
    await until(() => {
      most = Math.max(most, bound.element.shadowRoot?.querySelectorAll('.row').length ?? 0);
      return scroller.scrollTop > 1500;
    }, 'it has scrolled far');
    expect(isLifted(bound, 1), 'the lifted row is still there').to.equal(true);
    await mouse.release();
    await until(() => bound.engine.calls.some(([name]) => name === 'move'), 'it is dropped');
    const index = bound.engine.uploads.findIndex(({ id }) => id === 'u1');
    expect(index).to.be.above(15);
    expect(most).to.be.below(75);
    const box = rowOf(bound, 1).getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    expect(box.top >= frame.top - box.height && box.bottom <= frame.bottom + box.height, 'it is in sight').to.equal(
      true,
    );
  });
});
