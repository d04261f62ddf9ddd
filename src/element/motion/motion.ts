/**
 * Animates what a rendering has moved from its former position to the new one. Only `transform`, `opacity` and, where
 * the zone grows, `clip-path` change after the rendering, so that nothing shifts and no frame needs a layout. Rows of a
 * windowed list are not animated, because scrolling creates and removes them.
 */

import type { LitElement, ReactiveController } from 'lit';
import { EASE_OUT, HANDOVER_MS, Leaving } from './leaving.js';
import { isSteady, look, type RowSpot, type Scene, type Spot } from './scene.js';

/** Maximum duration of a movement, in milliseconds. */
export const TIME_MS = 200;
/** Maximum delay between the first and the last of several new rows, in milliseconds. */
const STAGGER_MS = 60;
const EASE_SPRING = 'cubic-bezier(0.3, 1.5, 0.5, 1)';
/** Shorter moves, in pixels, are not animated. */
const STILL = 0.5;

export const isMotionWanted = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Ends at the maximum duration, however late it begins. */
const from = (delay: number): KeyframeAnimationOptions => ({
  duration: TIME_MS - delay,
  delay,
  easing: EASE_OUT,
  fill: 'backwards',
});

/** Adds to a running movement, so that a new one neither jumps nor restarts. */
export const glide = (element: HTMLElement, x: number, y: number, delay = 0): void => {
  if (Math.abs(x) < STILL && Math.abs(y) < STILL) return;
  element.animate(
    { transform: [`translate(${x}px, ${y}px)`, 'translate(0, 0)'] },
    { ...from(delay), composite: 'add' },
  );
};

const appear = (element: HTMLElement, delay: number): void => {
  element.animate({ opacity: [0, 1] }, from(delay));
};

/** The distance from which something new comes, in pixels. */
const ENTRY = 10;

const enter = (element: HTMLElement, delay: number, way = ENTRY): void => {
  element.animate({ opacity: [0, 1], transform: [`translateY(${way}px)`, 'none'] }, from(delay));
};

/** A tile is laid down where it belongs, a row comes from below; either goes a little too far and back. */
const spring = (element: HTMLElement, delay: number): void => {
  const start = element.matches('.tile') ? 'scale(0.88)' : 'translateY(16px)';
  element.animate({ opacity: [0, 1] }, from(delay));
  element.animate({ transform: [start, 'none'] }, { ...from(delay), easing: EASE_SPRING });
};

/** Keeps what comes from far below from making the page scroll. */
const clip = ({ element }: Spot): void => {
  element.classList.add('folding');
  const end = () => element.classList.remove('folding');
  const move = element.animate({}, { duration: TIME_MS });
  move.onfinish = end;
  move.oncancel = end;
};

/** Opaque while rows cross, the one that goes farthest above the others. */
const cover = (element: HTMLElement, isFarthest: boolean): void => {
  element.classList.add('passing');
  element.classList.toggle('far', isFarthest);
  const end = () => element.classList.remove('passing', 'far');
  const move = element.animate({}, { duration: TIME_MS });
  move.onfinish = end;
  move.oncancel = end;
};

