import { expect, fixture, html } from '@open-wc/testing';
import type { FastioUpload } from '../../src/index.js';
import { BRANDS, THEMES } from '../screenshots/looks.js';
import { mixed } from '../screenshots/scenes.js';
import { findings } from './axe.js';
import { errorOf, FakeEngine, snapshot } from './fake-engine.js';
import { findAll, settle } from './support.js';

const NAMES = [...THEMES, ...BRANDS].flatMap(({ theme }) => theme ?? []);

/** The colour of these, each over the one before it. */
const paint = (...colours: readonly string[]): Uint8ClampedArray => {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) throw new Error('There is no canvas.');
  for (const colour of colours) {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
  }
  return context.getImageData(0, 0, 1, 1).data;
};

const luminance = (colour: Uint8ClampedArray): number => {
  const [red = 0, green = 0, blue = 0] = [...colour].map((value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: Uint8ClampedArray, other: Uint8ClampedArray): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const backgroundOf = (element: Element): string => getComputedStyle(element).backgroundColor;

const show = async (theme: string, width = 520): Promise<{ element: FastioUpload; engine: FakeEngine }> => {
  const frame = await fixture<HTMLElement>(
    html`<main class=${theme} style="inline-size: ${width}px; padding: 20px"></main>`,
  );
  const element = document.createElement('fastio-upload');
  const engine = new FakeEngine();
  element.multiple = true;
  element.engine = engine.asEngine();
  frame.append(element);
  await element.updateComplete;
  return { element, engine };
};

before(async () => {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/demo/themes.css' });
  const loaded = new Promise((resolve) => link.addEventListener('load', resolve));
  document.head.append(link);
  await loaded;
});

for (const theme of NAMES) {
  describe(`the look "${theme}" of the demo`, () => {
    it('can be read', async function () {
      this.timeout(40_000);
      const { element, engine } = await show(theme);
      expect(await findings(element), 'empty').to.deep.equal([]);
      engine.show(...mixed());
      await settle(element);
      expect(await findings(element), 'with files').to.deep.equal([]);
      for (const state of ['done', 'failed'] as const) {
        engine.show(snapshot({ state, error: errorOf('http') }), snapshot({ state, error: errorOf('http') }));
        await settle(element);
        expect(await findings(element), state).to.deep.equal([]);
      }
    });

    it('has bars whose two parts can be told apart', async () => {
      const { element, engine } = await show(theme);
      engine.show(...mixed());
      await settle(element);
      const page = backgroundOf(element.parentElement ?? element);
      for (const bar of findAll(element, '.bar')) {
        const list = bar.closest('.scroller');
        const below = ['#fff', page, list ? backgroundOf(list) : 'transparent', backgroundOf(bar)];
        const filled = bar.querySelector('.confirmed');
        // What a look paints with a gradient has no colour.
        if (!filled || getComputedStyle(filled).backgroundImage !== 'none') continue;
        expect(contrast(paint(...below), paint(...below, backgroundOf(filled)))).to.be.at.least(3);
      }
    });

    for (const width of [320, 520, 800]) {
      it(`begins its bars where its words begin: ${width} pixels`, async () => {
        const { element, engine } = await show(theme, width);
        engine.show(...mixed());
        await settle(element);
        const starts = findAll(element, '.row > .bar').map((bar) => {
          const words = bar.closest('.row')?.querySelector('.status > span');
          return Math.round(bar.getBoundingClientRect().left - (words?.getBoundingClientRect().left ?? 0));
        });
        expect(new Set(starts)).to.deep.equal(new Set([0]));
      });
    }
  });
}
