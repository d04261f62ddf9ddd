/**
 * Shows for a moment what is no longer rendered: removed rows, the larger zone, the bar or ring of what was stored,
 * and the tint of what was stored. It takes no space, receives no clicks and is not read aloud.
 */

import { type RowSpot, type Scene, type Spot, ZONE_PARTS } from './scene.js';

export const EASE_OUT = 'cubic-bezier(0.2, 0.7, 0.2, 1)';
/** More could not be told apart. */
const MAX_LEAVING = 12;
/** Time in which removed rows and the words of the larger zone have faded, before others take their place, in ms. */
export const HANDOVER_MS = 60;
/** Time in which the tint over all files settles, in milliseconds; nothing moves meanwhile. */
const SETTLE_MS = 1_000;
/** Size of a tile's tick in its progress, which has the same corner. */
const TICK_SCALE = 0.6;

const NAMES = ['id', 'part', 'role', 'data-id', 'data-line', 'data-index', 'data-action'] as const;
/** The zone keeps the parts by which the page styles it. */
const ZONE_NAMES = NAMES.filter((name) => name !== 'part');

/** Removes ids, names and roles, so that nothing refers to the copy. */
const disown = (element: HTMLElement, names: readonly string[] = NAMES): HTMLElement => {
  for (const part of [element, ...element.querySelectorAll('*')]) {
    for (const name of names) part.removeAttribute(name);
  }
  element.inert = true;
  element.ariaHidden = 'true';
  return element;
};

/** A copy of the content of a row that is not a list item. */
const emptied = ({ className, childNodes }: HTMLElement): HTMLElement => {
  const box = document.createElement('div');
  box.className = className;
  box.append(...childNodes);
  return disown(box);
};

const put = (element: HTMLElement, { box }: Spot, origin: DOMRect): void => {
  const { style } = element;
  style.position = 'absolute';
  style.margin = '0';
  style.left = `${box.left - origin.left}px`;
  style.top = `${box.top - origin.top}px`;
  style.width = `${box.width}px`;
  style.height = `${box.height}px`;
};

/** Shows a part of the content, from the top and as high as is said. */
const slice = (content: HTMLElement, top: number, height: number): HTMLElement => {
  const box = document.createElement('div');
  box.style.cssText = `position: absolute; inset: ${top}px 0 auto; height: ${height}px; overflow: clip`;
  box.append(content);
  return box;
};

export class Leaving {
  readonly #duration: number;

  constructor(duration: number) {
    this.#duration = duration;
  }

  /** Fades out removed rows at their positions in the list. */
  fade(before: Scene, after: Scene, gone: readonly Spot[]): void {
    const { frame } = before;
    const seen = gone.filter(({ box }) => frame && box.bottom > frame.box.top && box.top < frame.box.bottom);
    if (!frame || seen.length === 0) return;
    const layer = this.#layer(after, frame, before.root);
    for (const spot of seen.slice(0, MAX_LEAVING)) {
      const element = emptied(spot.element);
      put(element, spot, frame.box);
      layer.append(element);
      this.#fadeOut(element);
    }
  }

