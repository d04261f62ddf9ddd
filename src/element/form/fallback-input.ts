/**
 * Takes the place of an `<input type="file">` inside the tag, which serves pages whose scripts do not run. Files that were
 * chosen in it before the scripts came go on the list; from then on it is disabled, so that the form neither sends it
 * nor asks for it.
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
    // The tag may be defined while the page is still being read.
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
