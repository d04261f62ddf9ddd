/** Keeps the height of the drop area when its words change for a drag, so that nothing below it moves. */

import type { LitElement, ReactiveController } from 'lit';

export class StripKeeper implements ReactiveController {
  readonly #host: LitElement;
  #listeners: AbortController | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#listeners?.abort();
    this.#listeners = new AbortController();
    // In the capture phase, before the drag is known and rendered.
    window.addEventListener('dragenter', this.#measure, { capture: true, signal: this.#listeners.signal });
  }

  hostDisconnected(): void {
    this.#listeners?.abort();
  }

  readonly #measure = (): void => {
    const zone = this.#host.renderRoot.querySelector<HTMLElement>('.zone:not(.over)');
    zone?.style.setProperty('--_strip', `${zone.getBoundingClientRect().height}px`);
  };
}
