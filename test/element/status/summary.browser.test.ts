import { expect, html } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import type { UploadErrorCode } from '../../../src/ports/errors.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { bind, find, findAll, settle } from '../support.js';

describe('the summary', () => {
  for (const width of [1000, 720, 600]) {
    it(`keeps its height when its words become longer, on ${width} pixels`, async () => {
      const { element, engine } = await bind(
        html`<div style="inline-size: ${width}px"><fastio-upload></fastio-upload></div>`,
      );
      const heightAt = async (remainingMs: number | null): Promise<number> => {
        const moving = remainingMs === null ? {} : { bytesPerSecond: 4.2e6, remainingMs };
        const facts = { size: 44e6, state: 'uploading', confirmedBytes: 20e6, ...moving } as const;
        engine.show(snapshot({ id: 'one', ...facts }), snapshot({ id: 'two', ...facts }));
        await element.updateComplete;
        return Math.round(find(element, '.summary').getBoundingClientRect().height);
      };

      const heights = [await heightAt(null), await heightAt(10_000), await heightAt(3_000), await heightAt(7_300_000)];
      expect(new Set(heights).size, heights.join()).to.equal(1);
    });
  }
});

describe('the summary of failed files that have rows', () => {
  const failed = (code: UploadErrorCode) => snapshot({ state: 'failed', error: errorOf(code) });
  const lost = () => failed('network');
  const refused = () => failed('too-large');
  const actionsFor = async (...uploads: UploadSnapshot[]) => {
    const { element, engine } = await bind();
    engine.show(...uploads);
    await element.updateComplete;
    return {
      element,
      engine,
      actions: findAll(element, '.summary-buttons button').map(({ dataset }) => dataset.action),
    };
  };

  it('retries those that may succeed, whatever else failed', async () => {
    expect((await actionsFor(lost(), lost())).actions).to.deep.equal(['retry-all']);
    expect((await actionsFor(lost(), lost(), refused())).actions).to.deep.equal(['retry-all']);
  });

  it('removes them where no two can be retried, because each would have to be removed alone', async () => {
    expect((await actionsFor(lost(), refused())).actions).to.deep.equal(['remove-failed']);
    const { actions, element, engine } = await actionsFor(refused(), snapshot({ state: 'done' }), refused());
    expect(actions).to.deep.equal(['remove-failed', 'clear']);
    find(element, '[data-action=remove-failed]').click();
    expect(engine.uploads.map(({ state }) => state)).to.deep.equal(['done']);
  });

  it('leaves a single one to its row, and all of them while others are on their way', async () => {
    expect((await actionsFor(refused(), snapshot({ state: 'done' }))).actions).to.deep.equal(['clear']);
    expect((await actionsFor(refused(), refused(), snapshot({ state: 'uploading' }))).actions).to.deep.equal([
      'pause-all',
      'cancel-all',
    ]);
  });
});

describe('the summary on a phone', () => {
  const show = async (width: number) => {
    const { element, engine } = await bind(
      html`<div style="inline-size: ${width}px; font: 16px sans-serif"><fastio-upload multiple></fastio-upload></div>`,
    );
    const moving = { size: 1.8e9, confirmedBytes: 6e8, bytesPerSecond: 18e6, remainingMs: 61_000 } as const;
    engine.show(
      snapshot({ state: 'uploading', ...moving }),
      snapshot({ state: 'queued' }),
      snapshot({ state: 'done' }),
    );
    await settle(element);
    const boxOf = (selector: string) => find(element, selector).getBoundingClientRect();
    return {
      title: boxOf('[part=summary-title]'),
      buttons: boxOf('.summary-buttons'),
      detail: boxOf('[part=summary-detail]'),
      bar: boxOf('[part=total-bar]'),
      begin: boxOf('.scroller').top - element.getBoundingClientRect().top,
    };
  };

  it('has its buttons beside its title where they have room, and its numbers over the bar', async () => {
    const { title, buttons, detail, bar } = await show(400);
    expect(buttons.top, 'on one line').to.be.below(title.bottom);
    expect(detail.top).to.be.at.least(buttons.bottom);
    expect(bar.top).to.be.within(detail.bottom, detail.bottom + 8);
    expect(detail.height, 'one line').to.be.below(24);
  });

  it('has its buttons below its numbers and their bar where they have no room beside the title', async () => {
    const { title, buttons, detail, bar } = await show(300);
    expect(detail.top).to.be.at.least(title.bottom);
    expect(bar.top).to.be.within(detail.bottom, detail.bottom + 8);
    expect(buttons.top).to.be.at.least(bar.bottom);
    expect(buttons.height, 'one line').to.be.below(50);
  });

  it('keeps the two remedies of a failure beside each other, below its reason', async () => {
    const { element, engine } = await bind(
      html`<div style="inline-size: 420px; font: 16px sans-serif"><fastio-upload list="summary"></fastio-upload></div>`,
    );
    engine.show(
      snapshot({ state: 'uploading' }),
      snapshot({ state: 'failed', name: 'contract.pdf', error: errorOf('source-changed') }),
    );
    await settle(element);
    const [select, remove] = findAll(element, '.failure button').map((button) => button.getBoundingClientRect());

    expect(select?.top).to.equal(remove?.top);
    expect(select?.top).to.be.at.least(find(element, '.failure .status').getBoundingClientRect().bottom);
  });

  for (const [width, most] of [
    [300, 180],
    [400, 150],
  ] as const) {
    it(`lets the list begin soon: ${width} pixels`, async () => {
      const { begin } = await show(width);
      expect(begin).to.be.at.most(most);
    });
  }
});
