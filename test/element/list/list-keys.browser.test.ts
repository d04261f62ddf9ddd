import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { until } from '../../support/until.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, textOf } from '../support.js';

const files = (count: number, state: 'uploading' | 'done' = 'uploading') =>
  Array.from({ length: count }, (_, index) => snapshot({ id: `id-${index}`, name: `${index}.mp4`, state }));

const bindList = async (...uploads: ReturnType<typeof files>): Promise<Bound> => {
  const bound = await bind();
  bound.engine.show(...uploads);
  await bound.element.updateComplete;
  return bound;
};

/** Action and file of the button that has the focus. */
const focused = ({ element }: Bound): string => {
  const button = element.shadowRoot?.activeElement as HTMLElement | null;
  return `${button?.dataset.action} ${button?.closest<HTMLElement>('[data-id]')?.dataset.id}`;
};

const press = async (bound: Bound, key: string, end: string): Promise<void> => {
  await sendKeys({ press: key });
  await until(() => focused(bound) === end, `${key} leads to ${end}`).catch(() => {
    throw new Error(`${key} leads to ${focused(bound)}`);
  });
};

describe('the keys of the list', () => {
  it('lead to the same button of the row above and below, and to the first and the last row', async () => {
    const bound = await bindList(...files(3));
    find(bound.element, '[data-id=id-0] [data-action=cancel]').focus();
    await press(bound, 'ArrowDown', 'cancel id-1');
    await press(bound, 'End', 'cancel id-2');
    await press(bound, 'ArrowUp', 'cancel id-1');
    await press(bound, 'Home', 'cancel id-0');
    await press(bound, 'ArrowUp', 'cancel id-0');
  });

  it('lead to another button where the row has not the same one', async () => {
    const failed = snapshot({ id: 'failed', state: 'failed', error: errorOf('network') });
    const bound = await bindList(...files(1), failed);
    find(bound.element, '[data-id=id-0] [data-action=pause]').focus();
    await press(bound, 'ArrowDown', 'retry failed');
  });

  it('reach the last of ten thousand files', async () => {
    const bound = await bindList(...files(10_000));
    find(bound.element, '[data-id=id-0] [data-action=pause]').focus();
    await press(bound, 'End', 'pause id-9999');
  });

  it('remove the file with Delete, as its button says', async () => {
    const bound = await bindList(...files(2));
    const button = find(bound.element, '[data-id=id-1] [data-action=cancel]');
    expect(button.getAttribute('aria-keyshortcuts')).to.equal('Delete');
    find(bound.element, '[data-id=id-1] [data-action=pause]').focus();
    await sendKeys({ press: 'Delete' });
    expect(bound.engine.calls.at(-1)).to.deep.equal(['cancel', 'id-1']);
  });

  it('belong to the inputs that the page adds to a row', async () => {
    const bound = await bindList(...files(2));
    bound.element.rowExtra = () => html`<input value="caption">`;
    await until(() => bound.element.shadowRoot?.querySelector('li input') !== null, 'the input is there');
    const before = bound.engine.calls.length;
    find<HTMLInputElement>(bound.element, 'li input').focus();
    await sendKeys({ press: 'Delete' });
    await sendKeys({ press: 'ArrowDown' });
    expect(bound.element.shadowRoot?.activeElement).to.equal(find(bound.element, 'li input'));
    expect(bound.engine.calls.length).to.equal(before);
  });

  for (const view of ['list', 'grid'] as const) {
    it(`are shown while the keyboard is in the ${view}`, async () => {
      const bound = await bind(html`<fastio-upload multiple view=${view}></fastio-upload>`);
      bound.engine.show(...files(2));
      await until(() => bound.element.shadowRoot?.querySelector('.keys') !== null, 'the list is there');
      const keys = find(bound.element, '.keys');
      expect(getComputedStyle(keys).visibility).to.equal('hidden');
      bound.element.focus();
      for (let tabs = 0; tabs < 9 && getComputedStyle(keys).visibility === 'hidden'; tabs += 1)
        await sendKeys({ press: 'Tab' });
      expect(find(bound.element, '.scroller').matches(':has(:focus-visible)')).to.equal(true);
      const arrows = view === 'list' ? '↑↓' : '←↑↓→';
      const hints = findAll(bound.element, '.keys > span').filter((hint) => hint.checkVisibility());
      expect(hints.map(textOf)).to.deep.equal([`${arrows} Other files Del Remove`]);
      const label = find(bound.element, '.zone-label');
      expect(getComputedStyle(label).visibility, 'the words whose place they take').to.equal('hidden');
    });
  }
});
