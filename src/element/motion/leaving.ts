/**
 * Shows for a moment what is no longer rendered: removed rows, the larger zone, the bar that becomes the tick. The
 * layer takes no space, receives no clicks and is not read aloud.
 */

import type { RowSpot, Scene, Spot } from './scene.js';

/** More could not be told apart. */
const MAX_LEAVING = 12;

const NAMES = ['id', 'part', 'role', 'data-id', 'data-line', 'data-index', 'data-action'] as const;

/** Removes ids, names and roles, so that nothing refers to the copy. */
const disown = (element: HTMLElement): HTMLElement => {
  for (const part of [element, ...element.querySelectorAll('*')]) {
    for (const name of NAMES) part.removeAttribute(name);
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
      // Ends before the next row reaches this position.
      element.animate({ opacity: [1, 0, 0], transform: ['none', 'scale(0.96)'] }, this.#timing);
    }
  }

  /** Shrinks the box of the zone to the new height, above the list that has taken its place. */
  fold(before: Scene, after: Scene, zone: Spot): void {
    const height = after.zone?.box.height ?? after.frame?.box.height ?? 0;
    const end = Math.min(zone.box.bottom, after.frame?.box.top ?? zone.box.bottom);
    const box = new DOMRect(zone.box.left, zone.box.top, zone.box.width, end - zone.box.top);
    if (height >= box.height) return;
    const layer = this.#layer(after, zone, before.root);
    const element = document.createElement('div');
    element.className = before.zoneClass;
    put(element, { element, box }, zone.box);
    element.style.minHeight = '0';
    layer.append(element);
    element.animate({ opacity: [1, 0, 0], transform: ['none', `scaleY(${height / box.height})`] }, this.#timing);
  }

  /** Fills the bar and fades it out; the tick has its own animation. */
  complete({ element }: RowSpot, { progress }: RowSpot): void {
    if (!progress || progress.isConnected) return;
    const place = element.querySelector('.picture') ?? element;
    disown(progress).classList.remove('open');
    progress.classList.add('full');
    place.append(progress);
    progress.querySelector('span.confirmed')?.animate({ transform: 'none' }, this.#timing);
    this.#end(progress, progress.animate({ opacity: [1, 1, 0] }, this.#timing));
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
