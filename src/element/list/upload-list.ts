/** Renders the list of files. One listener serves all rows; a row is rendered again only when its inputs change. */

import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { setStyle } from '../set-style.js';
import { type KeyContext, onRowKey, placeKeys, renderKeys } from './list-keys.js';
import { type Placed, type PlacedItems, SHORT } from './list-window.js';
import { type RowAction, type RowContext, renderRow } from './upload-row.js';

export interface ListContext extends RowContext, KeyContext {
  readonly onAction: (action: RowAction, id: string) => void;
  readonly onScroll: () => void;
}

/** A row with a countdown is rendered each second, and one without movement once its speed is outdated. */
const secondsTo = ({ resumesAt }: UploadSnapshot, now: number): number =>
  resumesAt === null ? 0 : Math.ceil((resumesAt - now) / 1000);

/** Everything a row depends on: it is rendered again when one of these changes. */
export const inputsOf = (upload: UploadSnapshot, shown: UploadSnapshot, context: RowContext): unknown[] => {
  const { texts, now, disabled, autoStart, nextId, watch, inForm, isField, errorText, order, isOfflineTold } = context;
  const { id } = upload;
  return [
    ...[upload, texts, disabled, autoStart, inForm, isField, errorText, id === nextId, shown.bytesPerSecond],
    ...context.extras.inputs,
    context.stored,
    order?.isMovable(upload) ?? false,
    order?.liftedId === id,
    ...[
      watch.isBlind,
      watch.isOffline,
      isOfflineTold,
      watch.isFresh(id),
      watch.isServerTrouble(id),
      watch.isLasting(id),
      secondsTo(upload, now),
    ],
  ];
};

const renderItem = ({ item: upload, index, gap }: Placed<UploadSnapshot>, context: ListContext): TemplateResult => {
  const shown = context.watch.timely(upload, upload.id);
  return html`<li
    class="row"
    part="row row-${upload.state}"
    data-id=${upload.id}
    data-line=${upload.id}
    data-index=${index}
    aria-setsize=${context.total}
    aria-posinset=${index + 1}
    ${setStyle({ 'margin-block-start': gap > 0 ? `${gap}px` : null })}
  >${guard(inputsOf(upload, shown, context), () => renderRow(shown, context))}</li>`;
};

/** Runs the action of the button that was clicked for its file. */
export const onRowClick = ({ target }: MouseEvent, { onAction }: Pick<ListContext, 'onAction'>): void => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-action]') : null;
  const id = button?.closest<HTMLElement>('[data-id]')?.dataset.id;
  if (button && id !== undefined) onAction(button.dataset.action as RowAction, id);
};

export const renderList = ({ items, endGap }: PlacedItems<UploadSnapshot>, context: ListContext): TemplateResult => {
  const isShort = context.total <= SHORT;
  // Without an enabled button inside, the area itself must be focusable, so that a keyboard can scroll it.
  return html`${renderKeys(context.texts, 'list')}<div class="scroller" part="scroller scroller-list" tabindex=${context.disabled ? 0 : nothing} @scroll=${context.onScroll} @focusin=${placeKeys}>
    <ul
      class="list ${isShort ? 'short' : ''}"
      part="list"
      role="list"
      aria-label=${context.texts.text('listLabel')}
      ${setStyle({ 'padding-block-end': endGap > 0 ? `${endGap}px` : null })}
      @click=${(event: MouseEvent) => onRowClick(event, context)}
      @keydown=${(event: KeyboardEvent) => onRowKey(event, context)}
    >${repeat(
      items,
      ({ item }) => item.id,
      (item) => renderItem(item, context),
    )}</ul>
  </div>`;
};