/** Uncovers the zone as what is below glides away from it. */
const grow = ({ element, box }: Spot, height: number): void => {
  const round = `round ${getComputedStyle(element).borderRadius}`;
  element.animate({ clipPath: [`inset(0 0 ${box.height - height}px ${round})`, `inset(0 ${round})`] }, from(0));
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
    this.#before = null;
    if (!before || isSteady(before)) return;
    const after = look(this.#host.renderRoot);
    if (!after) return;
    this.#moveBlocks(before, after, this.#moveZone(before, after));
    this.#moveRows(before, after);
    this.#celebrate(before, after);
  }

  /** Only where the line said something else before: files that the page has stored are no news. */
  #celebrate(before: Scene, after: Scene): void {
    const { success } = after;
    const wasGoing = before.success === null && before.blocks.some(({ element }) => element === success);
    if (success && wasGoing) this.#leaving.sweep(success);
  }

  /** Answers how far the lower edge of a zone rises that becomes smaller; what is new below comes along with it. */
  #moveZone(before: Scene, after: Scene): number {
    if (before.zoneClass === after.zoneClass || !before.zone) return 0;
    const { height } = before.zone.box;
    // The line beside files stays where it is during a drag, and has other words.
    if (after.zone && Math.abs(after.zone.box.height - height) < STILL) return 0;
    if ((after.zone?.box.height ?? 0) < height) {
      if (after.zone) appear(after.zone.element, HANDOVER_MS);
      clip(after.root);
      return this.#leaving.fold(before, after, before.zone);
    }
    if (after.zone && after.zone.box.height > height) grow(after.zone, height);
    const was = new Map(before.zoneParts.map((spot) => [spot.element, spot]));
    for (const spot of after.zoneParts) {
      const old = was.get(spot.element);
      if (old) glide(spot.element, ...moveOf(old, spot, before.root, after.root));
      else enter(spot.element, HANDOVER_MS);
    }
    return 0;
  }

  #moveBlocks(before: Scene, after: Scene, rise: number): void {
    const was = new Map(before.blocks.map((spot) => [spot.element, spot]));
    for (const spot of after.blocks) {
      const old = was.get(spot.element);
      if (old) glide(spot.element, 0, moveOf(old, spot, before.root, after.root)[1]);
      else if (rise > 0) enter(spot.element, 0, rise);
      else if (spot.element.matches('.summary')) enter(spot.element, 0);
      else if (spot.element.matches('.scroller')) appear(spot.element, 0);
    }
  }

  #moveRows(before: Scene, after: Scene): void {
    const { frame } = after;
    if (!frame) return;
    const isSame = before.frame?.element === frame.element;
    // The rows of a list that has become long were not measured.
    const isMeasured = isSame && (after.rows.size > 0 || !frame.element.querySelector('[data-id]'));
    // A tile that changes lines is another element: it fades, because it would fly across others.
    const gone = isMeasured
      ? [...before.rows].filter(([id, { element }]) => after.rows.get(id)?.element !== element).map(([, spot]) => spot)
      : [];
    const delay = gone.length > 0 ? HANDOVER_MS : 0;
    const came: RowSpot[] = [];
    for (const [id, row] of after.rows) {
      const old = before.rows.get(id);
      if (old?.element !== row.element) came.push(row);
      if (old && row.isDone && !old.isDone) this.#leaving.complete(row, old);
    }
    if (isSame) this.#moveStaying(before, after, delay);
    came.forEach(({ element }, index) => {
      const hasHopped = before.rows.has(element.dataset.id ?? '');
      if (hasHopped) enter(element, delay + STAGGER_MS);
      else spring(element, delay + (index / came.length) * STAGGER_MS);
    });
    this.#leaving.fade(before, after, gone);
  }

  /** Rows that are still there, each from where it was. */
  #moveStaying(before: Scene, after: Scene, delay: number): void {
    const isCrossing = haveCrossed(before.rows, after.rows);
    const moves = [...after.rows].flatMap(([id, row]) => {
      const old = before.rows.get(id);
      if (old?.element !== row.element || !before.frame || !after.frame) return [];
      const [x, y] = moveOf(old, row, before.frame, after.frame);
      const way = Math.hypot(x, y);
      return way < STILL ? [] : [{ element: row.element, x, y, way, start: old.box.top }];
    });
    if (!isCrossing) {
      for (const { element, x, y } of moves) glide(element, x, y, delay);
      return;
    }
    // From the one that goes farthest to the last one that it passes: each makes room when it comes.
    const [farthest, ...others] = moves.toSorted((one, other) => other.way - one.way);
    const start = farthest?.start ?? 0;
    others.sort((one, other) => Math.abs(one.start - start) - Math.abs(other.start - start));
    [farthest, ...others].forEach((move, index) => {
      if (!move) return;
      cover(move.element, index === 0);
      const turn = Math.max(0, index - 1) / Math.max(1, others.length - 1);
      glide(move.element, move.x, move.y, turn * STAGGER_MS);
    });
  }
}
