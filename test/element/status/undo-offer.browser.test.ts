import { expect, html } from '@open-wc/testing';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { bind, find, findAll, textOf } from '../support.js';

const { setTimeout: later } = window;

describe('the offer to undo', () => {
  afterEach(() => Object.assign(window, { setTimeout: later }));

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

  it('ends on its own after eight seconds', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'a', state: 'done' }));
    await element.updateComplete;
    Object.assign(window, { setTimeout: (act: () => void, ms = 0) => later(act, ms === 8_000 ? 1 : ms) });
    find(element, '[data-action=remove]').click();
    await element.updateComplete;
    await until(() => findAll(element, '.undo').length === 0, 'it is gone');
  });

  it('keeps failed uploads where they are when finished ones are cleared', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'a', state: 'done' }), snapshot({ id: 'b', state: 'failed' }));
    await element.updateComplete;
    find(element, '[data-action=clear]').click();
    expect(engine.calls.filter(([name]) => name === 'clear' || name === 'remove')[0]).to.deep.equal(['clear']);
  });
});
