/**
 * Animates what a rendering has moved from its former position to the new one. Only `transform` and `opacity` change
 * after the rendering, so that nothing shifts and no frame needs a layout. Rows of a windowed list are not animated,
 * because scrolling creates and removes them.
 */

import type { LitElement, ReactiveController } from 'lit';
import { EASE_OUT, Leaving } from './leaving.js';
import { look, type RowSpot, type Scene, type Spot } from './scene.js';

/** Maximum duration of a movement, in milliseconds. */
export const TIME_MS = 200;
/** Maximum delay between the first and the last of several new rows, in milliseconds. */
const STAGGER_MS = 60;
/** Shorter moves, in pixels, are not animated. */
const STILL = 0.5;
/** Longer moves, in heights of a row, are cut short; next to each other may be rows of different heights. */
const LONG = 1.5;

export const isMotionWanted = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Adds to a running movement, so that a new one neither jumps nor restarts. */
export const glide = (element: HTMLElement, x: number, y: number): void => {
  if (Math.abs(x) < STILL && Math.abs(y) < STILL) return;
  element.animate(
    { transform: [`translate(${x}px, ${y}px)`, 'translate(0, 0)'] },
    { duration: TIME_MS, easing: EASE_OUT, composite: 'add' },
  );
};

const appear = (element: HTMLElement): void => {
  element.animate({ opacity: [0, 1] }, { duration: TIME_MS, easing: EASE_OUT });
};

/** Opaque while rows cross, those on their way up above the others. */
const cover = (element: HTMLElement, isUp: boolean): void => {
  element.classList.add('passing');
  element.classList.toggle('up', isUp);
  const end = () => element.classList.remove('passing', 'up');
  const move = element.animate({}, { duration: TIME_MS });
  move.onfinish = end;
  move.oncancel = end;
};

/** Where more than a row lies between, it fades in from the next one, because others would show through it. */
const pass = ({ element, box }: Spot, x: number, y: number, isCrossing: boolean): void => {
  const rows = Math.abs(y) / box.height;
  if (isCrossing) cover(element, y > 0);
  const isLong = rows > LONG;
  glide(element, x, isLong ? y / rows : y);
  if (isLong) appear(element);
};

/** `delay` and movement together keep the maximum duration. */
const enter = (element: HTMLElement, delay = 0): void => {
  element.animate(
    { opacity: [0, 1], transform: ['translateY(10px)', 'none'] },
    { duration: TIME_MS - delay, delay, easing: EASE_OUT, fill: 'backwards' },
  );
};

/** The distance back to the former position, each measured from its container. */
const moveOf = (before: Spot, after: Spot, from: Spot, to: Spot): [x: number, y: number] => [
  before.box.left - from.box.left - after.box.left + to.box.left,
  before.box.top - from.box.top - after.box.top + to.box.top,
];

/** Whether rows that stay are in another order. */
const haveCrossed = (before: ReadonlyMap<string, RowSpot>, after: ReadonlyMap<string, RowSpot>): boolean => {
  const stay = [...before.keys()].filter((id) => after.has(id));
  return [...after.keys()].filter((id) => before.has(id)).some((id, index) => id !== stay[index]);
};

export class Motion implements ReactiveController {
  readonly #host: LitElement;
  readonly #leaving = new Leaving(TIME_MS);
  #before: Scene | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#before = this.#host.hasUpdated && isMotionWanted() ? look(this.#host.renderRoot) : null;
  }

  hostUpdated(): void {
    const before = this.#before;
    const after = before && look(this.#host.renderRoot);
    this.#before = null;
    if (!before || !after) return;
    this.#moveZone(before, after);
    this.#moveBlocks(before, after);
    this.#moveRows(before, after);
    this.#celebrate(before, after);
  }

  /** Only where the line said something else before: files that the page has stored are no news. */
  #celebrate(before: Scene, after: Scene): void {
    const { success } = after;
    const wasGoing = before.success === null && before.blocks.some(({ element }) => element === success);
    if (success && wasGoing) this.#leaving.tint(success, 0.22, true);
  }

  /** Moves texts of the zone to their new positions; a smaller one fades in as a whole while the old one fades out. */
  #moveZone(before: Scene, after: Scene): void {
    if (before.zoneClass === after.zoneClass) return;
    const was = new Map(before.zoneParts.map((spot) => [spot.element, spot]));
    const isSmaller = (after.zone?.box.height ?? 0) < (before.zone?.box.height ?? 0);
    if (isSmaller && after.zone) appear(after.zone.element);
    for (const spot of isSmaller ? [] : after.zoneParts) {
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
      else if (spot.element.matches('.summary')) enter(spot.element);
      else if (spot.element.matches('.scroller')) appear(spot.element);
    }
  }

  #moveRows(before: Scene, after: Scene): void {
    const { frame } = after;
    if (!frame) return;
    const isSame = before.frame?.element === frame.element;
    const isCrossing = haveCrossed(before.rows, after.rows);
    const came: RowSpot[] = [];
    for (const [id, row] of after.rows) {
      const old = before.rows.get(id);
      if (!old) came.push(row);
      else if (isSame && before.frame) {
        const [x, y] = moveOf(old, row, before.frame, frame);
        pass(row, x, y, isCrossing);
      }
      if (old && row.isDone && !old.isDone) this.#leaving.complete(row, old);
    }
    came.forEach(({ element }, index) => {
      enter(element, (index / came.length) * STAGGER_MS);
    });
    // The rows of a list that has become long were not measured.
    if (!isSame || (after.rows.size === 0 && frame.element.querySelector('[data-id]'))) return;
    const gone = [...before.rows].filter(([id]) => !after.rows.has(id)).map(([, spot]) => spot);
    this.#leaving.fade(before, after, gone);
  }
}
