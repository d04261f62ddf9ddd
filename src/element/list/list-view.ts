/** What stands below the drop zone: summary, filter, and rows or tiles. */

import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { needsSummary, renderSummary, type SummaryContext } from '../status/summary.js';
import { applyFilter, type Filter, filterInForce, MANY, renderFilter } from './list-filter.js';
import { ListWindow } from './list-window.js';
import { NameCutter } from './name-cutter.js';
import { type ListContext, renderList } from './upload-list.js';

/** What is told of all uploads and of each. */
export interface ViewContext
  extends Omit<ListContext, 'total' | 'onScroll' | 'nextId' | 'autoStart'>,
    Omit<SummaryContext, 'clearable' | 'onAction'> {
  readonly uploads: readonly UploadSnapshot[];
  readonly view: 'list' | 'grid' | 'auto';
  readonly onAll: SummaryContext['onAction'];
}

/** In a list that does not fit on the screen, news come first: what failed or needs the user, then what moves. */
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

  #renderRows(context: ViewContext): TemplateResult {
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
    return html`
      ${filter === null ? nothing : renderFilter(filter, progress, texts, choose)}
      ${renderList(this.#window.place(shown), list)}
    `;
  }
}
