import { expect, html } from '@open-wc/testing';
import { until } from '../../support/until.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, settle } from '../support.js';

const STATES = {
  failed: { state: 'failed', error: errorOf('source-changed') },
  canceled: { state: 'canceled' },
} as const;

const show = async (width: number, lang: string, state: keyof typeof STATES): Promise<Bound> => {
  const dir = lang === 'ar' || lang === 'he' ? 'rtl' : 'ltr';
  const bound = await bind(html`<div lang=${lang} dir=${dir} style="inline-size: ${width}px; font: 16px sans-serif">
    <fastio-upload multiple></fastio-upload>
  </div>`);
  const choose = () => find(bound.element, '.choose').textContent?.trim();
  await until(() => lang === 'en' || choose() !== 'Choose files', 'the language is there');
  bound.engine.show(snapshot({ name: 'contract.pdf', ...STATES[state] }));
  await settle(bound.element);
  return bound;
};

describe('the two buttons of a row', () => {
  for (const [lang, widths] of [
    ['en', [280, 320, 360, 420, 520, 768]],
    ['de', [320, 360, 420, 520]],
    ['ar', [280, 320, 360, 420, 520]],
    ['he', [280, 320, 360, 420, 520]],
  ] as const) {
    it(`stand beside each other on one line, in "${lang}"`, async () => {
      for (const width of widths) {
        for (const state of ['failed', 'canceled'] as const) {
          // Its words are longer than that.
          if (lang === 'de' && width === 320 && state === 'canceled') continue;
          const { element } = await show(width, lang, state);
          const [one, other] = findAll(element, '.row button').map((button) => button.getBoundingClientRect());
          if (!one || !other) throw new Error('a row has two buttons');
          const what = `${state}, ${width} px`;
          expect(other.top, what).to.be.within(one.top - 0.5, one.top + 0.5);
          const isLeftToRight = find(element, '.root').matches(':dir(ltr)');
          const gap = isLeftToRight ? other.left - one.right : one.left - other.right;
          expect(gap, what).to.be.within(6, 12);
        }
      }
    });
  }

  it('wrap within the row where large text leaves no room', async () => {
    const { element } = await show(320, 'de', 'failed');
    element.style.fontSize = '32px';
    await settle(element);
    const row = find(element, '.row').getBoundingClientRect();
    const [one, other] = findAll(element, '.row button').map((button) => button.getBoundingClientRect());
    expect(other?.top).to.be.at.least(one?.bottom ?? 0);
    for (const button of [one, other]) expect(button?.right).to.be.at.most(row.right);
  });
});

describe('a quiet button', () => {
  for (const scheme of ['light', 'dark']) {
    it(`has a line around it, and the height and corners of others, on a ${scheme} page`, async () => {
      const { element, engine } = await bind(
        html`<div style="color-scheme: ${scheme}; color: ${scheme === 'dark' ? '#eee' : '#111'}">
          <fastio-upload multiple></fastio-upload>
        </div>`,
      );
      engine.show(snapshot({ state: 'uploading' }), snapshot({ state: 'uploading' }), snapshot(STATES.failed));
      await settle(element);
      const plain = find(element, '[data-action=pause-all]');
      const quiet = [find(element, '[data-action=cancel-all]'), find(element, '.row [data-action=remove]')];
      for (const button of quiet) {
        const { borderTopColor, borderTopWidth, borderRadius, backgroundColor, fontWeight } = getComputedStyle(button);
        expect(borderTopWidth).to.equal('1px');
        expect(borderTopColor).not.to.equal(getComputedStyle(plain).borderTopColor);
        expect(backgroundColor, 'nothing in it').to.equal('rgba(0, 0, 0, 0)');
        expect(borderRadius).to.equal(getComputedStyle(plain).borderRadius);
        expect(Number(fontWeight)).to.be.below(Number(getComputedStyle(plain).fontWeight));
        expect(button.offsetHeight).to.equal(plain.offsetHeight);
      }
    });
  }
});
