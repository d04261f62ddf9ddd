import { expect, html } from '@open-wc/testing';
import { executeServerCommand, sendKeys } from '@web/test-runner-commands';
import { until } from '../../support/until.js';
import { findings } from '../axe.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, settle, textOf } from '../support.js';

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
  // Tiles that come are smaller at first.
  await settle(bound.element);
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

  it('shows the whole outline of the tiles at its edges', async () => {
    const bound = await bindGrid();
    bound.engine.show(...many(3));
    await settled(bound);
    const [first] = tilesOf(bound);
    await sendKeys({ press: 'Tab' });
    while (bound.element.shadowRoot?.activeElement !== first) await sendKeys({ press: 'Tab' });
    const { outlineWidth, outlineOffset } = getComputedStyle(first as HTMLElement);
    const reach = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset);
    expect(reach).to.be.at.least(4);
    const { left, top } = (first as HTMLElement).getBoundingClientRect();
    for (const around of findAll(bound.element, '.tiles, .scroller')) {
      expect(getComputedStyle(around).overflow).not.to.equal('visible');
      const edge = around.getBoundingClientRect();
      expect(
        [left - edge.left, top - edge.top].every((room) => room >= reach),
        around.className,
      ).to.equal(true);
    }
  });

  it('has few tiles for ten thousand files, and reaches the last one with the keyboard', async () => {
    const bound = await bindGrid();
    bound.engine.show(...many(10_000));
    await settled(bound);
    await until(() => tilesOf(bound).length >= 8, 'the lines in view have their tiles');
    expect(tilesOf(bound).length).to.be.below(200);
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

  it('leaves picture and kind uncovered during an upload, whose progress is readable on any picture', async () => {
    const bound = await bindGrid();
    bound.engine.show(snapshot({ id: 'a', name: 'a.mp4', type: 'video/mp4', state: 'uploading', ratio: 0.5 }));
    await settled(bound);
    const kind = find(bound.element, '.badge b');
    const dial = find(bound.element, '.dial');
    const [word, disc, picture] = [kind, dial, find(bound.element, '.picture')].map((one) =>
      one.getBoundingClientRect(),
    );
    if (!word || !disc || !picture) throw new Error('all are there');
    expect(getComputedStyle(kind).visibility).to.equal('visible');
    expect(disc.top > word.bottom || disc.left > word.right, 'beside the kind').to.equal(true);
    expect(disc.width * disc.height, 'small').to.be.below((picture.width * picture.height) / 8);
    const { color, backgroundColor } = getComputedStyle(dial);
    expect([color, backgroundColor], 'no picture shows through').to.deep.equal(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  });

  it('cuts a long reason after four lines, for the eye only, until it is clicked or a key comes to its tile', async () => {
    const bound = await bindGrid();
    const words = 'This file is locked with a password. '.repeat(16);
    const error = { ...errorOf('http'), status: 422, userMessage: words };
    bound.engine.show(snapshot({ id: 'a', state: 'failed', error }), snapshot({ id: 'b', state: 'done' }));
    await settled(bound);
    const quote = find(bound.element, 'q');
    const lines = () => Math.round(quote.clientHeight / Number.parseFloat(getComputedStyle(quote).lineHeight));
    expect([lines(), textOf(quote)]).to.deep.equal([4, words.trim()]);
    quote.click();
    expect(lines(), 'after a click').to.be.above(4);
    quote.click();
    expect(lines(), 'after another one').to.equal(4);
    find(bound.element, '[data-id=b]').focus();
    await sendKeys({ press: 'ArrowLeft' });
    expect(focusedId(bound)).to.equal('a');
    expect(lines(), 'with the focus').to.be.above(4);
  });

  it('cuts long names to the room that they have, though tiles are drawn smaller while they come', async () => {
    const bound = await bindGrid();
    bound.element.style.scale = '0.88';
    const names = Array.from({ length: 6 }, (_, index) => `${'wide name '.repeat(5)}${index}.pdf`);
    bound.engine.show(...names.map((name) => snapshot({ name })));
    await settled(bound);
    const frames = findAll(bound.element, '.name');
    await until(() => frames.every((frame) => frame.querySelector('.cut')), 'all are cut');
    expect(frames.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).to.deep.equal(names.map(() => 0));
  });

  it('has cards of one height in a line, with their buttons apart from the text and from each other', async () => {
    const bound = await bindGrid();
    const failed = snapshot({ id: 'a', state: 'failed', error: errorOf('source-changed') });
    bound.engine.show(failed, snapshot({ id: 'b', state: 'done' }), snapshot({ id: 'c', state: 'queued' }));
    await settled(bound);
    expect(new Set(tilesOf(bound).map(({ offsetHeight }) => offsetHeight)).size).to.equal(1);
    const [text, ...buttons] = ['.status', '[data-action=choose]', '[data-action=remove]'].map((part) =>
      find(bound.element, `[data-id=a] ${part}`).getBoundingClientRect(),
    );
    const [one, other] = buttons;
    if (!text || !one || !other) throw new Error('all are there');
    expect(one.top - text.bottom, 'below the text').to.be.at.least(6);
    expect(text.top - other.bottom, 'above it').to.be.at.least(6);
  });

  it('has the button of a stored file in the corner of its picture, without a line for it', async () => {
    const bound = await bindGrid();
    bound.engine.show(snapshot({ id: 'a', state: 'done' }), snapshot({ id: 'b', state: 'queued' }));
    await settled(bound);
    const [button, other, tile, picture, tick, name] = [
      '[data-id=a] [data-action=remove]',
      '[data-id=b] [data-action=cancel]',
      '[data-id=a]',
      '[data-id=a] .picture',
      '[data-id=a] .tick',
      '[data-id=a] .name',
    ].map((part) => find(bound.element, part).getBoundingClientRect());
    if (!button || !other || !tile || !picture || !tick || !name) throw new Error('all are there');
    expect(button.top, 'where other files have theirs').to.equal(other.top);
    expect([picture.right - button.right, button.height >= 28]).to.deep.equal([6, true]);
    expect(button.bottom).to.be.below(tick.top);
    expect(tile.bottom - name.bottom, 'no blank line').to.be.at.most(40);
  });

  it('presses the button that removes with Delete, also beside one that repairs', async () => {
    const bound = await bindGrid();
    bound.engine.show(
      snapshot({ id: 'a', state: 'failed', error: errorOf('source-changed') }),
      snapshot({ id: 'b', state: 'done' }),
    );
    await settled(bound);
    for (const index of [0, 1]) {
      tilesOf(bound)[index]?.focus();
      await sendKeys({ press: 'Delete' });
    }
    const removed = bound.engine.calls.filter(([name]) => name === 'remove');
    expect(removed.flatMap(([, id]) => id)).to.deep.equal(['a', 'b']);
  });

  it('has one button of a failed file below its text and one on its picture, of which it shows as much as fits', async () => {
    const bound = await bindGrid();
    const failed = snapshot({ id: 'a', state: 'failed', error: errorOf('source-changed') });
    bound.engine.show(failed, snapshot({ id: 'b', state: 'done' }), snapshot({ id: 'c', state: 'done' }));
    await settled(bound);
    find(bound.element, '.root').style.setProperty('--fastio-upload-tile-size', '190px');
    await settled(bound);
    const [one, other, picture, text] = ['[data-action=choose]', '[data-action=remove]', '.picture', '.status'].map(
      (part) => find(bound.element, `[data-id=a] ${part}`).getBoundingClientRect(),
    );
    if (!one || !other || !picture || !text) throw new Error('all are there');
    expect(one.top).to.be.at.least(text.bottom);
    expect(other.bottom).to.be.below(picture.bottom);
    expect(picture.height).to.be.at.least(64);
    const [tile, next] = tilesOf(bound).map((card) => card.getBoundingClientRect());
    expect(tile?.height).to.equal(next?.height);
    const taken = text.bottom - picture.bottom;
    expect(picture.height + taken + one.height, 'nothing is left over').to.be.within(
      (tile?.height ?? 0) - 20,
      tile?.height ?? 0,
    );
  });
});
