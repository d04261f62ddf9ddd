import { expect, html } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { bind, find, findAll, settle } from '../support.js';

const mixed = (): UploadSnapshot[] => [
  snapshot({ state: 'uploading', sentBytes: 7e8, confirmedBytes: 6e8 }),
  snapshot({ state: 'done' }),
  snapshot({ state: 'queued' }),
  snapshot({ state: 'queued' }),
];

describe('a handle', () => {
  for (const [width, size] of [
    [240, 16],
    [360, 16],
    [768, 16],
    [360, 32],
  ] as const) {
    it(`has its dots beside the picture, at its height: ${width} px, text of ${size} px`, async () => {
      const bound = await bind(html`<div style="inline-size: ${width}px; font: ${size}px sans-serif">
        <fastio-upload multiple></fastio-upload>
      </div>`);
      bound.engine.show(...mixed());
      await until(() => findAll(bound.element, '.grip').length > 1, 'the handles are there');
      await settle(bound.element);
      const lefts = findAll(bound.element, '.row .badge').map((badge) =>
        Math.round(badge.getBoundingClientRect().left),
      );
      expect(new Set(lefts).size, 'pictures below each other').to.equal(1);
      for (const grip of findAll(bound.element, '.row .grip')) {
        const handle = grip.getBoundingClientRect();
        const dots = grip.querySelector('path')?.getBoundingClientRect();
        const row = grip.closest('.row');
        const picture = row?.querySelector('.badge')?.getBoundingClientRect();
        if (!row || !dots || !picture) throw new Error('a row has a picture');
        expect(handle.width).to.be.at.least(24);
        expect(dots.left).to.be.at.least(row.getBoundingClientRect().left);
        expect(dots.right).to.be.at.most(picture.left);
        expect(Math.abs(handle.top + handle.bottom - picture.top - picture.bottom)).to.be.below(3);
      }
    });
  }
});

describe('a row', () => {
  it('has its picture at the same place before the first handle comes and after the last has gone', async () => {
    const bound = await bind(html`<div style="inline-size: 640px"><fastio-upload multiple></fastio-upload></div>`);
    const left = () => {
      const [row, picture] = [findAll(bound.element, '.row')[0], findAll(bound.element, '.row .badge')[0]];
      return (picture?.getBoundingClientRect().left ?? 0) - (row?.getBoundingClientRect().left ?? 0);
    };
    bound.engine.show(snapshot({ state: 'done' }), snapshot({ state: 'done' }));
    await settle(bound.element);
    const before = left();
    bound.engine.show(...mixed());
    await until(() => findAll(bound.element, '.grip').length > 1, 'the handles are there');
    await settle(bound.element);
    expect(left()).to.equal(before);
    const [row, picture] = ['.row', '.row .badge'].map((part) => find(bound.element, part).getBoundingClientRect());
    const above = (picture?.top ?? 0) - (row?.top ?? 0);
    expect(Math.abs(before - above), 'as much beside the picture as above it').to.be.at.most(3);
    for (const { id } of bound.engine.uploads) bound.engine.change(id, { state: 'done', fileId: id });
    await settle(bound.element);
    expect(findAll(bound.element, '.grip')).to.deep.equal([]);
    expect(left()).to.equal(before);
  });
});

describe('a picture', () => {
  for (const [width, size] of [
    [280, 16],
    [360, 32],
  ] as const) {
    it(`stays beside the name, small: ${width} px, text of ${size} px`, async () => {
      const bound = await bind(html`<div style="inline-size: ${width}px; font: ${size}px sans-serif">
        <fastio-upload multiple></fastio-upload>
      </div>`);
      bound.engine.show(...mixed());
      await settle(bound.element);
      for (const badge of findAll(bound.element, '.row .badge')) {
        expect(badge.offsetWidth).to.be.within(32, 2 * size);
      }
    });
  }
});

describe('a tile whose file has failed', () => {
  it('differs from one that has not by more than the colour of its kind', async () => {
    const bound = await bind(html`<fastio-upload multiple view="grid"></fastio-upload>`);
    bound.engine.show(
      snapshot({ id: 'bad', name: 'a.pdf', state: 'failed', error: errorOf('network') }),
      snapshot({ id: 'good', name: 'b.pdf', state: 'done' }),
      snapshot({ id: 'next', name: 'c.pdf', state: 'queued' }),
    );
    await until(() => findAll(bound.element, '.tile').length === 3, 'the tiles are there');
    const pictures = ['bad', 'good', 'next'].map((id) => findAll(bound.element, `[data-id=${id}] .picture`)[0]);
    const [bad, ...others] = ['bad', 'good', 'next'].map((id) =>
      getComputedStyle(find(bound.element, `[data-id=${id}]`)),
    );
    for (const other of others) expect(bad?.borderColor).not.to.equal(other.borderColor);
    for (const other of others) expect(bad?.backgroundColor).not.to.equal(other.backgroundColor);
    expect(pictures.map((picture) => picture?.querySelectorAll('.tick.bad').length)).to.deep.equal([1, 0, 0]);
    await settle(bound.element);
    const topOf = (node: Element | null | undefined): number => node?.getBoundingClientRect().top ?? 0;
    const whole = pictures.slice(1);
    const icons = whole.map((picture) => topOf(picture?.querySelector('.badge > .icon')) - topOf(picture));
    expect(new Set(icons.map(Math.round)).size, 'icons at one height').to.equal(1);
  });
});

describe('the colour of a kind', () => {
  it('is never the red of a failure', async () => {
    const { element, engine } = await bind();
    const types = ['image/png', 'video/mp4', 'audio/wav', 'application/zip', 'application/pdf', 'text/csv', 'x/y'];
    engine.show(...types.map((type) => snapshot({ type, state: 'queued' })));
    await element.updateComplete;
    const kinds = findAll(element, '.badge').map((badge) => getComputedStyle(badge).getPropertyValue('--_kind').trim());
    expect(kinds).to.have.length(types.length);
    for (const kind of kinds) {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(kind.slice(at, at + 2), 16));
      expect(red > 2 * green && red > 2 * blue, kind).to.equal(false);
    }
  });
});

describe('the offer to undo', () => {
  it('has as much room before its text as behind the label of its button', async () => {
    for (const size of [16, 32]) {
      const bound = await bind(html`<div style="inline-size: 360px; font: ${size}px sans-serif">
        <fastio-upload multiple></fastio-upload>
      </div>`);
      bound.engine.show(snapshot({ state: 'uploading' }), snapshot({ state: 'uploading' }));
      await bound.element.updateComplete;
      bound.engine.cancel = () => {
        for (const { id } of bound.engine.uploads) bound.engine.change(id, { state: 'canceled' });
      };
      findAll(bound.element, '[data-action=cancel-all]')[0]?.click();
      await settle(bound.element);
      const [offer] = findAll(bound.element, '.undo');
      const [button] = findAll(bound.element, '.undo button');
      if (!offer || !button) throw new Error('there is an offer');
      const end = Number.parseFloat(getComputedStyle(button).paddingInlineEnd);
      const frame = offer.getBoundingClientRect();
      const behind = frame.right - button.getBoundingClientRect().right + end;
      const before = Number.parseFloat(getComputedStyle(offer).paddingInlineStart);
      expect(Math.abs(behind - before), `${size}`).to.be.below(2);
      expect(before).to.be.within(12, 16);
      expect(button.getBoundingClientRect().top - frame.top).to.be.at.least(4);
    }
  });
});
