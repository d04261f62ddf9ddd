/**
 * Keeps the number of row elements small however long the list is: only the rows in and near the visible area exist, the
 * rest is empty space of their height. The row that holds the focus always exists, so that focus is never lost to
 * scrolling. Heights are measured, never assumed: texts wrap, and users enlarge them.
 */

import type { LitElement, ReactiveController } from 'lit';

/** Shorter lists are rendered whole and never measured. */
const SMALL = 40;
/** Rows of a longer list before it is known how many are visible. */
const FIRST_ROWS = 16;
/** Most row elements, unless more of them are visible at once. */
const MAX_ROWS = 70;
/** Distance beyond the visible area that is rendered as well, in pixels, as far as the most rows allow. */
const MARGIN = 400;
/** Height of a row before any was measured, in pixels. */
const FIRST_GUESS = 64;

/** What stands in one row. */
interface Item {
  readonly id: string;
}

/** A row to render, and the empty space before it that stands for the rows left out. */
export interface Placed<T extends Item> {
  readonly item: T;
  /** Place in the whole list, from 0. */
  readonly index: number;
  /** Pixels. */
  readonly gap: number;
}

export interface PlacedItems<T extends Item> {
  readonly items: readonly Placed<T>[];
  /** Empty space after the last row, in pixels. */
  readonly endGap: number;
}

interface Range {
  readonly first: number;
  readonly end: number;
}

export class ListWindow implements ReactiveController {
  readonly #host: LitElement;
  readonly #heights = new Map<string, number>();
  #items: readonly Item[] = [];
  /** A row that is rendered wherever it is, because it is about to get the focus. */
  #revealed: number | null = null;
  /** Where each row begins and the last one ends, in pixels from the top; null when that has to be added up anew. */
  #edges: Float64Array | null = null;
  #range: Range = { first: 0, end: FIRST_ROWS };
  /** Height of rows that were never rendered. Fixed by the first rows measured, so that the scroll bar does not dance. */
  #guess = FIRST_GUESS;
  #isGuessMeasured = false;
  /** The empty space was made with a guess that measuring has corrected. */
  #isGapStale = false;
  #listeners: AbortController | null = null;
  #frame = 0;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#listeners = new AbortController();
    const options = { capture: true, passive: true, signal: this.#listeners.signal } as const;
    // Captured, because an ancestor of the element may be what scrolls.
    window.addEventListener('scroll', this.follow, options);
    window.addEventListener('resize', this.#remeasure, options);
  }

  hostDisconnected(): void {
    this.#listeners?.abort();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  hostUpdated(): void {
    if (this.#items.length <= SMALL) return;
    this.#measure();
    this.follow();
  }

  /** Forgets all heights, because what stands in the rows is another thing. */
  reset(): void {
    this.#heights.clear();
    this.#edges = null;
    this.#isGuessMeasured = false;
  }

  /** Other widths wrap texts elsewhere. */
  readonly #remeasure = (): void => {
    this.reset();
    if (this.#items.length > SMALL) this.#host.requestUpdate();
  };

  /** Looks again, at the next frame, at what is visible. */
  readonly follow = (): void => {
    if (this.#frame !== 0 || this.#items.length <= SMALL) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#move() || this.#isGapStale) this.#host.requestUpdate();
      this.#isGapStale = false;
    });
  };

  /** Renders the row at this place, until it has the focus or the window moves. */
  reveal(index: number): void {
    this.#revealed = index;
    this.#host.requestUpdate();
  }

  /** The rows to render now. */
  place<T extends Item>(all: readonly T[]): PlacedItems<T> {
    this.#items = all;
    this.#edges = null;
    if (all.length <= SMALL) {
      this.#heights.clear();
      return { items: all.map((item, index) => ({ item, index, gap: 0 })), endGap: 0 };
    }
    const items: Placed<T>[] = [];
    let next = 0;
    const add = ({ first, end }: Range) => {
      for (let index = Math.max(first, next); index < end; index += 1) {
        const item = all[index];
        if (item) items.push({ item, index, gap: this.#heightOf(next, index) });
        next = index + 1;
      }
    };
    for (const range of this.#withFocus(all)) add(range);
    return { items, endGap: this.#heightOf(next, all.length) };
  }

  #withFocus(all: readonly Item[]): Range[] {
    const end = Math.min(this.#range.end, all.length);
    const range = { first: Math.max(0, Math.min(this.#range.first, end - 1)), end };
    const id = this.#host.shadowRoot?.activeElement?.closest<HTMLElement>('[data-line]')?.dataset.line;
    const focused = id === undefined ? -1 : all.findIndex((item) => item.id === id);
    const single = [focused, this.#revealed ?? -1].filter((index) => index >= 0);
    return [range, ...single.map((first) => ({ first, end: first + 1 }))].sort((a, b) => a.first - b.first);
  }

  /** Added up once for a rendering and the scrolling after it, however often they ask. */
  get #rowEdges(): Float64Array {
    if (this.#edges !== null) return this.#edges;
    const edges = new Float64Array(this.#items.length + 1);
    let edge = 0;
    this.#items.forEach(({ id }, index) => {
      edge += this.#heights.get(id) ?? this.#guess;
      edges[index + 1] = edge;
    });
    this.#edges = edges;
    return edges;
  }

  #heightOf(first: number, end: number): number {
    const edges = this.#rowEdges;
    return (edges[end] ?? 0) - (edges[first] ?? 0);
  }

  #measure(): void {
    let sum = 0;
    let count = 0;
    for (const row of this.#host.renderRoot.querySelectorAll<HTMLElement>('[data-line]')) {
      const height = row.offsetHeight;
      const id = row.dataset.line ?? '';
      if (this.#heights.get(id) !== height) this.#edges = null;
      this.#heights.set(id, height);
      sum += height;
      count += 1;
    }
    if (this.#isGuessMeasured || sum === 0) return;
    this.#isGuessMeasured = true;
    this.#isGapStale = Math.abs(this.#guess - sum / count) > 0.5;
    this.#guess = sum / count;
    this.#edges = null;
  }

  /** True when other rows than before have to be rendered. */
  #move(): boolean {
    const list = this.#host.renderRoot.querySelector('.list');
    const port = list?.parentElement?.getBoundingClientRect();
    if (!list || !port) return false;
    const origin = list.getBoundingClientRect().top;
    const top = Math.max(port.top, 0) - origin;
    const bottom = Math.min(port.bottom, window.innerHeight) - origin;
    const seen = this.#rangeBetween(top, bottom);
    // The margin is spent before rows change, else a slow scroll would render at every frame.
    if (seen.first >= this.#range.first && seen.end <= this.#range.end) return false;
    const near = this.#rangeBetween(top - MARGIN, bottom + MARGIN);
    const spare = Math.max(0, MAX_ROWS - seen.end + seen.first) >> 1;
    this.#revealed = null;
    this.#range = { first: Math.max(near.first, seen.first - spare), end: Math.min(near.end, seen.end + spare) };
    return true;
  }

  #rangeBetween(top: number, bottom: number): Range {
    const { length } = this.#items;
    const first = Math.min(this.#rowsAbove(top), length - 1);
    return { first, end: Math.max(first, Math.min(this.#rowsAbove(bottom) + 1, length)) };
  }

  /** How many rows end above this place: the edges rise, so halving finds it. */
  #rowsAbove(place: number): number {
    const edges = this.#rowEdges;
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle + 1] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
