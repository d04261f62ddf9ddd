/**
 * Limits the number of row elements, however long the list is: only rows in and near the visible area are rendered, and
 * empty space stands for the others. The row with the focus is always rendered, so that scrolling never loses the
 * focus. Heights are measured, because texts wrap and users enlarge them.
 */

import type { LitElement, ReactiveController } from 'lit';

/** Lists of at most so many files are rendered as a whole, which is never measured, and may be animated. */
export const SHORT = 40;
/** Height that is rendered of a longer list before the visible range is known, in pixels; the rest follows. */
const FIRST_HEIGHT = 480;
/** Maximum number of row elements, unless more rows are visible at once. */
const MAX_ROWS = 70;
/** Distance beyond the visible area that is also rendered, in pixels, as far as the maximum number of rows allows. */
const MARGIN = 400;
/** The list counts as scrolled when more of it than this is above the visible area, in pixels. */
const SCROLLED = 200;
/** Height of a row of the list before any was measured, in pixels. */
const ROW_HEIGHT = 64;

/** The content of one row. */
interface Item {
  readonly id: string;
}

/** A row to render, and the empty space before it for the rows left out. */
export interface Placed<T extends Item> {
  readonly item: T;
  /** Index in the whole list. */
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

/** While files are being sent there is a new list for each rendering, mostly of the same snapshots. */
const isSameOrder = (before: readonly Item[], now: readonly Item[]): boolean =>
  before.length === now.length && now.every((item, index) => item === before[index] || item.id === before[index]?.id);

const firstRange = (height: number): Range => ({ first: 0, end: Math.ceil(FIRST_HEIGHT / height) });

export class ListWindow implements ReactiveController {
  readonly #host: LitElement;
  readonly #heights = new Map<string, number>();
  #items: readonly Item[] = [];
  #isShort = true;
  /** A row that is rendered wherever it is, because it is about to receive the focus. */
  #revealed: number | null = null;
  /** A row that is rendered wherever it is, because it is being moved. */
  kept: number | null = null;
  /** The top edge of each row and the bottom edge of the last, in pixels; null when they have to be computed again. */
  #edges: Float64Array | null = null;
  #range = firstRange(ROW_HEIGHT);
  /**
   * Height of rows that were never rendered. Set once by the first rows measured, so that the scroll bar does not jump.
   */
  #guess = ROW_HEIGHT;
  #isGuessMeasured = false;
  /** Whether the empty space was computed with a guess that measuring has corrected. */
  #isGapStale = false;
  /** Pixels of the list above the visible area, when last determined. */
  #above = 0;
  #listeners: AbortController | null = null;
  #frame = 0;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#listeners = new AbortController();
    const options = { capture: true, passive: true, signal: this.#listeners.signal } as const;
    // In the capture phase, because an ancestor of the element may be the scrolling one.
    window.addEventListener('scroll', this.follow, options);
    window.addEventListener('resize', this.#remeasure, options);
  }

  hostDisconnected(): void {
    this.#listeners?.abort();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /**
   * Reads the last layout, so that one rendering serves both what has happened and where the list was scrolled to; not
   * the first one, which shall be quick.
   */
  hostUpdate(): void {
    if (this.#isShort || this.#revealed !== null || !this.#isGuessMeasured) return;
    this.#measure();
    this.#move();
  }

  hostUpdated(): void {
    this.follow();
  }

  /** Starts again at the top, with rows of another kind, which are about `height` pixels high. */
  reset(height = ROW_HEIGHT): void {
    this.#forget();
    this.#guess = height;
    this.#range = firstRange(height);
    this.#above = 0;
  }

  #forget(): void {
    this.#heights.clear();
    this.#edges = null;
    this.#isGuessMeasured = false;
  }

  /** After a change of the width, texts wrap elsewhere. */
  readonly #remeasure = (): void => {
    this.#forget();
    if (!this.#isShort) this.#host.requestUpdate();
  };

  /** Whether the first rows are out of sight. */
  get isScrolled(): boolean {
    return this.#above > SCROLLED;
  }

  /** Measures the rows and determines the visible range in the next frame, when the last layout can be read for free. */
  readonly follow = (): void => {
    if (this.#frame !== 0 || this.#isShort) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#measure();
      const wasScrolled = this.isScrolled;
      const isBack = () => wasScrolled && !this.isScrolled;
      if (this.#move() || isBack() || this.#isGapStale) this.#host.requestUpdate();
      this.#isGapStale = false;
    });
  };

  /** Renders the row at this index until it has the focus or the range changes. */
  reveal(index: number): void {
    this.#revealed = index;
    this.#host.requestUpdate();
  }

  /** The rows to render now. A short list is rendered as a whole. */
  place<T extends Item>(all: readonly T[], isShort: boolean): PlacedItems<T> {
    if (isShort || !isSameOrder(this.#items, all)) this.#edges = null;
    this.#items = all;
    this.#isShort = isShort;
    if (isShort) {
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

  /** The top edge of a row, rendered or not, in pixels. */
  topOf(index: number): number {
    return this.#heightOf(0, index);
  }

  #withFocus(all: readonly Item[]): Range[] {
    const end = Math.min(this.#range.end, all.length);
    const range = { first: Math.max(0, Math.min(this.#range.first, end - 1)), end };
    const id = this.#host.shadowRoot?.activeElement?.closest<HTMLElement>('[data-line]')?.dataset.line;
    const focused = id === undefined ? -1 : all.findIndex((item) => item.id === id);
    const single = [focused, this.#revealed ?? -1, this.kept ?? -1].filter((index) => index >= 0);
    return [range, ...single.map((first) => ({ first, end: first + 1 }))].sort((a, b) => a.first - b.first);
  }

  /** Computed again only when files come, go or move, or a height is not the expected one. */
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
      if ((this.#heights.get(id) ?? this.#guess) !== height) this.#edges = null;
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

  /** Whether the range of rendered rows has changed. */
  #move(): boolean {
    const list = this.#host.renderRoot.querySelector('.list');
    const port = list?.parentElement?.getBoundingClientRect();
    if (!list || !port) return false;
    const origin = list.getBoundingClientRect().top;
    const top = Math.max(port.top, 0) - origin;
    this.#above = top;
    const bottom = Math.min(port.bottom, window.innerHeight) - origin;
    // Half a margin at a time: rows are there before they are seen, few in one task, and not in every frame.
    const due = this.#rangeBetween(top - MARGIN / 2, bottom + MARGIN / 2);
    if (due.first >= this.#range.first && due.end <= this.#range.end) return false;
    const seen = this.#rangeBetween(top, bottom);
    const near = this.#rangeBetween(top - MARGIN, bottom + MARGIN);
    const spare = Math.max(0, MAX_ROWS - seen.end + seen.first) >> 1;
    const range = { first: Math.max(near.first, seen.first - spare), end: Math.min(near.end, seen.end + spare) };
    // The maximum number of rows may leave no more room.
    if (range.first === this.#range.first && range.end === this.#range.end) return false;
    this.#revealed = null;
    this.#range = range;
    return true;
  }

  #rangeBetween(top: number, bottom: number): Range {
    const { length } = this.#items;
    const first = Math.min(this.#rowsAbove(top), length - 1);
    return { first, end: Math.max(first, Math.min(this.#rowsAbove(bottom) + 1, length)) };
  }

  /** How many rows end above this position, by binary search. */
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
