/**
 * Holds a form that is submitted during uploads, and submits it when all files are stored. The page's own `submit`
 * listeners see only the second attempt. When files failed or wait for the user, the form is not submitted and the
 * browser shows why.
 */

import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { AggregateProgress } from '../../engine/upload/snapshot.js';
import type { Localizer } from '../language/localizer.js';

export interface HoldingHost extends LitElement {
  readonly submitWhenDone: boolean;
  readonly isDisabled: boolean;
  readonly form: HTMLFormElement | null;
  readonly progress: AggregateProgress;
  start(): void;
}

const submitsUnchecked = (submitter: HTMLElement | null): boolean =>
  (submitter instanceof HTMLButtonElement || submitter instanceof HTMLInputElement) && submitter.formNoValidate;

const ownerOf = (submitter: HTMLElement | null): HTMLFormElement | null =>
  submitter instanceof HTMLButtonElement || submitter instanceof HTMLInputElement ? submitter.form : null;

export class SubmitWhenDone implements ReactiveController {
  readonly #host: HoldingHost;
  readonly #onHeld: () => void;
  #listeners: AbortController | null = null;
  #held: { readonly submitter: HTMLElement | null } | null = null;

  constructor(host: HoldingHost, onHeld: () => void) {
    this.#host = host;
    this.#onHeld = onHeld;
    host.addController(this);
  }

  /** Whether the user has submitted the form and it waits for files. */
  get isHeld(): boolean {
    return this.#held !== null;
  }

  /** Says that the form will be submitted later. */
  render(texts: Localizer): TemplateResult | typeof nothing {
    return this.isHeld ? html`<p class="held" part="held">${texts.text('submitHeld')}</p>` : nothing;
  }

  hostConnected(): void {
    this.#listeners = new AbortController();
    // Captured above the form, before any listener of the page on the form itself.
    const options = { capture: true, signal: this.#listeners.signal };
    this.#host.getRootNode().addEventListener('submit', (event) => this.#hold(event as SubmitEvent), options);
  }

  hostDisconnected(): void {
    this.#listeners?.abort();
    this.release();
  }

  /** The form will not be submitted after all. */
  release(): void {
    this.#held = null;
  }

  /** @param moving number of uploads that continue on their own */
  settle(moving: number): void {
    const { form } = this.#host;
    if (!this.#held || moving > 0 || !form) return;
    const { submitter } = this.#held;
    this.#held = null;
    this.#host.requestUpdate();
    form.requestSubmit(ownerOf(submitter) === form ? submitter : null);
  }

  #hold(event: SubmitEvent): void {
    const { submitWhenDone, isDisabled, form, progress } = this.#host;
    if (event.target !== form || !submitWhenDone || isDisabled || progress.pending === 0) return;
    // A button with `formnovalidate` submits the form as it is, for example as a draft.
    if (submitsUnchecked(event.submitter)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#held = { submitter: event.submitter };
    this.#host.start();
    this.#onHeld();
  }
}
