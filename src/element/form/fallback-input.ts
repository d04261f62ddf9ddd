/**
 * Replaces the inputs inside the tag that serve pages without scripts: those for files, and those of the field's own
 * name, which tell what is stored. Files chosen before the script was loaded are added to the list; then the inputs are
 * disabled, so that the form neither submits nor requires them.
 */

import type { LitElement, ReactiveController } from 'lit';

export interface FallbackHost extends LitElement {
  readonly name: string;
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
    for (const input of this.#host.querySelectorAll<HTMLInputElement>('input:enabled')) {
      if (input.type !== 'file' && input.name !== this.#host.name) continue;
      const files = [...(input.files ?? [])];
      input.disabled = true;
      if (files.length === 0) continue;
      input.value = '';
      this.#host.addFiles(files);
    }
  }
}
