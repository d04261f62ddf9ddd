/**
 * Renders files as tiles: the picture of a file with its progress in the corner. Loaded when a page uses tiles. Rows of tiles
 * are windowed like those of a list. One tile is a tab stop; arrow keys, Home and End move between tiles, and Delete
 * presses the tile's button that cancels or removes.
 */

import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { icons } from '../icons.js';
import { setStyle } from '../set-style.js';
import { displayName, percent } from '../status/format.js';
import { statusLine } from '../status/status-line.js';
import { dialStyles } from '../view/dial.styles.js';
import { placeKeys, renderKeys } from './list-keys.js';
import { type ListWindow, type Placed, SHORT } from './list-window.js';
import { gridStyles } from './upload-grid.styles.js';
import { inputsOf, type ListContext, onRowClick } from './upload-list.js';
import {
  type Progress,
  progressOf,
  type RowContext,
  renderBadge,
  renderGrip,
  renderIconButtons,
  renderName,
  renderRemedy,
  renderStatus,
  renderWordButtons,
  valueNow,
} from './upload-row.js';

/** Until an empty line has shown how many fit. */
const FIRST_COLUMNS = 4;
/** Height of a line of tiles before any was measured, in pixels; so two lines of a long list are rendered at first. */
const LINE_HEIGHT = 240;
const PAGE_ROWS = 3;
/** What the Delete key presses. */
const LEAVING = '[data-action="cancel"], [data-action="remove"]';

interface GridRow {
  /** Names its place: named after a tile, all rows would be new when a file comes or goes before them. */
  readonly id: string;
  readonly uploads: readonly UploadSnapshot[];
}

/** Rows without a change are those of `before`, because a list may have thousands and is rendered many times. */
const rowsOf = (uploads: readonly UploadSnapshot[], columns: number, before: readonly GridRow[]): GridRow[] =>
  Array.from({ length: Math.ceil(uploads.length / columns) }, (_, index) => {
    const start = index * columns;
    const size = Math.min(columns, uploads.length - start);
    const row = before[index];
    const isSame = row?.uploads.length === size && row.uploads.every((upload, i) => upload === uploads[start + i]);
    return isSame ? row : { id: row?.id ?? `${columns}:${index}`, uploads: uploads.slice(start, start + size) };
  });

const renderRing = (upload: UploadSnapshot, progress: Progress, context: RowContext): TemplateResult => {
  const { sent, confirmed, isOpen } = progress;
  const value = valueNow(upload, progress);
  const share = (percent: number) => `${percent} 100`;
  return html`<span
    class="dial ${upload.state} ${isOpen ? 'open' : ''}"
    role="progressbar"
    aria-labelledby="name-${upload.id}"
    aria-valuenow=${value ?? nothing}
  >
    <svg class="ring" viewBox="0 0 36 36" aria-hidden="true">
      <circle class="track" cx="18" cy="18" r="16" />
      <circle class="sent" cx="18" cy="18" r="16" pathLength="100" stroke-dasharray=${share(isOpen ? 25 : sent)} />
      <circle class="confirmed" cx="18" cy="18" r="16" pathLength="100" stroke-dasharray=${share(isOpen ? 25 : confirmed)} />
    </svg>
    ${value === null ? nothing : html`<b aria-hidden="true">${percent(context.texts, value / 100)}</b>`}
  </span>`;
};

const renderTile = (upload: UploadSnapshot, context: RowContext): TemplateResult => {
  const name = displayName(upload.name);
  const line = statusLine(upload, context);
  const progress = progressOf(upload, context);
  const words = renderWordButtons(upload, name, context);
  // A field of one file has two buttons with text, which do not fit on the picture.
  const isOnPicture = !context.isField;
  return html`
    <div class="picture" part="picture">
      ${renderBadge(upload, context)} ${progress === null ? nothing : renderRing(upload, progress, context)}
      ${upload.state === 'done' ? html`<span class="mark tick" aria-hidden="true">${icons.check}</span>` : nothing}
      ${upload.state === 'failed' ? html`<span class="tick bad" aria-hidden="true"></span>` : nothing}
      ${renderGrip(upload, name, 'round', context)}
    </div>
    ${renderName(upload, name, context)}
    <div class="tile-foot">
      ${renderStatus(line, nothing)}
      <div class="tile-buttons">${renderRemedy(line, name, context)}${isOnPicture ? nothing : words}</div>
    </div>
    <div class="actions" part="actions">${renderIconButtons(upload, name, context)}${isOnPicture ? words : nothing}</div>
    ${context.extras.render(upload)}
  `;
};

/** Shows the whole of a text that is cut, and cuts it again. */
const unfold = ({ target }: MouseEvent): void => {
  if (target instanceof Element) target.closest('.status.bad')?.classList.toggle('unfolded');
};

export class UploadGrid implements ReactiveController {
  readonly lineHeight = LINE_HEIGHT;
  readonly #host: LitElement;
  readonly #window: ListWindow;
  #columns = FIRST_COLUMNS;
  /** Tiles rendered before columns are counted would all be rendered again. */
  #isCounted = false;
  #uploads: readonly UploadSnapshot[] = [];
  #rows: readonly GridRow[] = [];
  /** The tile that is the tab stop. */
  #activeId = '';
  #watched: Element | null = null;
  /** In the next frame, because a change of columns changes what is observed. */
  readonly #observer = new ResizeObserver(() => requestAnimationFrame(() => this.#countColumns()));

