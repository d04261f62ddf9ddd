/** Opens the browser's picker through the real inputs, for the button, for a label, and for uploads that lost their file. */

import type { LitElement, ReactiveController } from 'lit';
import type { FileInput } from '../ports/source.js';
import { type Collected, collectFromInput } from './collect-files.js';

export interface PickerHandlers {
  readonly onPick: (picked: Collected) => void;
  /** Files for the upload `id`, or with null for all that wait for theirs. */
  readonly onPickAgain: (id: string | null, files: readonly FileInput[]) => void;
}

export class Picker implements ReactiveController {
  readonly #host: LitElement & { readonly isDisabled: boolean };
  readonly #handlers: PickerHandlers;
  #againFor: string | null = null;
  #bag: AbortController | null = null;

  constructor(host: LitElement & { readonly isDisabled: boolean }, handlers: PickerHandlers) {
    this.#host = host;
    this.#handlers = handlers;
    host.addController(this);
  }

  hostConnected(): void {
    this.#bag = new AbortController();
    // A click on the label of the field, and `click()`, arrive at the element itself.
    const onClick = (event: Event) => {
      if (event.composedPath()[0] === this.#host) void this.open('files');
    };
    this.#host.addEventListener('click', onClick, { signal: this.#bag.signal });
  }

  hostDisconnected(): void {
    this.#bag?.abort();
  }

  async open(kind: 'files' | 'folder'): Promise<void> {
    if (this.#host.isDisabled) return;
    if (!this.#host.hasUpdated) await this.#host.updateComplete;
    this.#input(kind)?.click();
  }

  openAgain(id: string | null): void {
    const input = this.#input('again');
    if (!input) return;
    this.#againFor = id;
    input.multiple = id === null;
    input.click();
  }

  readonly onInput = (event: Event): void => {
    if (event.target instanceof HTMLInputElement && !this.#host.isDisabled)
      this.#handlers.onPick(collectFromInput(event.target));
  };

  readonly onInputAgain = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement) || this.#host.isDisabled) return;
    this.#handlers.onPickAgain(this.#againFor, collectFromInput(event.target).files);
  };

  #input(kind: 'files' | 'folder' | 'again'): HTMLInputElement | null {
    return this.#host.renderRoot.querySelector<HTMLInputElement>(`.${kind}-input`);
  }
}
