import { expect, html } from '@open-wc/testing';
import { executeServerCommand, sendKeys } from '@web/test-runner-commands';
import { until } from '../../support/until.js';
import { findings } from '../axe.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, textOf } from '../support.js';

const bindGrid = async (): Promise<Bound> =>
  bind(html`<div style="inline-size: 640px"><fastio-upload multiple view="grid"></fastio-upload></div>`);

const tilesOf = ({ element }: Bound): HTMLElement[] => findAll(element, '.tile');

/** Columns as the layout has them, and as assistive technology hears them. */
const settled = async (bound: Bound): Promise<number> => {
  await until(() => tilesOf(bound).length > 0, 'tiles are there');
  const columns = () => {
    const [line] = findAll(bound.element, '.tile-line');
    return line ? getComputedStyle(line).gridTemplateColumns.split(' ').length : 0;
  };
  const told = () => Number(find(bound.element, '.tiles').getAttribute('aria-colcount'));
  await until(() => told() === columns(), 'the columns are counted').catch(() => {
    throw new Error(`${told()} columns are told, and there are ${columns()}`);
  });
  return told();
};

const focusedId = ({ element }: Bound): string | undefined =>
  element.shadowRoot?.activeElement?.closest<HTMLElement>('.tile')?.dataset.id;

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    snapshot({ id: `id-${index}`, name: `${index}.jpg`, type: 'image/jpeg' }),
  );

/** A grid of more columns than it guesses, with all tiles that were ever rendered. */
const bindWatched = async () => {
  const bound = await bind(
    html`<div style="inline-size: 900px"><fastio-upload multiple view="grid"></fastio-upload></div>`,
  );
  const tiles = new Set<Element>();
  const watch = new MutationObserver((records) => keep(records));
  const keep = (records: readonly MutationRecord[]) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof Element)) continue;
      for (const tile of [node, ...node.querySelectorAll('*')]) if (tile.matches('.tile')) tiles.add(tile);
    }
  };
  watch.observe(bound.element.shadowRoot as ShadowRoot, { childList: true, subtree: true });
  const created = (): Element[] => {
    keep(watch.takeRecords());
    return [...tiles];
  };
  return { bound, created };
};

describe('the grid', () => {
  it('shows progress on the picture, the complete name, and the text of an error with its button', async () => {
    const bound = await bindGrid();
    bound.engine.show(
      snapshot({
        id: 'a',
        name: 'a.jpg',
        state: 'uploading',
        size: 1000,
        sentBytes: 500,
        confirmedBytes: 500,
        ratio: 0.5,
      }),
      snapshot({ id: 'b', name: 'b.zip', type: 'application/zip', state: 'failed', error: errorOf('network') }),
      snapshot({ id: 'c', name: 'c.pdf', type: 'application/pdf', state: 'done' }),
    );
    await settled(bound);
    const ring = find(bound.element, '[data-id=a] [role=progressbar]');
    expect([ring.getAttribute('aria-valuenow'), textOf(ring)]).to.deep.equal(['50', '50%']);
    expect(find(bound.element, '[data-id=a] .confirmed').getAttribute('stroke-dasharray')).to.equal('50 100');
    expect(findAll(bound.element, '[data-id=b] [data-action]').map(textOf)).to.deep.equal(['Try again', 'Remove']);
    expect(textOf(find(bound.element, '[data-id=c] .badge'))).to.equal('PDF');
    find(bound.element, '[data-id=b] [data-action=retry]').click();
    expect(bound.engine.calls.at(-1)).to.deep.equal(['retry', 'b']);
    expect(await findings(bound.element)).to.deep.equal([]);
  });

  it('shows tiles at once, without rows that would jump', async () => {
    const bound = await bindGrid();
    let rows = 0;
    const watch = new MutationObserver(() => {
      rows = Math.max(rows, findAll(bound.element, '.row').length);
    });
    watch.observe(bound.element.shadowRoot as ShadowRoot, { childList: true, subtree: true });
    bound.engine.show(...many(3));
    await settled(bound);
    watch.disconnect();
    expect(rows).to.equal(0);
  });

  it('is one tab stop, with arrow keys, Home, End and Delete', async () => {
    const bound = await bindGrid();
    bound.engine.show(...many(10));
    const columns = await settled(bound);
    expect(tilesOf(bound).filter(({ tabIndex }) => tabIndex === 0)).to.have.length(1);
    find(bound.element, '[data-id=id-0]').focus();
    const press = async (key: string): Promise<string | undefined> => {
      const before = focusedId(bound);
      await sendKeys({ press: key });
      await until(() => focusedId(bound) !== before, `the focus moves by ${key}`);
      return focusedId(bound);
    };
    expect(await press('ArrowRight')).to.equal('id-1');
    expect(await press('ArrowDown')).to.equal(`id-${1 + columns}`);
    expect(await press('ArrowUp')).to.equal('id-1');
    expect(await press('Home')).to.equal('id-0');
    expect(await press('End')).to.equal(`id-${columns - 1}`);
    await sendKeys({ press: 'Delete' });
    expect(bound.engine.calls.at(-1)).to.deep.equal(['cancel', `id-${columns - 1}`]);
  });

  it('has few tiles for ten thousand files, and reaches the last one with the keyboard', async () => {
    const bound = await bindGrid();
    bound.engine.show(...many(10_000));
    await settled(bound);
    expect(tilesOf(bound).length).to.be.within(8, 200);
    find(bound.element, '[data-id=id-0]').focus();
    await executeServerCommand('press-together', ['Control', 'End']);
    await until(() => focusedId(bound) === 'id-9999', 'the last tile has the focus');
    expect(tilesOf(bound).length).to.be.lessThan(300);
  });

  it('renders each tile of ten thousand once, and only lines that are in view', async () => {
    const { bound, created } = await bindWatched();
    bound.engine.show(...many(10_000));
    await until(() => created().length > 0, 'tiles are there');
    const lines = new Set(created().map((tile) => tile.closest('.tile-line')));
    expect(lines.size).to.be.below(5);
    const columns = await settled(bound);
    expect(columns).to.be.above(4);
    expect(created()).to.have.length(tilesOf(bound).length);
  });

  it('moves tiles within their lines when a file comes before them, and renders only those that change lines', async () => {
    const bound = await bindGrid();
    const files = many(100);
    bound.engine.show(...files);
    await settled(bound);
    const before = new Set(tilesOf(bound));
    bound.engine.show(...files.map((file, index) => (index === 99 ? { ...file, state: 'uploading' as const } : file)));
    await until(() => tilesOf(bound)[0]?.dataset.id === 'id-99', 'the running file is the first');
    const fresh = tilesOf(bound).filter((tile) => !before.has(tile));
    expect(fresh).to.have.length(findAll(bound.element, '.tile-line').length);
  });

  it('is chosen with "auto" while at least half of the files are pictures', async () => {
    const bound = await bind(html`<fastio-upload multiple view="auto"></fastio-upload>`);
    bound.engine.show(snapshot({ type: 'image/png' }), snapshot({ type: 'text/plain' }));
    await until(() => tilesOf(bound).length === 2, 'tiles');
    bound.engine.show(snapshot({ type: 'image/png' }), snapshot({ type: 'text/plain' }), snapshot({ type: '' }));
    await until(() => findAll(bound.element, 'li').length === 3, 'rows');
  });
});
