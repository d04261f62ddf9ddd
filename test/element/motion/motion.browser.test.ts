import { expect, html } from '@open-wc/testing';
import { allowMotion, reduceMotion } from '../../support/reduced-motion.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, fileNamed, find, findAll, settle, textOf } from '../support.js';

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

/** As the eye sees it: with the opacity of all that it is in. */
const opacityOf = ({ element }: Bound, selector: string): number => {
  let opacity = 1;
  for (let node: Element | null = find(element, selector); node; node = node.parentElement) {
    opacity *= Number(getComputedStyle(node).opacity);
  }
  return opacity;
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
  const markup = html`<div style="inline-size: 720px"><fastio-upload multiple view=${view}></fastio-upload></div>`;

  describe(`files that move in the ${view}`, () => {
    it('start at their old positions when one is removed, and end at the new ones', async () => {
      const bound = await show(5, markup);
      const before = ['u2', 'u3', 'u4'].map((id) => boxOf(bound, id));
      bound.engine.remove('u1');
      await bound.element.updateComplete;
      hold(bound);
      // A tile that changes lines would fly across others.
      for (const [index, id] of (view === 'list' ? ['u2', 'u3', 'u4'] : ['u2', 'u3']).entries()) {
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
  it('changes only what needs no layout, and ends after 200 milliseconds at most', async () => {
    const bound = await show(4);
    bound.engine.remove('u1');
    bound.engine.change('u0', { state: 'done', fileId: 'stored' });
    bound.engine.show(...bound.engine.uploads, snapshot({ name: 'new.txt' }));
    await bound.element.updateComplete;
    const moves = movesOf(bound);
    expect(moves.length).to.be.above(3);
    expect(keyframesOf(moves).sort()).to.deep.equal(['opacity', 'transform']);
    const longest = (some: readonly Animation[]) =>
      Math.max(...some.map(({ effect }) => Number(effect?.getComputedTiming().endTime)));
    expect(longest(moves)).to.equal(200);
  });

  it('takes a row over all others to its place, opaque and above them', async () => {
    const bound = await show(5);
    const before = boxOf(bound, 'u4');
    const [first, second, third, fourth, last] = bound.engine.uploads;
    if (!first || !second || !third || !fourth || !last) throw new Error('five are there');
    bound.engine.show(first, last, second, third, fourth);
    await bound.element.updateComplete;
    hold(bound);
    expect(Math.abs(boxOf(bound, 'u4').top - before.top), 'from where it was').to.be.below(1);
    const styles = ['u1', 'u2', 'u3', 'u4'].map((id) => getComputedStyle(find(bound.element, `[data-id=${id}]`)));
    expect(styles.map(({ opacity }) => opacity)).to.deep.equal(['1', '1', '1', '1']);
    expect(styles.map(({ zIndex }) => zIndex)).to.deep.equal(['auto', 'auto', 'auto', '1']);
  });

  it('fades a tile that changes lines, at its old and its new place', async () => {
    const bound = await show(
      5,
      html`<div style="inline-size: 720px"><fastio-upload multiple view="grid"></fastio-upload></div>`,
    );
    const before = boxOf(bound, 'u4');
    bound.engine.remove('u1');
    await bound.element.updateComplete;
    hold(bound);
    expect(getComputedStyle(find(bound.element, '[data-id=u4]')).opacity).to.equal('0');
    const copies = findAll(bound.element, '.leaving .tile');
    const tops = copies
      .filter((copy) => copy.textContent?.includes('4.txt'))
      .map((copy) => copy.getBoundingClientRect().top);
    expect(tops).to.have.length(1);
    expect(Math.abs((tops[0] ?? 0) - before.top)).to.be.below(1);
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

  it('shrinks the large zone as the files come, with no empty frame and no text over another', async () => {
    const bound = await bind(html`<fastio-upload multiple accept="image/*"></fastio-upload>`);
    const zone = find(bound.element, '.zone');
    const before = zone.getBoundingClientRect();
    const words = textOf(zone);
    bound.engine.show(snapshot({ state: 'uploading' }), snapshot({ state: 'uploading' }));
    await bound.element.updateComplete;
    hold(bound);
    const copy = find(bound.element, '.leaving .zone');
    expect(copy.getBoundingClientRect().toJSON(), 'the first frame is the last one of the zone').to.deep.equal(
      before.toJSON(),
    );
    expect([textOf(copy), opacityOf(bound, '.leaving .zone-label')]).to.deep.equal([words, 1]);
    const edges = [];
    for (let at = 0; at < 200; at += 10) {
      hold(bound, at);
      const seen = Math.max(opacityOf(bound, '.leaving .zone-label'), opacityOf(bound, '[data-id]'));
      expect(seen, `what is seen after ${at} ms`).to.be.above(0.4);
      const edge = find(bound.element, '.leaving > :last-child').getBoundingClientRect().bottom;
      const { top } = find(bound.element, '.summary').getBoundingClientRect();
      expect(top, `files below the zone after ${at} ms`).to.be.above(edge - 1);
      edges.push(edge);
    }
    expect(opacityOf(bound, '.leaving .zone'), 'the words below it are seen').to.be.below(0.1);
    expect(edges, 'the edge only rises').to.deep.equal(edges.toSorted((one, other) => other - one));
    expect(Math.abs((edges.at(-1) ?? 0) - zone.getBoundingClientRect().bottom), 'to where it stays').to.be.below(2);
  });

  it('keeps the height of the element and of the page while files come from below', async () => {
    const bound = await bind(
      html`<div style="padding-block-start: 200vh"><fastio-upload multiple></fastio-upload></div>`,
    );
    bound.engine.show(snapshot({ state: 'uploading' }), snapshot({ state: 'uploading' }));
    await bound.element.updateComplete;
    hold(bound);
    const heights = () => [bound.element.offsetHeight, document.documentElement.scrollHeight];
    const held = heights();
    const { bottom } = find(bound.element, '.scroller').getBoundingClientRect();
    expect(bottom, 'they come from below').to.be.above(bound.element.getBoundingClientRect().bottom + 50);
    await settle(bound.element);
    expect(held).to.deep.equal(heights());
  });

  it('shows tiles in the frame in which the zone gives up its place', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple view="grid"></fastio-upload>`);
    await import('../../../src/element/list/upload-grid.js');
    await settle(element);
    engine.show(snapshot({ state: 'uploading' }));
    await element.updateComplete;
    expect(findAll(element, '.tile')).to.have.length(1);
  });

  it('fills the bar of a stored file, which fades without going back', async () => {
    const bound = await show(2);
    bound.engine.change('u0', { state: 'done', fileId: 'stored' });
    await bound.element.updateComplete;
    const bar = find(bound.element, '[data-id=u0] .bar.full');
    expect(bar.ariaHidden).to.equal('true');
    const ends = () => find(bound.element, '.bar.full .confirmed').getBoundingClientRect();
    for (const at of [100, 150, 199]) {
      hold(bound, at);
      expect(Math.abs(ends().right - bar.getBoundingClientRect().right), `full after ${at} ms`).to.be.below(1);
    }
    expect(Number(getComputedStyle(bar).opacity)).to.be.below(0.1);
    await settle(bound.element);
    expect(findAll(bound.element, '[data-id=u0] .bar')).to.deep.equal([]);
  });

  it('uncovers the large zone as what is below moves away from it', async () => {
    const bound = await show(2);
    bound.engine.refuse(fileNamed('a.txt'));
    await bound.element.updateComplete;
    await settle(bound.element);
    const topOfNotice = () => find(bound.element, '.notice').getBoundingClientRect().top;
    const before = topOfNotice();
    for (const { id } of bound.engine.uploads) bound.engine.remove(id);
    await bound.element.updateComplete;
    expect(find(bound.element, '.zone').className).to.contain('roomy');
    hold(bound);
    expect(Math.abs(topOfNotice() - before)).to.be.below(1);
    for (const at of [0, 40, 80, 120, 160]) {
      hold(bound, at);
      const zone = find(bound.element, '.zone');
      const covered = Number(/inset\(\S+ \S+ ([\d.]+)px/.exec(getComputedStyle(zone).clipPath)?.[1] ?? 0);
      const shown = zone.getBoundingClientRect().bottom - covered;
      expect(shown, `what is shown of the zone after ${at} ms`).to.be.below(topOfNotice());
    }
    await settle(bound.element);
    expect(topOfNotice()).to.be.above(before + 50);
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
    if (!(await reduceMotion())) return this.skip();
    try {
      const bound = await show(3);
      bound.engine.remove('u1');
      bound.engine.change('u0', { state: 'done', fileId: 'stored' });
      await bound.element.updateComplete;
      expect(bound.element.shadowRoot?.getAnimations()).to.deep.equal([]);
      expect(findAll(bound.element, '.leaving, .full, .tint')).to.deep.equal([]);
    } finally {
      await allowMotion();
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
