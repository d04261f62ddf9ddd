/**
 * Shows beside the field why the form cannot be submitted, in place of the browser's own message. Loaded with the list;
 * until then the browser shows its message.
 */

import type { LitElement, ReactiveController } from 'lit';

export interface ReportHost extends LitElement {
  readonly form: HTMLFormElement | null;
  readonly validationMessage: string;
  /** Whether the page has asked for the message just now. */
  readonly isReporting: boolean;
  showFieldError(message: string): void;
}

/** Whether a click on the target submits the form. */
const sends = (target: EventTarget, form: HTMLFormElement | null): boolean =>
  (target instanceof HTMLButtonElement || target instanceof HTMLInputElement) &&
  target.form === form &&
  (target.type === 'submit' || target.type === 'image');

export class FieldReport implements ReactiveController {
  readonly #host: ReportHost;
  #listeners: AbortController | null = null;
  /**
   * True while the user submits the form. Otherwise an `invalid` event comes from a script that only checks, perhaps
   * after each change, and nothing is shown.
   */
  #isSubmitting = false;

  constructor(host: ReportHost) {
    this.#host = host;
    host.addEventListener('invalid', this.#show);
    host.addController(this);
  }

  hostConnected(): void {
    this.#listeners?.abort();
    this.#listeners = new AbortController();
    // In the capture phase, before any listener of the page. The button may be outside of the form.
    const options = { capture: true, signal: this.#listeners.signal };
    this.#host.ownerDocument.addEventListener('click', this.#onClick, options);
  }

  hostDisconnected(): void {
    this.#listeners?.abort();
  }

  /** Enter in a field also clicks the button. Lasts until the end of this task. */
  readonly #onClick = (event: Event): void => {
    const { form } = this.#host;
    if (!form || !event.composedPath().some((target) => sends(target, form))) return;
    this.#isSubmitting = true;
    setTimeout(() => {
      this.#isSubmitting = false;
    });
  };

  readonly #show = (event: Event): void => {
    const { isReporting } = this.#host;
    if (!isReporting && !this.#isSubmitting) return;
    // The browser's own message would say the same again; without it the browser does not move the focus here.
    event.preventDefault();
    this.#host.showFieldError(this.#host.validationMessage);
    if (isReporting) this.#host.focus();
    // After the browser has gone to the first of the others.
    else if (this.#isFirst) setTimeout(() => this.#host.focus());
  };

  /** Whether nothing before this field keeps the form from being submitted. */
  get #isFirst(): boolean {
    const controls: readonly Element[] = [...(this.#host.form?.elements ?? [])];
    return controls.find((control) => control.matches(':invalid:not(fieldset)')) === this.#host;
  }
}
