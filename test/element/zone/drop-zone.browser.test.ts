import { expect, html } from '@open-wc/testing';
import { FastioUpload } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, dragEvent, fileNamed, find, findAll, settle, textOf } from '../support.js';

const boxOf = (bound: Bound, selector: string): DOMRect => find(bound.element, selector).getBoundingClientRect();

/** Space above the first and below the last thing in the zone. */
const spacesOf = (bound: Bound): readonly [above: number, below: number] => {
  const zone = boxOf(bound, '.zone');
  const boxes = findAll(bound.element, '.zone :is(.disc, .zone-label, .zone-buttons, .hint)')
    .map((part) => part.getBoundingClientRect())
    .filter(({ height }) => height > 0);
  return [
    Math.min(...boxes.map(({ top }) => top)) - zone.top,
    zone.bottom - Math.max(...boxes.map(({ bottom }) => bottom)),
  ];
};

describe('the empty zone', () => {
  for (const [what, markup] of [
    ['without limits', html`<fastio-upload multiple></fastio-upload>`],
    ['with limits', html`<fastio-upload multiple max-files="3"></fastio-upload>`],
    ['with a hint of the page', html`<fastio-upload multiple><b slot="hint">Only small ones</b></fastio-upload>`],
  ] as const) {
    it(`has as much space above as below, ${what}`, async () => {
      const bound = await bind(markup);
      await settle(bound.element);
      const [above, below] = spacesOf(bound);
      expect(Math.abs(above - below), `${above} above, ${below} below`).to.be.below(1.5);
    });
  }

  it('says that no files can be added while it is disabled, or what the page says instead', async () => {
    const bound = await bind(html`<fastio-upload multiple disabled></fastio-upload>`);
    expect(textOf(find(bound.element, '.zone-label'))).to.equal("You can't add files right now");
    bound.engine.show(snapshot({ state: 'done' }));
    await bound.element.updateComplete;
    expect(textOf(find(bound.element, '.zone-label'))).to.equal("You can't add files right now");
    expect(getComputedStyle(find(bound.element, '.zone')).cursor).to.equal('not-allowed');
    bound.element.append(Object.assign(document.createElement('span'), { slot: 'label', textContent: 'From 1 May' }));
    const [shown] = find<HTMLSlotElement>(bound.element, '.zone-label slot').assignedElements();
    expect(shown?.textContent).to.equal('From 1 May');
  });

  it('keeps its height when the backend announces limits', async () => {
    const bound = await bind();
    await settle(bound.element);
    const before = boxOf(bound, '.zone').height;
    bound.engine.limits = { maxFiles: 3 };
    bound.element.requestUpdate();
    await bound.element.updateComplete;
    await until(() => find(bound.element, '.hint').textContent?.includes('3'), 'the limits are there');
    expect(Math.abs(boxOf(bound, '.zone').height - before)).to.be.below(0.5);
  });

  for (const width of [280, 640]) {
    it(`has its limits apart, without dots, before its styles for a drag are loaded and after: ${width} px`, async () => {
      const bound = await bind(html`<div style="inline-size: ${width}px">
        <fastio-upload multiple accept="image/*,.pdf" max-file-size="5 GB" max-files="20"></fastio-upload>
      </div>`);
      await settle(bound.element);
      const root = bound.element.shadowRoot;
      if (!root) throw new Error('the element has been rendered');
      const pieces = () =>
        findAll(bound.element, '.hint .piece').map((piece) => {
          const { left, right, top } = piece.getBoundingClientRect();
          return [left, right, top].map(Math.round);
        });
      const after = pieces();
      const first = FastioUpload.elementStyles.map((style) =>
        style instanceof CSSStyleSheet ? style : style.styleSheet,
      );
      root.adoptedStyleSheets = first.flatMap((sheet) => sheet ?? []);
      expect(pieces()).to.deep.equal(after);
      expect(findAll(bound.element, '.hint i').filter((dot) => dot.checkVisibility())).to.deep.equal([]);
      expect(after).to.have.length(3);
    });
  }
});

describe('the zone in large text on a phone', () => {
  const isLabelShown = async (disabled: boolean): Promise<boolean> => {
    const bound = await bind(html`<div style="inline-size: 320px; font-size: 32px">
      <fastio-upload multiple ?disabled=${disabled}></fastio-upload>
    </div>`);
    bound.engine.show(snapshot());
    await settle(bound.element);
    return find(bound.element, '.zone-label').checkVisibility();
  };

  it('is its button alone beside files, so that they begin soon', async () => {
    expect(await isLabelShown(false)).to.equal(false);
  });

  it('still says why no files can be added', async () => {
    expect(await isLabelShown(true)).to.equal(true);
  });
});

describe('the zone while files hover over it', () => {
  const files = [fileNamed('a.txt'), fileNamed('b.txt')];

  for (const count of [0, 2]) {
    it(`keeps its height, with ${count} files on the list`, async () => {
      const bound = await bind(html`<div style="inline-size: 300px">
        <fastio-upload multiple directory accept="image/*,.pdf" max-file-size="5 GB"></fastio-upload>
      </div>`);
      if (count > 0) bound.engine.show(...Array.from({ length: count }, () => snapshot()));
      await settle(bound.element);
      const before = boxOf(bound, '.zone').height;
      find(bound.element, '.zone').dispatchEvent(dragEvent('dragenter', files));
      await settle(bound.element);
      expect(find(bound.element, '.zone').matches('.over')).to.equal(true);
      expect(Math.abs(boxOf(bound, '.zone').height - before)).to.be.below(0.5);
    });
  }

  it('answers with motion: a frame around the list, an icon that lifts, words that rise, and their number', async () => {
    const bound = await bind(html`<div style="inline-size: 600px"><fastio-upload multiple></fastio-upload></div>`);
    bound.engine.show(snapshot(), snapshot());
    await settle(bound.element);
    find(bound.element, '.zone').dispatchEvent(dragEvent('dragenter', files));
    await bound.element.updateComplete;
    const moves = (bound.element.shadowRoot?.getAnimations() ?? []).filter((move) => move instanceof CSSAnimation);
    const names = moves.map(({ animationName }) => animationName);
    expect(names).to.include.members(['unfurl', 'lift', 'rise', 'land']);
    expect(Math.max(...moves.map(({ effect }) => Number(effect?.getComputedTiming().endTime)))).to.be.at.most(200);
    expect(find(bound.element, '.disc slot').dataset.count).to.equal('2');
  });

  it('shows the number of files in the digits of its language, as the words do', async () => {
    const bound = await bind(html`<fastio-upload multiple .strings=${{ lang: 'ar-EG' }}></fastio-upload>`);
    find(bound.element, '.zone').dispatchEvent(dragEvent('dragenter', files));
    await bound.element.updateComplete;
    expect(find(bound.element, '.disc slot').dataset.count).to.equal('٢');
  });
});
