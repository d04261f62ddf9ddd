import { expect, html } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, dragEvent, fileNamed, find, findAll, settle } from '../support.js';

const show = async (count: number, markup = html`<fastio-upload multiple></fastio-upload>`): Promise<Bound> => {
  const bound = await bind(markup);
  bound.engine.show(
    ...Array.from({ length: count }, (_, index) =>
      snapshot({ id: `u${index}`, name: `${index}.txt`, state: 'uploading' }),
    ),
  );
  await bound.element.updateComplete;
  await until(() => findAll(bound.element, '[data-id]').length === count, 'all are there');
  await settle(bound.element);
  return bound;
};

const boxOf = ({ element }: Bound, id: string): DOMRect => find(element, `[data-id=${id}]`).getBoundingClientRect();

const movesOf = ({ element }: Bound): Animation[] =>
  (element.shadowRoot?.getAnimations() ?? []).filter(
    (move) => !(move instanceof CSSAnimation || move instanceof CSSTransition),
  );

/** Everything that moves, held at its beginning or as far as is said. */
const hold = (bound: Bound, at = 0, others: readonly Animation[] = []): void => {
  for (const move of movesOf(bound).filter((one) => !others.includes(one))) {
    move.pause();
    move.currentTime = at;
  }
};

const keyframesOf = (moves: readonly Animation[]): string[] => [
  ...new Set(
    moves
      .flatMap(({ effect }) => (effect instanceof KeyframeEffect ? effect.getKeyframes() : []))
      .flatMap((frame) =>
        Object.keys(frame).filter((name) => !['offset', 'computedOffset', 'easing', 'composite'].includes(name)),
      ),
  ),
];

for (const view of ['list', 'grid'] as const) {
  // As wide as four tiles, which is what the grid begins with.
  const markup = html`<div style="inline-size: 640px"><fastio-upload multiple view=${view}></fastio-upload></div>`;

  describe(`files that move in the ${view}`, () => {
    it('start at their old positions when one is removed, and end at the new ones', async () => {
      const bound = await show(5, markup);
      const before = ['u2', 'u3', 'u4'].map((id) => boxOf(bound, id));
      bound.engine.remove('u1');
      await bound.element.updateComplete;
      hold(bound);
      for (const [index, id] of ['u2', 'u3', 'u4'].entries()) {
        const { left, top } = boxOf(bound, id);
        expect(Math.abs(left - (before[index]?.left ?? 0)), `${id} sideways`).to.be.below(1);
        expect(Math.abs(top - (before[index]?.top ?? 0)), id).to.be.below(1);
      }
      await settle(bound.element);
      const places = findAll(bound.element, '[data-id]').map(({ dataset }) => dataset.id);
      expect(places).to.deep.equal(['u0', 'u2', 'u3', 'u4']);
      expect(boxOf(bound, 'u2').top).to.be.below((before[0]?.top ?? 0) + 1);
    });

    it('give the list no scroll bar while they move', async () => {
      const bound = await show(5, markup);
      const room = () => find(bound.element, '.scroller').clientWidth;
      const before = room();
      bound.engine.remove('u1');
      await bound.element.updateComplete;
      hold(bound);
      expect(room(), 'when one is removed').to.equal(before);
      await settle(bound.element);
      bound.engine.show(...bound.engine.uploads, snapshot({ id: 'u5' }));
      await bound.element.updateComplete;
      hold(bound);
      expect(room(), 'when one is added').to.equal(before);
    });

    it('pass each other when their order changes', async () => {
      const bound = await show(2, markup);
      const before = boxOf(bound, 'u1');
      bound.engine.show(...bound.engine.uploads.toReversed());
      await bound.element.updateComplete;
      hold(bound);
      expect(Math.abs(boxOf(bound, 'u1').top - before.top)).to.be.below(1);
      expect(Math.abs(boxOf(bound, 'u1').left - before.left)).to.be.below(1);
    });

    it('are visible while they fade out, without pointer, keyboard and screen reader', async () => {
      const bound = await show(3, markup);
      bound.engine.remove('u1');
      await bound.element.updateComplete;
      hold(bound);
      const layer = find(bound.element, '.leaving');
      expect([layer.inert, layer.ariaHidden]).to.deep.equal([true, 'true']);
      expect(layer.textContent).to.contain('1.txt');
      expect(layer.querySelectorAll('[id], [data-id], [data-action], [role]')).to.have.length(0);
      await settle(bound.element);
      expect(findAll(bound.element, '.leaving')).to.deep.equal([]);
    });
  });
}

