import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { until } from '../../support/until.js';
import { findings } from '../axe.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { bind, find, findAll, nextTask, settle, textOf } from '../support.js';
import { bindOrder, frames, gripOf, isLifted, middleOf, mouse, orderOf, queued, rowOf, seenOrder } from './support.js';

type Bound = Awaited<ReturnType<typeof bindOrder>>;

const spoken = ({ element }: Bound): string => textOf(find(element, '[role=status]')).replace(/\u00a0$/, '');

const press = async (bound: Bound, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await sendKeys({ press: key });
  await settle(bound.element);
};

const focused = ({ element }: Bound): string => {
  const button = element.shadowRoot?.activeElement;
  return `${button?.closest<HTMLElement>('[data-id]')?.dataset.id} ${(button as HTMLElement | null)?.dataset.action}`;
};

describe('ordering by keys', () => {
  it('lifts with Enter, moves with arrows, drops with Enter, and says each', async () => {
    const bound = await bindOrder(queued(4));
    gripOf(bound, 1).focus();
    await press(bound, 'Enter');
    expect(gripOf(bound, 1).ariaPressed).to.equal('true');
    await until(() => spoken(bound).startsWith('1.jpg picked up, 2 of 4.'), 'lifting is spoken');
    await press(bound, 'ArrowDown');
    await until(() => spoken(bound) === '3 of 4.', 'the place is spoken');
    expect([orderOf(bound), seenOrder(bound)]).to.deep.equal(['0 1 2 3', '0 2 1 3']);
    await press(bound, 'End', 'ArrowDown', 'Enter');
    expect([orderOf(bound), seenOrder(bound)]).to.deep.equal(['0 2 3 1', '0 2 3 1']);
    expect(spoken(bound)).to.equal('1.jpg moved to 4 of 4.');
    expect([focused(bound), gripOf(bound, 1).ariaPressed]).to.deep.equal(['u1 move', 'false']);
    await press(bound, 'Enter', 'Home', 'Enter');
    expect(orderOf(bound)).to.equal('1 0 2 3');
    expect(await findings(bound.element)).to.deep.equal([]);
  });

  it('shows which keys the handle has, and others while its file is lifted', async () => {
    const bound = await bindOrder(queued(3));
    const shown = () =>
      findAll(bound.element, '.keys > span')
        .filter((hint) => hint.checkVisibility())
        .map(textOf)
        .join();
    gripOf(bound, 0).focus();
    await press(bound, 'ArrowDown');
    expect(shown()).to.equal('↑↓ Other files ↵ Move');
    await press(bound, 'Enter');
    expect(shown()).to.equal('↑↓ Move ↵ Drop Esc Cancel');
    await press(bound, 'Escape');
    expect(shown()).to.equal('↑↓ Other files ↵ Move');
  });

  it('cancels with Escape, which a dialog around the element does not hear', async () => {
    const bound = await bindOrder(queued(3));
    const heard: boolean[] = [];
    const hear = (event: KeyboardEvent) => heard.push(event.defaultPrevented);
    document.addEventListener('keydown', hear);
    gripOf(bound, 0).focus();
    await press(bound, 'Enter', 'ArrowDown');
    heard.length = 0;
    await press(bound, 'Escape');
    document.removeEventListener('keydown', hear);
    expect([orderOf(bound), seenOrder(bound), spoken(bound), heard]).to.deep.equal([
      ...['0 1 2', '0 1 2', '0.jpg not moved.'],
      [],
    ]);
    expect(bound.engine.calls.filter(([name]) => name === 'move')).to.deep.equal([]);
  });

  for (const dir of ['ltr', 'rtl'] as const) {
    it(`moves through lines and columns of the grid, ${dir}, and keeps the focus`, async () => {
      const bound = await bindOrder(queued(9), { view: 'grid', dir });
      const columns = Number(find(bound.element, '.tiles').ariaColCount);
      const forward = dir === 'ltr' ? 'ArrowRight' : 'ArrowLeft';
      gripOf(bound, 0).focus();
      await press(bound, 'Enter', forward, 'ArrowDown', 'Enter');
      expect(bound.engine.uploads.findIndex(({ id }) => id === 'u0')).to.equal(1 + columns);
      await until(() => focused(bound) === 'u0 move', 'the focus is where it was');
      expect(seenOrder(bound)).to.equal(orderOf(bound));
    });
  }

  it('ends when the focus leaves the list', async () => {
    const bound = await bindOrder(queued(3));
    gripOf(bound, 0).focus();
    await press(bound, 'Enter', 'ArrowDown');
    find(bound.element, '.choose').focus();
    await settle(bound.element);
    expect([orderOf(bound), seenOrder(bound)]).to.deep.equal(['0 1 2', '0 1 2']);
  });

  it('takes a file to the end of ten thousand, in sight', async () => {
    const bound = await bindOrder(queued(10_000));
    gripOf(bound, 2).focus();
    await press(bound, 'Enter', 'End');
    const scroller = find(bound.element, '.scroller');
    await until(() => findAll(bound.element, '[data-id=u9999]').length > 0, 'the last rows are there');
    await frames();
    const [row, frame] = [rowOf(bound, 2).getBoundingClientRect(), scroller.getBoundingClientRect()];
    expect(row.top >= frame.top - 1 && row.bottom <= frame.bottom + 1, `${row.top} in ${frame.top}`).to.equal(true);
    await press(bound, 'Enter');
    expect(bound.engine.uploads.at(-1)?.id).to.equal('u2');
    expect(focused(bound)).to.equal('u2 move');
  });
});

