/** Renders what is below the drop zone: summary, filter, and rows or tiles. */

import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { movableIn, newsFirst, type RankOf, type RowOrder, rankFor } from '../order/movable.js';
import type { Order, OrderContext } from '../order/order.js';
import { SteadyRanks } from '../order/steady-ranks.js';
import { needsSummary, renderSummary, type SummaryContext } from '../status/summary.js';
import { applyFilter, type Filter, filterInForce, renderFilter } from './list-filter.js';
import { ListWindow, SHORT } from './list-window.js';
import { NameCutter } from './name-cutter.js';
import type { UploadGrid } from './upload-grid.js';
import { type ListContext, renderList } from './upload-list.js';
import type { RowAction } from './upload-row.js';

/** The context of the summary and of all rows. */
export interface ViewContext
  extends Omit<
      ListContext,
      'total' | 'reveal' | 'onScroll' | 'nextId' | 'autoStart' | 'isOfflineTold' | 'order' | 'onAction'
    >,
    Omit<OrderContext, 'rank'>,
    Omit<SummaryContext, 'clearable' | 'onAction'> {
  readonly uploads: readonly UploadSnapshot[];
  readonly view: 'list' | 'grid' | 'auto';
  readonly onAll: SummaryContext['onAction'];
  readonly onAction: (action: Exclude<RowAction, 'move'>, id: string) => void;
}

/** True when at least half of the files are pictures. */
const isGrid = ({ view, uploads }: ViewContext): boolean =>
  view === 'grid' ||
  (view === 'auto' && uploads.filter(({ type }) => type.startsWith('image/')).length * 2 >= uploads.length);

export class ListView {
  readonly #host: LitElement;
  readonly #window: ListWindow;
  readonly #ranks = new SteadyRanks();
  #filter: Filter = 'all';
  /** Undefined until the grid's code is loaded, and null where loading failed, which shows rows instead. */
  #grid: UploadGrid | null | undefined;
  #loading: Promise<void> | null = null;
  /** Null until its code is loaded, when there is first something to order. */
  #order: Order | null = null;
  #isOrderAsked = false;
  #shown: UploadGrid | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    this.#window = new ListWindow(host);
    new NameCutter(host);
  }

  /** Loads the code of tiles before there are files, so that those take the place of the large zone at once. */
  prepare(view: ViewContext['view']): void {
    if (view !== 'list') this.#readyGrid();
  }

  render(context: ViewContext): TemplateResult {
    const { progress, watch, inForm, onAll, hasRows } = context;
    const summary = { ...context, progress: watch.timely(progress), clearable: !inForm, onAction: onAll };
    const isSummed = needsSummary(summary);
    return html`
      ${isSummed ? renderSummary(summary) : nothing} ${hasRows ? this.#renderRows(context, isSummed) : nothing}
    `;
  }

  #renderRows(context: ViewContext, isSummed: boolean): TemplateResult | typeof nothing {
    const { uploads, progress, texts, counts, startable } = context;
    const filter = filterInForce(this.#filter, progress);
    const filtered = applyFilter(filter, uploads);
    const isLong = filtered.length > SHORT;
    const rank = isLong ? this.#ranks.of(uploads, this.#window.isScrolled, context.now) : rankFor(filtered);
    const found = isLong ? this.#ranks.arrange(filtered) : newsFirst(filtered, rank);
    const shown = this.#order?.hold(found, { ...context, rank }) ?? found;
    const choose = (chosen: Filter) => {
      this.#filter = chosen;
      this.#host.requestUpdate();
    };
    const list: ListContext = {
      ...context,
      autoStart: !startable,
      isOfflineTold: isSummed && context.failures.isOffline,
      nextId: counts.nextId,
      total: shown.length,
      reveal: (index) => this.#reveal(index),
      onScroll: this.#window.follow,
      order: this.#orderOf(shown, context, rank),
      onAction: (action, id) => (action === 'move' ? this.#order?.toggle(id) : context.onAction(action, id)),
    };
    const grid = isGrid(context) ? this.#readyGrid() : null;
    // Showing rows first would make the layout jump.
    if (grid === undefined) return nothing;
    if (grid !== this.#shown) this.#window.reset(grid?.lineHeight);
    this.#shown = grid;
    const kept = this.#order?.keptIndex ?? null;
    this.#window.kept = kept;
    return html`
      ${filter === null ? nothing : renderFilter(filter, progress, texts, choose)}
      ${grid ? grid.render(shown, list, kept) : renderList(this.#window.place(shown, shown.length <= SHORT), list)}
    `;
  }

  #reveal(index: number): Promise<boolean> {
    this.#window.reveal(index);
    return this.#host.updateComplete;
  }

  #orderOf(shown: readonly UploadSnapshot[], context: ViewContext, rank: RankOf): RowOrder | null {
    const isMovable = context.disabled || context.isField ? null : movableIn(shown, { ...context, rank });
    if (isMovable && !this.#isOrderAsked) void this.#loadOrder();
    return isMovable && this.#order && { isMovable, liftedId: this.#order.liftedId };
  }

  /** Without its code there are no handles; the next rendering tries again. */
  async #loadOrder(): Promise<void> {
    this.#isOrderAsked = true;
    try {
      const { Order } = await import('../order/order.js');
      this.#order = new Order(this.#host, this.#window);
      this.#host.requestUpdate();
    } catch {
      this.#isOrderAsked = false;
    }
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
