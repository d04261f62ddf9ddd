/** The keys of the list: arrows, Home and End move the focus between rows, and Delete removes the file of the row. */

import { html, type TemplateResult } from 'lit';
import type { Localizer } from '../language/localizer.js';

export interface KeyContext {
  /** Number of uploads on the whole list. */
  readonly total: number;
  /** Renders the row of this index, wherever it is. */
  readonly reveal: (index: number) => Promise<unknown>;
}

/** Cancels or removes the file; both can be undone. */
const REMOVING = '[data-action=cancel], [data-action=remove]';

const targetOf = (key: string, index: number, total: number): number | null => {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    Home: 0,
    End: total - 1,
  };
  const to = targets[key];
  return to === undefined || to === index || to < 0 || to >= total ? null : to;
};

/** The same button of the other row, which has others in another state. */
const placeIn = (row: Element, action: string): HTMLElement | null =>
  row.querySelector<HTMLElement>(`[data-action="${action}"]`) ??
  row.querySelector<HTMLElement>('[data-action]:not(.grip)');

const moveTo = async (to: number, from: HTMLElement, { reveal }: KeyContext): Promise<void> => {
  const list = from.closest('.list');
  await reveal(to);
  const row = list?.querySelector(`[data-index="${to}"]`);
  if (!row) return;
  placeIn(row, from.dataset.action ?? '')?.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
};

/** Inputs that the page adds to a row keep their keys. */
export const onRowKey = (event: KeyboardEvent, context: KeyContext): void => {
  const { target, key } = event;
  const from = target instanceof Element ? target.closest<HTMLElement>('[data-action], a') : null;
  const row = from?.closest<HTMLElement>('[data-index]');
  if (!from || !row || event.altKey || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const to = targetOf(key, Number(row.dataset.index), context.total);
  if (to !== null) void moveTo(to, from, context);
  else if (key === 'Delete') row.querySelector<HTMLElement>(REMOVING)?.click();
  else return;
  event.preventDefault();
};

/** Tells those who use keys which there are; shown while one of the files has the focus. */
export const renderKeys = (texts: Localizer, arrows: 'list' | 'grid'): TemplateResult => {
  const text = texts.text('keys', { arrows: arrows === 'list' ? '[↑][↓]' : '[←][↑][↓][→]' });
  const pieces = text.split(/\[(.+?)\]/);
  return html`<div class="keys" part="keys" aria-hidden="true">${pieces.map((piece, index) =>
    index % 2 === 1 ? html`<kbd>${piece}</kbd>` : piece,
  )}</div>`;
};