  constructor(host: LitElement, window: ListWindow) {
    this.#host = host;
    this.#window = window;
    host.addController(this);
    const sheets = [dialStyles, gridStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
    const root = host.renderRoot;
    if (root instanceof ShadowRoot) root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#watched = null;
  }

  hostUpdated(): void {
    const grid = this.#host.renderRoot.querySelector('.tiles');
    if (grid && grid !== this.#watched) {
      this.#observer.disconnect();
      this.#observer.observe(grid);
    }
    this.#watched = grid;
    if (grid && !this.#isCounted) {
      this.#countColumns();
      this.#isCounted = true;
      // After this rendering, and before anything is painted.
      queueMicrotask(() => this.#host.requestUpdate());
    }
    for (const tile of this.#tiles) {
      for (const inside of tile.querySelectorAll<HTMLElement>('button, a')) {
        if (inside.tabIndex !== tile.tabIndex) inside.tabIndex = tile.tabIndex;
      }
    }
  }

  render(uploads: readonly UploadSnapshot[], context: ListContext, keptIndex: number | null = null): TemplateResult {
    this.#uploads = uploads;
    if (!uploads.some(({ id }) => id === this.#activeId)) this.#activeId = uploads[0]?.id ?? '';
    this.#window.kept = keptIndex === null ? null : Math.floor(keptIndex / this.#columns);
    const isShort = uploads.length <= SHORT;
    this.#rows = rowsOf(uploads, this.#columns, this.#rows);
    const { items, endGap } = this.#window.place(this.#rows, isShort);
    // There is also a tab stop while the active tile is scrolled out of sight.
    const isShown = items.some(({ item }) => item.uploads.some(({ id }) => id === this.#activeId));
    const stop = isShown ? this.#activeId : items[0]?.item.uploads[0]?.id;
    return html`${renderKeys(context.texts, 'grid')}<div class="scroller grid" part="scroller scroller-grid" @scroll=${context.onScroll} @focusin=${placeKeys}>
      <div
        class="list tiles ${isShort ? 'short' : ''}"
        part="list"
        role="grid"
        aria-label=${context.texts.text('listLabel')}
        aria-rowcount=${Math.ceil(uploads.length / this.#columns)}
        aria-colcount=${this.#columns}
        ${setStyle({ 'padding-block-end': endGap > 0 ? `${endGap}px` : null })}
        @click=${(event: MouseEvent) => {
          unfold(event);
          onRowClick(event, context);
        }}
        @keydown=${this.#onKey}
        @focusin=${this.#onFocus}
      >${
        this.#isCounted
          ? repeat(
              items,
              ({ item }) => item.id,
              (row) => this.#renderRow(row, stop, context),
            )
          : html`<div class="tile-line"></div>`
      }</div>
    </div>`;
  }

  #renderRow({ item, index, gap }: Placed<GridRow>, stop: string | undefined, context: ListContext): TemplateResult {
    return html`<div
      class="tile-line"
      role="row"
      data-line=${item.id}
      aria-rowindex=${index + 1}
      ${setStyle({ 'margin-block-start': gap > 0 ? `${gap}px` : null })}
    >${repeat(
      item.uploads,
      ({ id }) => id,
      (upload, column) => {
        const shown = context.watch.timely(upload, upload.id);
        return html`<div
          class="tile"
          part="tile tile-${upload.state}"
          role="gridcell"
          aria-keyshortcuts="Delete"
          tabindex=${upload.id === stop ? 0 : -1}
          data-id=${upload.id}
          data-index=${index * this.#columns + column}
        >${guard(inputsOf(upload, shown, context), () => renderTile(shown, context))}</div>`;
      },
    )}</div>`;
  }

  get #tiles(): NodeListOf<HTMLElement> {
    return this.#host.renderRoot.querySelectorAll<HTMLElement>('.tile');
  }

  #countColumns(): void {
    const line = this.#watched?.querySelector('.tile-line');
    // A line that is not shown has no columns.
    if (!line || line.clientWidth === 0) return;
    const columns = getComputedStyle(line).gridTemplateColumns.split(' ').length;
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#rows = [];
    if (this.#isCounted) this.#host.requestUpdate();
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const id = event.target instanceof Element ? event.target.closest<HTMLElement>('.tile')?.dataset.id : undefined;
    if (id === undefined || id === this.#activeId) return;
    this.#activeId = id;
    this.#host.requestUpdate();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('.tile') : null;
    if (!tile || event.altKey || event.metaKey) return;
    const target = this.#targetOf(event, Number(tile.dataset.index), tile.matches(':dir(rtl)') ? -1 : 1);
    if (event.key === 'Delete') tile.querySelector<HTMLElement>(LEAVING)?.click();
    else if (target === null) return;
    else void this.#moveTo(Math.max(0, Math.min(target, this.#uploads.length - 1)));
    event.preventDefault();
  };

  #targetOf({ key, ctrlKey }: KeyboardEvent, index: number, forward: 1 | -1): number | null {
    const columns = this.#columns;
    const start = index - (index % columns);
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: index + forward,
      ArrowLeft: index - forward,
      ArrowDown: index + columns,
      ArrowUp: index < columns ? index : index - columns,
      PageDown: index + columns * PAGE_ROWS,
      PageUp: index - columns * PAGE_ROWS,
      Home: ctrlKey ? 0 : start,
      End: ctrlKey ? this.#uploads.length - 1 : start + columns - 1,
    };
    return targets[key] ?? null;
  }

  async #moveTo(index: number): Promise<void> {
    this.#activeId = this.#uploads[index]?.id ?? '';
    this.#window.reveal(Math.floor(index / this.#columns));
    await this.#host.updateComplete;
    const tile = [...this.#tiles].find(({ dataset }) => dataset.id === this.#activeId);
    tile?.focus({ preventScroll: true });
    tile?.scrollIntoView({ block: 'nearest' });
  }
}
