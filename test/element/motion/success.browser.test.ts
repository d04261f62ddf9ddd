import { expect, html } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import { contrastOf } from '../../support/contrast.js';
import { allowMotion, reduceMotion } from '../../support/reduced-motion.js';
import { until } from '../../support/until.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, settle } from '../support.js';

const PAGES = {
  light: 'color-scheme: light; background: #fff; color: #1c2026',
  dark: 'color-scheme: dark; background: #15171b; color: #e8eaee',
} as const;

const STORED = { state: 'done', fileId: 'stored' } as const;

const show = async (view: 'list' | 'grid' | 'summary', style: string = PAGES.light): Promise<Bound> => {
  const bound = await bind(html`<div style="inline-size: 640px; ${style}">
    <fastio-upload multiple view=${view === 'grid' ? view : 'list'} list=${view === 'summary' ? view : 'full'}></fastio-upload>
  </div>`);
  bound.engine.show(...['a', 'b'].map((id) => snapshot({ id, name: `${id}.txt`, state: 'uploading' })));
  await until(() => findAll(bound.element, '.summary').length === 1, 'the files are there');
  await settle(bound.element);
  return bound;
};

const finish = async ({ element, engine }: Bound, ...ids: readonly string[]): Promise<void> => {
  for (const id of ids) engine.change(id, { ...STORED, fileId: id } satisfies Partial<UploadSnapshot>);
  await element.updateComplete;
};

const tinted = ({ element }: Bound): string[] =>
  findAll(element, '.tint').map((tint) => tint.closest<HTMLElement>('[data-id]')?.dataset.id ?? 'all');

/** How much of the disc is still covered while its tick is drawn. */
const coverOf = (mark: HTMLElement): number => new DOMMatrix(getComputedStyle(mark, '::after').transform).a;

for (const view of ['list', 'grid'] as const) {
  describe(`a file of the ${view} that has just been stored`, () => {
    it('is tinted for a moment, and no other is', async () => {
      const bound = await show(view);
      await finish(bound, 'b');
      expect(tinted(bound)).to.deep.equal(['b']);
      const tint = find(bound.element, '.tint');
      expect([tint.ariaHidden, getComputedStyle(tint).pointerEvents]).to.deep.equal(['true', 'none']);
      const ends = tint.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().endTime));
      expect(Math.max(...ends), 'milliseconds').to.be.within(1, 200);
      await settle(bound.element);
      await until(() => tinted(bound).length === 0, 'the tint has settled');
    });

    it('has a tick that is drawn into its disc', async () => {
      const bound = await show(view);
      await finish(bound, 'b');
      const mark = find(bound.element, '[data-id=b] .mark');
      for (const move of mark.getAnimations({ subtree: true })) {
        move.pause();
        move.currentTime = 0;
      }
      expect(coverOf(mark), 'at first').to.equal(1);
      await settle(bound.element);
      expect(coverOf(mark), 'at the end').to.equal(0);
    });
  });
}

describe('the end of all uploads', () => {
  for (const view of ['list', 'summary'] as const) {
    it(`sweeps once over the line that says so (${view})`, async () => {
      const bound = await show(view);
      await finish(bound, 'a');
      expect(tinted(bound).includes('all'), 'not before the last one').to.equal(false);
      await settle(bound.element);
      await finish(bound, 'b');
      expect(tinted(bound)).to.include('all');
      await settle(bound.element);
      await until(() => tinted(bound).length === 0, 'the tint has settled');
      bound.element.requestUpdate();
      await bound.element.updateComplete;
      expect(tinted(bound)).to.deep.equal([]);
    });
  }

  it('is not celebrated where the page has stored the files earlier', async () => {
    const bound = await bind();
    bound.engine.show(snapshot(STORED), snapshot(STORED));
    await bound.element.updateComplete;
    expect(findAll(bound.element, '.summary.done')).to.have.length(1);
    expect(tinted(bound)).to.deep.equal([]);
  });
});

describe('success at rest', () => {
  for (const [scheme, style] of Object.entries(PAGES)) {
    for (const view of ['list', 'grid'] as const) {
      it(`is a filled disc in its colour with a clear tick (${view}, ${scheme})`, async () => {
        const bound = await show(view, style);
        await finish(bound, 'a', 'b');
        await settle(bound.element);
        const success = getComputedStyle(find(bound.element, '.status.good')).color;
        const marks = findAll(bound.element, '.mark');
        expect(marks.length, 'one for each file, and one for all').to.equal(3);
        for (const mark of marks) {
          const { color, backgroundColor } = getComputedStyle(mark);
          expect(backgroundColor).to.equal(success);
          expect(contrastOf(color, backgroundColor), 'tick on disc').to.be.at.least(3);
        }
        const page = scheme === 'light' ? '#fff' : '#15171b';
        expect(contrastOf(success, page), 'disc on page').to.be.at.least(3);
      });
    }
  }

  for (const view of ['list', 'grid'] as const) {
    it(`leaves the ground of the file as that of any other, and only what failed differs (${view})`, async () => {
      const bound = await show(view);
      bound.engine.show(
        ...bound.engine.uploads,
        snapshot({ id: 'next', state: 'queued' }),
        snapshot({ id: 'bad', state: 'failed', error: errorOf('network') }),
      );
      await finish(bound, 'a', 'b');
      await settle(bound.element);
      await until(() => tinted(bound).length === 0, 'the tint has settled');
      const [stored, next, bad] = ['a', 'next', 'bad'].map(
        (id) => getComputedStyle(find(bound.element, `[data-id=${id}]`)).backgroundColor,
      );
      expect(stored).to.equal(next);
      expect(bad).not.to.equal(next);
    });
  }

  it('is there at once, complete and still, for users who prefer reduced motion', async function () {
    if (!(await reduceMotion())) return this.skip();
    try {
      for (const view of ['list', 'grid'] as const) {
        const bound = await show(view);
        await finish(bound, 'a', 'b');
        expect(bound.element.shadowRoot?.getAnimations()).to.deep.equal([]);
        expect(tinted(bound)).to.deep.equal([]);
        for (const mark of findAll(bound.element, '.mark')) expect(coverOf(mark)).to.equal(0);
      }
    } finally {
      await allowMotion();
    }
  });
});
