/**
 * Marks names that do not fit, so that styles can show their ending and cut the middle. The text stays complete for
 * search, selection and assistive technology.
 */

import type { LitElement, ReactiveController } from 'lit';

const cut = (frame: Element): void => {
  const file = frame.querySelector('.file');
  const whole = file?.firstElementChild;
  if (!(file instanceof HTMLElement) || !whole) return;
  const isCut = whole.scrollWidth > file.clientWidth;
  file.classList.toggle('cut', isCut);
  // A title that repeats the visible text would be spoken twice.
  file.title = isCut ? (whole.textContent ?? '') : '';
};

export class NameCutter implements ReactiveController {
  readonly #host: LitElement;
  #observed = new WeakSet<Element>();
  /** Reports sizes after layout, when reading them is free. The width of a frame does not depend on its text. */
  #observer: ResizeObserver | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observed = new WeakSet();
  }

  hostUpdated(): void {
    this.#observer ??= new ResizeObserver((entries) => {
      for (const { target } of entries) cut(target);
    });
    for (const frame of this.#host.renderRoot.querySelectorAll('.name')) {
      if (this.#observed.has(frame)) continue;
      this.#observed.add(frame);
      this.#observer.observe(frame);
    }
  }
}
