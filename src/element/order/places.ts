/** Where rows and tiles are in their list: as they are laid out, without what moves them. */

import type { ListWindow } from '../list/list-window.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Place extends Box {
  readonly id: string;
  readonly element: HTMLElement;
}

/** The first and the last index that a file can be moved to. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** From the box in which the list stands. Whether a line of tiles is a box of its own differs between browsers. */
const offsetOf = (element: HTMLElement, end: Element | null): Point => {
  let [x, y] = [0, 0];
  for (let node: Element | null = element; node instanceof HTMLElement && node !== end; node = node.offsetParent) {
    x += node.offsetLeft;
    y += node.offsetTop;
  }
  return { x, y };
};

export class Places {
  readonly list: HTMLElement;
  readonly #window: ListWindow;
  readonly #places = new Map<number, Place>();

  constructor(list: HTMLElement, window: ListWindow) {
    this.list = list;
    this.#window = window;
    const end = list.offsetParent;
    const origin = offsetOf(list, end);
    for (const element of list.querySelectorAll<HTMLElement>('[data-id]')) {
      const { x, y } = offsetOf(element, end);
      const { offsetWidth: width, offsetHeight: height, dataset } = element;
      const box = { left: x - origin.x, top: y - origin.y, width, height };
      this.#places.set(Number(dataset.index), { ...box, id: dataset.id ?? '', element });
    }
  }

  /** The rendered places by index. */
  [Symbol.iterator](): Iterator<[number, Place]> {
    return this.#places.entries();
  }

  get isGrid(): boolean {
    return this.list.matches('.tiles');
  }

  /** How many stand side by side. */
  get columns(): number {
    return this.isGrid ? Number(this.list.ariaColCount ?? 1) : 1;
  }

  at(index: number): Place | undefined {
    return this.#places.get(index);
  }

  /** Also of a place that is not rendered, which is near enough to scroll there. */
  boxAt(index: number, like: Box): Box {
    const place = this.at(index);
    if (place !== undefined) return place;
    const { columns } = this;
    const beside = [...this.#places].find(([other]) => other % columns === index % columns)?.[1] ?? like;
    return { ...like, left: beside.left, top: this.#window.topOf(Math.floor(index / columns)) };
  }

  /** Where the lifted file goes when it is at this place: in a list the others close up behind it. */
  landing(from: number, to: number, lifted: Box): Box {
    const box = this.boxAt(to, lifted);
    if (this.isGrid || to <= from) return box;
    return { ...box, top: box.top + box.height - lifted.height };
  }

  /** The index over which the lifted file is, whose top left corner is at `corner`. */
  over(from: number, lifted: Box, corner: Point, range: Range): number {
    return this.isGrid ? this.#nearest(from, lifted, corner, range) : this.#passed(from, lifted, corner, range);
  }

  /** Where the file at `index` goes while another one is lifted; null for one whose new place is not rendered. */
  shifted(index: number, from: number, to: number, lifted: Box): Point | null {
    const step = index > from && index <= to ? -1 : index < from && index >= to ? 1 : 0;
    if (step === 0) return { x: 0, y: 0 };
    if (!this.isGrid) return { x: 0, y: step * lifted.height };
    const [own, next] = [this.at(index), this.at(index + step)];
    return own && next ? { x: next.left - own.left, y: next.top - own.top } : null;
  }

  /** A row takes the place of those whose middle its edge has passed. */
  #passed(from: number, { height }: Box, { y }: Point, { first, last }: Range): number {
    let to = from;
    for (const [index, place] of this.#places) {
      const middle = place.top + place.height / 2;
      if (index > from && index <= last && y + height > middle) to = Math.max(to, index);
      if (index < from && index >= first && y < middle) to = Math.min(to, index);
    }
    return to;
  }

  #nearest(from: number, { width, height }: Box, { x, y }: Point, { first, last }: Range): number {
    let [to, least] = [from, Number.POSITIVE_INFINITY];
    for (const [index, place] of this.#places) {
      if (index < first || index > last) continue;
      const distance = Math.hypot(
        place.left + place.width / 2 - x - width / 2,
        place.top + place.height / 2 - y - height / 2,
      );
      if (distance < least) [to, least] = [index, distance];
    }
    return to;
  }
}
