/**
 * Replaces an `<input type="file">` inside the tag, which serves pages without scripts. Files chosen in it before the
 * script was loaded are added to the list; then it is disabled, so that the form neither submits nor requires it.
 */

import type { LitElement, ReactiveController } from 'lit';

export interface FallbackHost extends LitElement {
  addFiles(files: Iterable<File>): unknown;
}

export class FallbackInput implements ReactiveController {
  readonly #host: FallbackHost;
  #observer: MutationObserver | null = null;

  constructor(host: FallbackHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#replace();
    // The tag may be defined while the page is still being parsed.
    this.#observer = new MutationObserver(() => this.#replace());
    this.#observer.observe(this.#host, { childList: true, subtree: true });
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = null;
  }

  #replace(): void {
    for (const input of this.#host.querySelectorAll<HTMLInputElement>('input[type=file]:enabled')) {
      const files = [...(input.files ?? [])];
      input.disabled = true;
      if (files.length === 0) continue;
      input.value = '';
      this.#host.addFiles(files);
    }
  }
}
