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

interface Hint {
  readonly keys: readonly string[];
  readonly words: string;
}

/** "[a][b] words [c] more words", taken apart. */
const hintsIn = (text: string): Hint[] =>
  [...text.matchAll(/((?:\[[^\]]+\])+)([^[]*)/g)].map(([, keys = '', words = '']) => ({
    keys: keys.slice(1, -1).split(']['),
    words: words.replace(/[\s،]+$/, '').trim(),
  }));

const renderHints = (hints: readonly Hint[]): TemplateResult[] =>
  hints.map(
    ({ keys, words }) => html`<span class="hint-keys">${keys.map((key) => html`<kbd>${key}</kbd>`)} ${words}</span> `,
  );

/**
 * Tells those who use keys which there are, for a file, for its handle, and while it is lifted; styles show the hints of
 * what has the focus.
 */
export const renderKeys = (texts: Localizer, arrows: 'list' | 'grid'): TemplateResult => {
  const values = { arrows: arrows === 'list' ? '[↑][↓]' : '[←][↑][↓][→]' };
  const ofFile = hintsIn(texts.text('keys', values));
  const lifted = hintsIn(texts.text('keysLifted', values));
  const [others] = ofFile;
  const [move, drop] = lifted;
  // The key that drops a file also lifts it.
  const ofHandle = others && move && drop ? [others, { keys: drop.keys, words: move.words }] : [];
  return html`<div class="keys" part="keys" aria-hidden="true">
    <span class="of-file">${renderHints(ofFile)}</span>
    <span class="of-handle">${renderHints(ofHandle)}</span>
    <span class="of-lifted">${renderHints(lifted)}</span>
  </div>`;
};

/** The hints stand in place of the words of the drop area, which are for the mouse. */
export const placeKeys = ({ currentTarget }: FocusEvent): void => {
  const root = currentTarget instanceof Element ? currentTarget.closest('.root') : null;
  const keys = root?.querySelector<HTMLElement>('.keys');
  const label = root?.querySelector<HTMLElement>('.zone-label');
  if (!keys || !label) return;
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = label;
  keys.style.left = `${offsetLeft}px`;
  keys.style.top = `${offsetTop + offsetHeight / 2}px`;
  keys.style.width = `${offsetWidth}px`;
};
