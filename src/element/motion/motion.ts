/**
 * Lets what a rendering has moved glide from where it was to where it is. A rendering lays out the page once, as ever:
 * only `transform` and `opacity` change after it, so that nothing shifts, and no frame costs a layout. Rows of a list
 * that is windowed do not move, because they come and go with each scroll.
 */

import type { LitElement, ReactiveController } from 'lit';
import { Leaving } from './leaving.js';
import { look, type RowSpot, type Scene, type Spot } from './scene.js';

/** Nothing takes longer to move, in milliseconds. */
const TIME_MS = 200;
/** Rows that come together follow each other within this time, in milliseconds. */
const STAGGER_MS = 60;
const EASE_OUT = 'cubic-bezier(0.2, 0.7, 0.2, 1)';
/** Pixels, below which a move is none. */
const STILL = 0.5;

const isWanted = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Adds up with a move that still goes on, so that a new one neither jumps nor begins anew. */
const glide = (element: HTMLElement, x: number, y: number): void => {
  if (Math.abs(x) < STILL && Math.abs(y) < STILL) return;
  element.animate(
    { transform: [`translate(${x}px, ${y}px)`, 'translate(0, 0)'] },
    { duration: TIME_MS, easing: EASE_OUT, composite: 'add' },
  );
};

/** All `delay` and movement together end in time. */
const enter = (element: HTMLElement, delay = 0): void => {
  element.animate(
    { opacity: [0, 1], transform: ['translateY(10px)', 'none'] },
    { duration: TIME_MS - delay, delay, easing: EASE_OUT, fill: 'backwards' },
  );
};

/** How far it has to go back to be where it was, each measured from what contains it. */
const moveOf = (before: Spot, after: Spot, from: Spot, to: Spot): [x: number, y: number] => [
  before.box.left - from.box.left - after.box.left + to.box.left,
  before.box.top - from.box.top - after.box.top + to.box.top,
];

export class Motion implements ReactiveController {
  readonly #host: LitElement;
  readonly #leaving = new Leaving(TIME_MS);
  #before: Scene | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#before = this.#host.hasUpdated && isWanted() ? look(this.#host.renderRoot) : null;
  }

  hostUpdated(): void {
    const before = this.#before;
    const after = before && look(this.#host.renderRoot);
    this.#before = null;
    if (!before || !after) return;
    this.#moveZone(before, after);
    this.#moveBlocks(before, after);
    this.#moveRows(before, after);
  }

  /** It folds into the smaller one, and its words go to their new places. */
  #moveZone(before: Scene, after: Scene): void {
    if (before.zoneClass === after.zoneClass) return;
    const was = new Map(before.zoneParts.map((spot) => [spot.element, spot]));
    for (const spot of after.zoneParts) {
      const old = was.get(spot.element);
      if (old) glide(spot.element, ...moveOf(old, spot, before.root, after.root));
      else enter(spot.element);
    }
    if (before.zone) this.#leaving.fold(before, after, before.zone);
  }

  #moveBlocks(before: Scene, after: Scene): void {
    const was = new Map(before.blocks.map((spot) => [spot.element, spot]));
    for (const spot of after.blocks) {
      const old = was.get(spot.element);
      if (old) glide(spot.element, 0, moveOf(old, spot, before.root, after.root)[1]);
      else if (spot.element.matches('.summary')) enter(spot.element, STAGGER_MS);
    }
  }

  #moveRows(before: Scene, after: Scene): void {
    const { frame } = after;
    if (!frame) return;
    const isSame = before.frame?.element === frame.element;
    const came: RowSpot[] = [];
    for (const [id, row] of after.rows) {
      const old = before.rows.get(id);
      if (!old) came.push(row);
      else if (isSame && before.frame) glide(row.element, ...moveOf(old, row, before.frame, frame));
      if (old && row.isDone && !old.isDone) this.#leaving.complete(row, old);
    }
    came.forEach(({ element }, index) => {
      enter(element, (index / came.length) * STAGGER_MS);
    });
    // Of a list that has become a long one nothing is known.
    if (!isSame || (after.rows.size === 0 && frame.element.querySelector('[data-id]'))) return;
    const gone = [...before.rows].filter(([id]) => !after.rows.has(id)).map(([, spot]) => spot);
    this.#leaving.fade(before, after, gone);
  }
}
