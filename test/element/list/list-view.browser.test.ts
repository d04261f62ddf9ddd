import { expect, html } from '@open-wc/testing';
import { until } from '../../support/until.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { bind, find, findAll } from '../support.js';

const done = (id: string) => snapshot({ id, name: `${id}.jpg`, type: 'image/jpeg', state: 'done' });
const failed = (id: string) =>
  snapshot({ id, name: `${id}.jpg`, type: 'image/jpeg', state: 'failed', error: errorOf('source-changed') });

describe('the files that need the user', () => {
  for (const view of ['list', 'grid'] as const) {
    it(`come first in the ${view} where some may be out of sight, with their button in sight`, async () => {
      const { element, engine } = await bind(
        html`<div style="inline-size: 1100px"><fastio-upload multiple view=${view}></fastio-upload></div>`,
      );
      engine.show(...Array.from('abcdefghijk', done), failed('late'));
      await until(() => findAll(element, '[data-id]').length === 12, 'all files are there');
      expect(findAll(element, '[data-id]')[0]?.dataset.id).to.equal('late');
      const button = find(element, '[data-id=late] [data-action=choose]').getBoundingClientRect();
      const frame = find(element, '.scroller').getBoundingClientRect();
      expect(button.bottom).to.be.below(frame.bottom - 28);
    });
  }

  it('stay where they are among a few, while what runs and what is stored does not move either', async () => {
    const { element, engine } = await bind();
    const running = snapshot({ id: 'running', state: 'uploading' });
    engine.show(done('a'), running, failed('b'));
    await element.updateComplete;
    expect(findAll(element, '[data-id]').map(({ dataset }) => dataset.id)).to.deep.equal(['a', 'running', 'b']);
    engine.show(done('a'), running, failed('b'), done('c'), done('d'));
    await element.updateComplete;
    expect(findAll(element, '[data-id]').map(({ dataset }) => dataset.id)).to.deep.equal([
      'b',
      'a',
      'running',
      'c',
      'd',
    ]);
  });
});

describe('the running files of a long list', () => {
  const many = (running: number) =>
    Array.from({ length: 60 }, (_, index) => {
      const state = index < running ? 'done' : index < running + 3 ? 'uploading' : 'queued';
      return snapshot({ id: `id-${index}`, name: `${index}.txt`, state });
    });

  it('stay at the top for a second when they are stored, so that rows do not change places all the time', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple></fastio-upload>`);
    const top = () =>
      findAll(element, '[data-id]')
        .slice(0, 5)
        .map(({ dataset }) => dataset.id);
    engine.show(...many(0));
    await until(() => top().length === 5, 'rows are there');
    engine.show(...many(2));
    await element.updateComplete;
    expect(find(element, '[data-id=id-0]').matches('[part~=row-done]')).to.equal(true);
    expect(top()).to.deep.equal(['id-0', 'id-1', 'id-2', 'id-3', 'id-4']);
    engine.show(...many(30));
    await element.updateComplete;
    expect(top()).to.deep.equal(['id-0', 'id-1', 'id-2', 'id-3', 'id-4']);
    await until(() => {
      element.requestUpdate();
      return top()[0] === 'id-30';
    }, 'those that run now are the first');
  });

  it('stay where they are while the list is scrolled, and so do all others', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple></fastio-upload>`);
    const inView = () => {
      const { top, bottom } = find(element, '.scroller').getBoundingClientRect();
      const rows = findAll(element, '[data-id]').filter((row) => row.getBoundingClientRect().top < bottom);
      return rows.filter((row) => row.getBoundingClientRect().bottom > top).map(({ dataset }) => dataset.id);
    };
    engine.show(...many(10));
    await until(
      () => findAll(element, '.scroller').length > 0 && inView()[0] === 'id-10',
      'running files are the first',
    );
    const scroller = find(element, '.scroller');
    scroller.scrollTop = 400;
    await until(() => !inView().includes('id-10'), 'the first rows are out of sight');
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const before = inView();
    engine.show(...many(30));
    await element.updateComplete;
    expect(inView()).to.deep.equal(before);
    scroller.scrollTop = 0;
    await until(() => inView()[0] === 'id-30', 'those that run now are the first');
  });
});
