/** Opens the browser's file picker: for the button, for a label, and for uploads that lost their file. */

import type { LitElement, ReactiveController } from 'lit';
import type { FileInput } from '../../ports/source.js';
import { type Collected, collectFromInput } from './collect-files.js';

export interface PickerHandlers {
  /** Opens the browser's picker with handles instead of this input; null where the input has to be opened. */
  readonly pick: (input: HTMLInputElement) => Promise<Collected | null> | null;
  readonly onPick: (picked: Collected) => void;
  /** Files for the upload `id`, or with null for all uploads without a file. */
  readonly onPickAgain: (id: string | null, files: readonly FileInput[]) => void;
}

type PickerHost = LitElement & {
  readonly isDisabled: boolean;
  /** Without resumption no handles are needed. */
  readonly noResume: boolean;
};

export class Picker implements ReactiveController {
  readonly #host: PickerHost;
  readonly #handlers: PickerHandlers;
  #againFor: string | null = null;
  #listeners: AbortController | null = null;
  /** While the browser shows its picker it refuses a second one, and the input would open behind it. */
  #isOpen = false;

  constructor(host: PickerHost, handlers: PickerHandlers) {
    this.#host = host;
    this.#handlers = handlers;
    host.addController(this);
  }

  hostConnected(): void {
    this.#listeners = new AbortController();
    // Clicks on the field's label, and `click()`, arrive at the element itself.
    const onClick = (event: Event) => {
      if (event.composedPath()[0] === this.#host) void this.open('files');
    };
    this.#host.addEventListener('click', onClick, { signal: this.#listeners.signal });
  }

  hostDisconnected(): void {
    this.#listeners?.abort();
  }

  async open(kind: 'files' | 'folder'): Promise<void> {
    if (this.#host.isDisabled) return;
    if (!this.#host.hasUpdated) await this.#host.updateComplete;
    const input = this.#input(kind);
    if (kind === 'folder') input?.click();
    else if (input) await this.#pick(input, this.#handlers.onPick);
  }

  openAgain(id: string | null): void {
    const input = this.#input('again');
    if (!input || this.#isOpen) return;
    this.#againFor = id;
    input.multiple = id === null;
    void this.#pick(input, ({ files }) => this.#handlers.onPickAgain(id, files));
  }

  readonly onInput = (event: Event): void => {
    if (event.target instanceof HTMLInputElement && !this.#host.isDisabled)
      this.#handlers.onPick(collectFromInput(event.target));
  };

  readonly onInputAgain = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement) || this.#host.isDisabled) return;
    this.#handlers.onPickAgain(this.#againFor, collectFromInput(event.target).files);
  };

  /** Uses the picker with handles where available; otherwise the input, whose events deliver the files. */
  async #pick(input: HTMLInputElement, onPick: (picked: Collected) => void): Promise<void> {
    if (this.#isOpen) return;
    const picking = this.#host.noResume ? null : this.#handlers.pick(input);
    if (picking === null) {
      input.click();
      return;
    }
    this.#isOpen = true;
    const picked = await picking;
    this.#isOpen = false;
    if (picked === null) input.click();
    else if (!this.#host.isDisabled && picked.files.length + picked.unreadable.length > 0) onPick(picked);
  }

  #input(kind: 'files' | 'folder' | 'again'): HTMLInputElement | null {
    return this.#host.renderRoot.querySelector<HTMLInputElement>(`.${kind}-input`);
  }
}
