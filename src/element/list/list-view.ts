/** Renders what is below the drop zone: summary, filter, and rows or tiles. */

import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { needsSummary, renderSummary, type SummaryContext } from '../status/summary.js';
import { applyFilter, type Filter, filterInForce, MANY, renderFilter } from './list-filter.js';
import { ListWindow } from './list-window.js';
import { NameCutter } from './name-cutter.js';
import type { UploadGrid } from './upload-grid.js';
import { type ListContext, renderList } from './upload-list.js';

/** The context of the summary and of all rows. */
export interface ViewContext
  extends Omit<ListContext, 'total' | 'onScroll' | 'nextId' | 'autoStart'>,
    Omit<SummaryContext, 'clearable' | 'onAction'> {
  readonly uploads: readonly UploadSnapshot[];
  readonly view: 'list' | 'grid' | 'auto';
  readonly onAll: SummaryContext['onAction'];
}

/** True when at least half of the files are pictures. */
const isGrid = ({ view, uploads }: ViewContext): boolean =>
  view === 'grid' ||
  (view === 'auto' && uploads.filter(({ type }) => type.startsWith('image/')).length * 2 >= uploads.length);

/** In a list longer than the screen, failed files and those that need the user come first, then running ones. */
const rankOf = ({ state, reason }: UploadSnapshot): number => {
  if (state === 'failed' || (state === 'paused' && reason !== 'user')) return 0;
  return state === 'queued' || state === 'done' || state === 'canceled' || state === 'paused' ? 2 : 1;
};

const newsFirst = (uploads: readonly UploadSnapshot[]): readonly UploadSnapshot[] => {
  if (uploads.length <= MANY) return uploads;
  const ranked: [UploadSnapshot[], UploadSnapshot[], UploadSnapshot[]] = [[], [], []];
  for (const upload of uploads) ranked[rankOf(upload)]?.push(upload);
  return ranked.flat();
};

export class ListView {
  readonly #host: LitElement;
  readonly #window: ListWindow;
  #filter: Filter = 'all';
  /** Undefined until the grid's code is loaded, and null where loading failed, which shows rows instead. */
  #grid: UploadGrid | null | undefined;
  #loading: Promise<void> | null = null;
  #shown: UploadGrid | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    this.#window = new ListWindow(host);
    new NameCutter(host);
  }

  render(context: ViewContext): TemplateResult {
    const { progress, watch, inForm, onAll, hasRows } = context;
    const summary = { ...context, progress: watch.timely(progress), clearable: !inForm, onAction: onAll };
    return html`
      ${needsSummary(summary) ? renderSummary(summary) : nothing} ${hasRows ? this.#renderRows(context) : nothing}
    `;
  }

  #renderRows(context: ViewContext): TemplateResult | typeof nothing {
    const { uploads, progress, texts, counts, startable } = context;
    const filter = filterInForce(this.#filter, progress);
    const shown = newsFirst(applyFilter(filter, uploads));
    const choose = (chosen: Filter) => {
      this.#filter = chosen;
      this.#host.requestUpdate();
    };
    const list: ListContext = {
      ...context,
      autoStart: !startable,
      nextId: counts.nextId,
      total: shown.length,
      onScroll: this.#window.follow,
    };
    const grid = isGrid(context) ? this.#readyGrid() : null;
    // Showing rows first would make the layout jump.
    if (grid === undefined) return nothing;
    if (grid !== this.#shown) this.#window.reset();
    this.#shown = grid;
    return html`
      ${filter === null ? nothing : renderFilter(filter, progress, texts, choose)}
      ${grid ? grid.render(shown, list) : renderList(this.#window.place(shown), list)}
    `;
  }

  #readyGrid(): UploadGrid | null | undefined {
    this.#loading ??= import('./upload-grid.js').then(
      ({ UploadGrid }) => {
        this.#grid = new UploadGrid(this.#host, this.#window);
        this.#host.requestUpdate();
      },
      () => {
        this.#grid = null;
        this.#host.requestUpdate();
      },
    );
    return this.#grid;
  }
}