describe('ordering by clicks', () => {
  afterEach(() => mouse.reset());

  it('lifts by a click on the handle, and drops by one on another row', async () => {
    const bound = await bindOrder(queued(4));
    gripOf(bound, 0).click();
    await settle(bound.element);
    expect(isLifted(bound, 0)).to.equal(true);
    await mouse.press(middleOf(rowOf(bound, 2).querySelector('.file') as Element));
    await mouse.release();
    await settle(bound.element);
    expect(orderOf(bound)).to.equal('1 2 0 3');
  });

  it('ends by a click beside the list', async () => {
    const bound = await bindOrder(queued(3));
    gripOf(bound, 0).click();
    await settle(bound.element);
    await mouse.press({ x: 700, y: 5 });
    await mouse.release();
    await until(() => !isLifted(bound, 0), 'it is back');
    expect(orderOf(bound)).to.equal('0 1 2');
  });
});

describe('handles', () => {
  const handlesAfter = async (bound: Bound): Promise<string> => {
    await bound.element.updateComplete;
    await nextTask();
    await settle(bound.element);
    return findAll(bound.element, '.grip')
      .map((grip) => grip.closest<HTMLElement>('[data-id]')?.dataset.id)
      .join(' ');
  };

  it('are only at files that wait to start, and only where there are two', async () => {
    const bound = await bindOrder(queued(3));
    bound.engine.change('u0', { state: 'uploading' });
    expect(await handlesAfter(bound)).to.equal('u1 u2');
    bound.engine.change('u1', { state: 'uploading' });
    expect(await handlesAfter(bound)).to.equal('');
  });

  it('are at all files of a form, whose value is in that order', async () => {
    const bound = await bind(html`<form><fastio-upload multiple name="files"></fastio-upload></form>`);
    bound.engine.show(...['a', 'b', 'c'].map((id) => snapshot({ id, state: 'done', fileId: `file-${id}` })));
    await until(() => findAll(bound.element, '.grip').length === 3, 'the handles are there');
    find(bound.element, '[data-id=c] .grip').focus();
    await press(bound, 'Enter', 'Home', 'Enter');
    const form = bound.element.form as HTMLFormElement;
    expect(new FormData(form).getAll('files')).to.deep.equal(['file-c', 'file-a', 'file-b']);
  });

  it('are not at the only failed file of a long list, which stays first', async () => {
    const bound = await bindOrder([...queued(14), snapshot({ id: 'u14', state: 'failed', error: errorOf('network') })]);
    expect(await handlesAfter(bound)).not.to.contain('u14');
  });

  it('are gone while the element is disabled', async () => {
    const bound = await bindOrder(queued(3));
    bound.element.disabled = true;
    expect(await handlesAfter(bound)).to.equal('');
  });

  it('change no size of a row when they come and go', async () => {
    const bound = await bindOrder(queued(3));
    const boxOf = () => JSON.stringify(rowOf(bound, 0).querySelector('.badge')?.getBoundingClientRect());
    const before = boxOf();
    for (const id of ['u1', 'u2']) bound.engine.change(id, { state: 'uploading' });
    expect(await handlesAfter(bound)).to.equal('');
    expect(boxOf()).to.equal(before);
  });
});