describe('motion', () => {
  it('changes only what needs no layout, for 200 milliseconds at most', async () => {
    const bound = await show(4);
    bound.engine.remove('u1');
    bound.engine.change('u0', { state: 'done', fileId: 'stored' });
    bound.engine.show(...bound.engine.uploads, snapshot({ name: 'new.txt' }));
    await bound.element.updateComplete;
    const moves = movesOf(bound);
    expect(moves.length).to.be.above(3);
    expect(keyframesOf(moves).sort()).to.deep.equal(['opacity', 'transform']);
    expect(Math.max(...moves.map(({ effect }) => Number(effect?.getComputedTiming().endTime)))).to.equal(200);
  });

  it('takes a row over one place at most, and fades it in where more lie between', async () => {
    const bound = await show(5);
    bound.engine.show(...bound.engine.uploads.toReversed());
    await bound.element.updateComplete;
    hold(bound);
    const start = boxOf(bound, 'u0');
    const { opacity } = getComputedStyle(find(bound.element, '[data-id=u0]'));
    await settle(bound.element);
    const end = boxOf(bound, 'u0');
    expect(Math.abs(end.top - start.top)).to.be.within(end.height - 1, end.height + 1);
    expect(opacity).to.equal('0');
  });

  it('lets no row show through another while they change places', async () => {
    const bound = await show(2);
    bound.engine.show(...bound.engine.uploads.toReversed());
    await bound.element.updateComplete;
    hold(bound);
    const colors = findAll(bound.element, '[data-id]').map((row) => getComputedStyle(row).backgroundColor);
    expect(colors).to.deep.equal(['rgb(255, 255, 255)', 'rgb(255, 255, 255)']);
    await settle(bound.element);
    await until(() => findAll(bound.element, '.passing').length === 0, 'they are as before');
  });

  it('keeps the frame of the former zone above the list that takes its place', async () => {
    const bound = await bind();
    bound.engine.show(snapshot({ state: 'uploading' }), snapshot({ state: 'uploading' }));
    await bound.element.updateComplete;
    hold(bound);
    const zone = find(bound.element, '.leaving .zone').getBoundingClientRect();
    expect(zone.bottom).to.be.at.most(find(bound.element, '.scroller').getBoundingClientRect().top + 11);
    expect(getComputedStyle(find(bound.element, '.scroller')).opacity).to.equal('0');
  });

  it('keeps the height of the page, and for a moment the position of what is below', async () => {
    const bound = await bind();
    await bound.element.updateComplete;
    bound.engine.show(snapshot({ id: 'a', state: 'uploading' }), snapshot({ state: 'uploading' }));
    await bound.element.updateComplete;
    hold(bound);
    const height = bound.element.offsetHeight;
    const { scrollHeight } = find(bound.element, '.root');
    await settle(bound.element);
    expect([bound.element.offsetHeight, find(bound.element, '.root').scrollHeight]).to.deep.equal([
      height,
      scrollHeight,
    ]);
  });

  it('fills the bar of a stored file while the tick appears', async () => {
    const bound = await show(2);
    bound.engine.change('u0', { state: 'done', fileId: 'stored' });
    await bound.element.updateComplete;
    hold(bound, 199);
    const bar = find(bound.element, '[data-id=u0] .bar.full');
    expect(bar.ariaHidden).to.equal('true');
    const { width } = find(bound.element, '.bar.full .confirmed').getBoundingClientRect();
    expect(Math.abs(width - bar.clientWidth)).to.be.below(1);
    await settle(bound.element);
    expect(findAll(bound.element, '[data-id=u0] .bar')).to.deep.equal([]);
  });

  it('moves the zone to its new place, together with what is below', async () => {
    const bound = await show(2);
    const before = find(bound.element, '.summary').getBoundingClientRect().top;
    find(bound.element, '.zone').dispatchEvent(dragEvent('dragenter', [fileNamed('a.txt')]));
    await bound.element.updateComplete;
    expect(find(bound.element, '.zone').className).to.contain('over');
    hold(bound);
    expect(Math.abs(find(bound.element, '.summary').getBoundingClientRect().top - before)).to.be.below(1);
    await settle(bound.element);
    expect(find(bound.element, '.summary').getBoundingClientRect().top).to.be.above(before + 50);
  });

  it('combines overlapping moves', async () => {
    const bound = await show(4);
    bound.engine.remove('u0');
    await bound.element.updateComplete;
    hold(bound, 80);
    const { top } = boxOf(bound, 'u3');
    const held = movesOf(bound);
    bound.engine.remove('u1');
    await bound.element.updateComplete;
    hold(bound, 0, held);
    expect(Math.abs(boxOf(bound, 'u3').top - top), 'it does not jump').to.be.below(1);
  });

  it('is off for rows of a long list while it is scrolled', async () => {
    const bound = await bind();
    bound.engine.show(...Array.from({ length: 200 }, () => snapshot()));
    await bound.element.updateComplete;
    await settle(bound.element);
    const scroller = find(bound.element, '.scroller');
    scroller.scrollTop = 3000;
    const [first] = findAll(bound.element, '[data-id]');
    await until(() => findAll(bound.element, '[data-id]')[0] !== first, 'other rows are there');
    expect(movesOf(bound)).to.deep.equal([]);
  });

  it('is off for users who prefer reduced motion', async function () {
    const isSet = await emulateMedia({ reducedMotion: 'reduce' }).then(
      () => matchMedia('(prefers-reduced-motion: reduce)').matches,
      () => false,
    );
    if (!isSet) return this.skip();
    try {
      const bound = await show(3);
      bound.engine.remove('u1');
      bound.engine.change('u0', { state: 'done', fileId: 'stored' });
      await bound.element.updateComplete;
      expect(bound.element.shadowRoot?.getAnimations()).to.deep.equal([]);
      expect(findAll(bound.element, '.leaving, .full')).to.deep.equal([]);
    } finally {
      await emulateMedia({ reducedMotion: 'no-preference' });
    }
  });

  it('keeps the focus on what stays', async () => {
    const bound = await show(3);
    bound.engine.change('u1', { state: 'failed' });
    await bound.element.updateComplete;
    const button = find(bound.element, '[data-id=u1] [data-action=remove]');
    button.focus();
    bound.engine.remove('u1');
    await bound.element.updateComplete;
    const focused = bound.element.shadowRoot?.activeElement;
    expect(focused?.closest('[data-id]')?.getAttribute('data-id')).to.equal('u2');
  });

  it('shows the kind of a stored tile while its progress fades out, and after it', async () => {
    const bound = await show(2, html`<fastio-upload multiple view="grid"></fastio-upload>`);
    const words = () =>
      findAll(bound.element, '[data-id=u0] .picture b')
        .filter((word) => getComputedStyle(word).visibility === 'visible')
        .map(({ textContent }) => textContent?.trim());
    bound.engine.change('u0', { state: 'done', fileId: 'stored' });
    await bound.element.updateComplete;
    hold(bound);
    expect(words()).to.deep.equal(['TXT']);
    await settle(bound.element);
    expect(words()).to.deep.equal(['TXT']);
  });
});
