/** Limits a long list to unfinished, failed or stored files. */

import { html, nothing, type TemplateResult } from 'lit';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isTerminal } from '../../engine/upload/upload-state.js';
import type { StringKey } from '../../locales/table.js';
import type { Localizer } from '../language/localizer.js';

export type Filter = 'all' | 'unfinished' | 'failed' | 'done';

/** Shorter lists need no filter. */
export const MANY = 12;

const LABELS = {
  all: 'filterAll',
  unfinished: 'filterUnfinished',
  failed: 'filterFailed',
  done: 'filterDone',
} as const satisfies Record<Filter, StringKey>;

const FILTERS = Object.keys(LABELS) as Filter[];

const countOf = (filter: Filter, { total, pending, failed, done }: AggregateProgress): number =>
  ({ all: total, unfinished: pending, failed, done })[filter];

/** The current filter; null where none is shown, because the list is short or all files are in the same state. */
export const filterInForce = (chosen: Filter, progress: AggregateProgress): Filter | null => {
  const groups = FILTERS.filter((filter) => filter !== 'all' && countOf(filter, progress) > 0);
  if (progress.total <= MANY || groups.length < 2) return null;
  return countOf(chosen, progress) > 0 ? chosen : 'all';
};

const passes = (filter: Filter, { state }: UploadSnapshot): boolean =>
  filter === 'unfinished' ? !isTerminal(state) : state === filter;

export const applyFilter = (filter: Filter | null, uploads: readonly UploadSnapshot[]): readonly UploadSnapshot[] =>
  filter === null || filter === 'all' ? uploads : uploads.filter((upload) => passes(filter, upload));

export const renderFilter = (
  filter: Filter,
  progress: AggregateProgress,
  texts: Localizer,
  onChoose: (filter: Filter) => void,
): TemplateResult =>
  html`<div class="filters" part="filters" role="group" aria-label=${texts.text('filterLabel')}>${FILTERS.map(
    (name) => {
      const count = countOf(name, progress);
      const isPressed = name === filter;
      return count === 0
        ? nothing
        : html`<button
          type="button"
          class="filter"
          part="filter ${isPressed ? 'filter-pressed' : ''}"
          aria-pressed=${isPressed}
          @click=${() => onChoose(name)}
        >${texts.text(LABELS[name], { count })}</button>`;
    },
  )}</div>`;