  /**
   * Shrinks the larger zone to the height of what takes its place, and answers how far its lower edge rises. The upper
   * slice keeps its place while it is cut from below, and the lower slice brings the border and the corners along.
   */
  fold(before: Scene, after: Scene, zone: Spot): number {
    const layer = this.#layer(after, zone, before.root);
    const start = Math.min(zone.box.height, after.root.box.bottom - zone.box.top);
    const end = after.zone?.box.height ?? after.frame?.box.height ?? 0;
    const way = Math.max(0, start - end);
    const copy = disown(before.zoneCopy ?? document.createElement('div'), ZONE_NAMES);
    copy.className = before.zoneClass;
    put(copy, zone, zone.box);
    copy.style.minHeight = '0';
    const bare = copy.cloneNode() as HTMLElement;
    const edge = Math.min(end, Number.parseFloat(getComputedStyle(zone.element).borderBottomLeftRadius) + 2);
    const upper = slice(copy, 0, start - edge);
    const lower = slice(bare, start - edge, edge);
    bare.style.height = `${start}px`;
    bare.style.top = `${edge - start}px`;
    layer.append(upper, lower);
    // What takes its place has the same frame, and words of its own.
    layer.animate({ opacity: [1, 1, 0], offset: [0, 0.3, 1] }, { ...this.#rise, easing: 'linear' });
    for (const part of [upper, lower]) part.animate({ transform: ['none', `translateY(${-way}px)`] }, this.#rise);
    copy.animate({ transform: ['none', `translateY(${way}px)`] }, this.#rise);
    for (const words of copy.querySelectorAll(ZONE_PARTS)) {
      const leave = { opacity: [1, 0], transform: ['none', `translateY(${-way / 2}px)`] };
      words.animate(leave, { duration: HANDOVER_MS, easing: 'ease-in', fill: 'forwards' });
    }
    return way;
  }

  /** Gone before anything else is at this position. */
  #fadeOut(element: HTMLElement): void {
    element.animate({ opacity: [1, 0] }, { duration: HANDOVER_MS, easing: 'linear', fill: 'forwards' });
  }

  /** The bar fills, and fades while the tick is drawn; a ring closes around its tick. */
  complete(row: RowSpot, { progress }: RowSpot): void {
    if (!progress || progress.isConnected) return;
    const picture = row.element.querySelector<HTMLElement>('.picture');
    const place = picture ?? row.element;
    disown(progress).classList.remove('open', 'waiting', 'paused');
    progress.classList.add('full');
    place.append(progress);
    const line = { transform: ['none', 'none'], offset: [0.5, 1] };
    progress.querySelector('span.confirmed')?.animate(line, { ...this.#timing, easing: 'linear' });
    if (picture) progress.animate({ transform: ['none', 'none', `scale(${TICK_SCALE})`] }, this.#timing);
    this.#end(progress, progress.animate({ opacity: [1, 1, 0] }, this.#timing));
    const tint = this.#tint(place);
    this.#end(tint, tint.animate({ opacity: [picture ? 0.3 : 0.12, 0] }, this.#timing));
  }

  /** The colour of success comes over the line about all files from its start, and settles. */
  sweep(line: HTMLElement): void {
    const tint = this.#tint(line);
    tint.animate({ transform: ['scaleX(0)', 'none'] }, this.#timing);
    this.#end(tint, tint.animate({ opacity: [0.22, 0.22, 0] }, { duration: SETTLE_MS, easing: 'ease-out' }));
  }

  #tint(place: HTMLElement): HTMLElement {
    const element = document.createElement('span');
    element.className = 'tint';
    element.ariaHidden = 'true';
    place.append(element);
    return element;
  }

  get #rise(): KeyframeAnimationOptions {
    return { duration: this.#duration, easing: EASE_OUT, fill: 'forwards' };
  }

  get #timing(): KeyframeAnimationOptions {
    return { duration: this.#duration, easing: 'ease-out', fill: 'forwards' };
  }

  /** As large as its content, but within the element, so that the page does not scroll. */
  #layer({ root }: Scene, { box }: Spot, { box: origin }: Spot): HTMLElement {
    const layer = document.createElement('div');
    layer.className = 'leaving';
    layer.ariaHidden = 'true';
    layer.inert = true;
    put(layer, { element: layer, box }, origin);
    layer.style.maxHeight = `${Math.max(0, root.box.height - box.top + origin.top)}px`;
    root.element.append(layer);
    this.#end(layer, layer.animate({}, { duration: this.#duration }));
    return layer;
  }

  #end(element: HTMLElement, animation: Animation): void {
    animation.onfinish = () => element.remove();
    animation.oncancel = () => element.remove();
  }
}
