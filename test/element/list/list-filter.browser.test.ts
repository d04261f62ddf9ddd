import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { UploadSnapshot } from '../../../src/index.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, textOf } from '../support.js';

const times = (count: number, facts: Partial<UploadSnapshot>): UploadSnapshot[] =>
  Array.from({ length: count }, () => snapshot(facts));

const mixed = () => [
  ...times(10, { state: 'done' }),
  ...times(3, { state: 'failed' }),
  ...times(2, { state: 'queued' }),
];

const showing = async ({ element, engine }: Bound, uploads: readonly UploadSnapshot[]): Promise<void> => {
  engine.show(...uploads);
  await element.updateComplete;
};

const filters = ({ element }: Bound): string[] => findAll(element, '.filter').map(textOf);

const choose = async ({ element }: Bound, label: string): Promise<void> => {
  findAll(element, '.filter')
    .find((button) => textOf(button) === label)
    ?.click();
  await element.updateComplete;
};

describe('the filter of the list', () => {
  it('is only offered for many files in several states', async () => {
    const bound = await bind();
    await showing(bound, times(5, { state: 'queued' }));
    expect(filters(bound)).to.deep.equal([]);
    await showing(bound, times(20, { state: 'queued' }));
    expect(filters(bound)).to.deep.equal([]);
    await showing(bound, mixed());
    expect(filters(bound)).to.deep.equal(['All 15', 'Unfinished 2', 'Failed 3', 'Uploaded 10']);
  });

  it('shows the files of the chosen state, and which one is chosen', async () => {
    const bound = await bind();
    await showing(bound, mixed());
    await choose(bound, 'Failed 3');
    expect(findAll(bound.element, 'li').length).to.equal(3);
    expect(find(bound.element, 'li').getAttribute('aria-setsize')).to.equal('3');
    expect(textOf(find(bound.element, '.filter[aria-pressed=true]'))).to.equal('Failed 3');
  });

  it('shows all files again when none is left in the chosen state', async () => {
    const bound = await bind();
    const uploads = mixed();
    await showing(bound, uploads);
    await choose(bound, 'Failed 3');
    for (const { id, state } of uploads) if (state === 'failed') bound.engine.change(id, { state: 'queued' });
    await bound.element.updateComplete;
    expect(findAll(bound.element, 'li').length).to.equal(15);
  });
});

describe('clearing', () => {
  it('removes stored files during uploads, and keeps failed ones', async () => {
    const bound = await bind();
    await showing(bound, mixed());
    find(bound.element, '[data-action=clear]').click();
    expect(bound.element.uploads.map(({ state }) => state)).to.deep.equal([
      'failed',
      'failed',
      'failed',
      'queued',
      'queued',
    ]);
  });
});

describe('prioritizing', () => {
  const queued = ['a', 'b', 'c'].map((id) => snapshot({ id, name: `${id}.txt` }));

  it('is offered to queued files except the first', async () => {
    const bound = await bind();
    await showing(bound, [snapshot({ id: 'x', state: 'uploading' }), ...queued]);
    const offered = findAll(bound.element, '[data-action=prioritize]').map((button) => button.ariaLabel);
    expect(offered).to.deep.equal(['Upload next: b.txt', 'Upload next: c.txt']);
  });

  it('moves the row, keeps the focus in it, and announces it', async () => {
    const bound = await bind();
    await showing(bound, queued);
    find(bound.element, '[data-id=c] [data-action=prioritize]').focus();
    await sendKeys({ press: 'Enter' });
    await bound.element.updateComplete;
    expect(bound.engine.calls.at(-1)).to.deep.equal(['prioritize', 'c']);
    expect(findAll(bound.element, 'li').map(({ dataset }) => dataset.id)).to.deep.equal(['c', 'a', 'b']);
    expect(bound.element.shadowRoot?.activeElement?.closest('li')?.dataset.id).to.equal('c');
  });
});
