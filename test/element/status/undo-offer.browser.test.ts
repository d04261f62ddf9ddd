import { expect, html } from '@open-wc/testing';
import { contrastOf } from '../../support/contrast.js';
import { allowMotion, reduceMotion } from '../../support/reduced-motion.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { bind, find, findAll, settle, textOf } from '../support.js';

const { setTimeout: later, clearTimeout: stop } = window;

/** Timers that end when the test says how much time has passed. */
class ManualClock {
  #now = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly act: () => void }>();

  constructor() {
    Object.assign(window, {
      setTimeout: (act: () => void, ms = 0) => {
        // What does not wait is not about time.
        if (ms < 1_000) return later(act, ms);
        const id = -1 - this.#timers.size;
        this.#timers.set(id, { at: this.#now + ms, act });
        return id;
      },
      clearTimeout: (id: number) => this.#timers.delete(id) || stop(id),
    });
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const [id, { at, act }] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(id);
      act();
    }
  }
}

describe('the offer to undo', () => {
  afterEach(() => Object.assign(window, { setTimeout: later, clearTimeout: stop }));

  it('follows canceling, and restores what was canceled', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'a', state: 'uploading' }), snapshot({ id: 'b', state: 'uploading' }));
    engine.cancel = () => {
      for (const id of ['a', 'b']) engine.change(id, { state: 'canceled' });
    };
    await element.updateComplete;
    find(element, '[data-action=cancel-all]').click();
    await element.updateComplete;
    expect(textOf(find(element, '.undo'))).to.equal('2 uploads canceled Undo');
    find(element, '[data-action=undo]').click();
    await element.updateComplete;
    expect(engine.calls.at(-1)).to.deep.equal(['undo', ['a', 'b']]);
    expect(findAll(element, '.undo')).to.deep.equal([]);
  });

  it('follows removing, with change events for both, and is announced', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple></fastio-upload>`);
    engine.show(snapshot({ id: 'a', name: 'a.txt', state: 'done' }), snapshot({ id: 'b', state: 'failed' }));
    await element.updateComplete;
    let changes = 0;
    element.addEventListener('change', () => {
      changes += 1;
    });
    find(element, '[data-id=a] [data-action=remove]').click();
    await element.updateComplete;
    expect(textOf(find(element, '.undo'))).to.equal('1 file removed Undo');
    await until(() => textOf(find(element, '[role=status]')).includes('You can undo this.'), 'it is spoken');
    find(element, '[data-action=undo]').click();
    expect([engine.calls.at(-1), changes]).to.deep.equal([['undo', ['a']], 2]);
  });

  for (const [what, selector] of [
    ['removing', '[data-id=a] [data-action=remove]'],
    ['canceling', '[data-id=b] [data-action=cancel]'],
    ['clearing', '[data-action=clear]'],
  ] as const) {
    it(`holds for eight seconds after ${what}, and ends then`, async () => {
      const { element, engine } = await bind();
      engine.cancel = (id) => engine.change(id ?? '', { state: 'canceled' });
      engine.show(
        snapshot({ id: 'a', state: 'done' }),
        snapshot({ id: 'b', state: what === 'clearing' ? 'failed' : 'uploading' }),
      );
      await element.updateComplete;
      const clock = new ManualClock();
      find(element, selector).click();
      await element.updateComplete;
      expect(findAll(element, '.undo')).to.have.length(1);
      clock.pass(7_999);
      await element.updateComplete;
      expect(findAll(element, '.undo'), 'just before').to.have.length(1);
      clock.pass(1);
      await element.updateComplete;
      expect(findAll(element, '.undo'), 'just after').to.have.length(0);
    });
  }

  it('keeps failed uploads where they are when finished ones are cleared', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'a', state: 'done' }), snapshot({ id: 'b', state: 'failed' }));
    await element.updateComplete;
    find(element, '[data-action=clear]').click();
    expect(engine.calls.filter(([name]) => name === 'clear' || name === 'remove')[0]).to.deep.equal(['clear']);
  });

  for (const list of ['full', 'summary'] as const) {
    it(`says once that all is canceled (list="${list}")`, async () => {
      const { element, engine } = await bind(html`<fastio-upload multiple list=${list}></fastio-upload>`);
      engine.show(snapshot({ id: 'a', state: 'uploading' }), snapshot({ id: 'b', state: 'uploading' }));
      engine.cancel = () => {
        for (const id of ['a', 'b']) engine.change(id, { state: 'canceled' });
      };
      await element.updateComplete;
      const clock = new ManualClock();
      find(element, '[data-action=cancel-all]').click();
      await element.updateComplete;
      const saying = () =>
        findAll(element, '.summary, .undo').filter((one) => textOf(one).includes('2 uploads canceled'));
      expect(saying().map(({ className }) => className)).to.deep.equal(['undo']);
      clock.pass(8_000);
      await element.updateComplete;
      expect(saying().length, 'without rows it is still said').to.equal(list === 'summary' ? 1 : 0);
    });
  }

  it('shows how long it holds by a line that drains, anew for each offer', async () => {
    const { element, engine } = await bind();
    engine.show(...['a', 'b', 'c'].map((id) => snapshot({ id, state: 'done' })));
    await element.updateComplete;
    const lineOf = async (id: string): Promise<HTMLElement> => {
      find(element, `[data-id=${id}] [data-action=remove]`).click();
      await element.updateComplete;
      return find(element, '.undo-time');
    };
    const first = await lineOf('a');
    const [drain] = first.getAnimations();
    if (!(drain?.effect instanceof KeyframeEffect)) throw new Error('the line drains');
    expect(drain.effect.getComputedTiming().endTime).to.equal(8_000);
    expect(drain.effect.getKeyframes().at(-1)?.transform).to.equal('scaleX(0)');
    expect(await lineOf('b'), 'the next offer').not.to.equal(first);
  });

  for (const scheme of ['light', 'dark']) {
    it(`has that line along its lower edge from end to end, clearly seen on a ${scheme} page`, async () => {
      const { element, engine } = await bind(
        html`<div style="color-scheme: ${scheme}"><fastio-upload multiple></fastio-upload></div>`,
      );
      engine.show(snapshot({ id: 'a', state: 'done' }));
      await element.updateComplete;
      find(element, '[data-id=a] [data-action=remove]').click();
      await settle(element);
      const [offer, line] = ['.undo', '.undo-time'].map((part) => find(element, part));
      if (!offer || !line) throw new Error('there is an offer');
      for (const drain of line.getAnimations()) {
        drain.pause();
        drain.currentTime = 0;
      }
      const [frame, bar] = [offer.getBoundingClientRect(), line.getBoundingClientRect()];
      expect([bar.left, bar.right, bar.bottom, bar.height]).to.deep.equal([frame.left, frame.right, frame.bottom, 3]);
      expect(getComputedStyle(offer).overflow, 'its ends are cut by the corners').to.equal('clip');
      const colours = [line, offer].map((one) => getComputedStyle(one).backgroundColor);
      expect(contrastOf(colours[0] ?? '', colours[1] ?? '')).to.be.at.least(3);
      expect(find(element, '.undo button').getBoundingClientRect().bottom).to.be.at.most(bar.top);
    });
  }

  it('has no line for users who prefer reduced motion', async function () {
    if (!(await reduceMotion())) return this.skip();
    try {
      const { element, engine } = await bind();
      engine.show(snapshot({ id: 'a', state: 'done' }));
      await element.updateComplete;
      find(element, '[data-id=a] [data-action=remove]').click();
      await element.updateComplete;
      expect(getComputedStyle(find(element, '.undo-time')).display).to.equal('none');
    } finally {
      await allowMotion();
    }
  });
});
