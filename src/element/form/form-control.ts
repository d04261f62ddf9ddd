/** The platform's form-control set, over `ElementInternals`. Knows nothing of uploads: the element tells its worth. */

import { LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import { property } from '../property.js';
import type { Verdict } from './form-value.js';

export abstract class FormControl extends LitElement {
  static readonly formAssociated = true;

  /** Name of the form entries; without it the element adds nothing to the form. */
  @property({ reflect: true, useDefault: true }) name = '';

  /** The form cannot be sent before a file is stored. */
  @property({ type: Boolean, reflect: true }) required = false;

  /** No files can be chosen and no buttons pressed; uploads under way go on. */
  @property({ type: Boolean }) disabled = false;

  /** @internal Disabled by the form, which includes a fieldset around the element. */
  @state() private formDisabled = false;

  /** @internal */
  protected readonly internals = this.attachInternals();

  #customMessage = '';
  #formBag: AbortController | null = null;

  /** @internal By its own attribute or by a fieldset. */
  get isDisabled(): boolean {
    return this.disabled || this.formDisabled;
  }

  /** @internal */
  protected get customMessage(): string {
    return this.#customMessage;
  }

  /** The name of the tag, as `type` of other form controls. */
  get type(): string {
    return this.localName;
  }

  /** The form that the element belongs to. */
  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  /** The `<label>` elements of this control. */
  get labels(): NodeList {
    return this.internals.labels;
  }

  /** @internal Name of the field after its labels; empty when it has none. */
  protected get fieldLabel(): string {
    return [...(this.internals.labels ?? [])].map(({ textContent }) => textContent?.trim()).join(' ');
  }

  get validity(): ValidityState {
    this.updateForm();
    return this.internals.validity;
  }

  get validationMessage(): string {
    this.updateForm();
    return this.internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.internals.willValidate;
  }

  /** True when the form may be sent; else an `invalid` event is fired. */
  checkValidity(): boolean {
    this.updateForm();
    return this.internals.checkValidity();
  }

  /** As `checkValidity()`, and the browser shows the message at the button. */
  reportValidity(): boolean {
    this.updateForm();
    return this.internals.reportValidity();
  }

  /** Makes the control invalid with the page's own message; an empty one takes it back. */
  setCustomValidity(message: string): void {
    this.#customMessage = message;
    this.updateForm();
    this.requestUpdate();
  }

  /** @internal Entries are counted when the form asks for them: handing thousands over at every change would be slow. */
  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#formBag?.abort();
    this.#formBag = new AbortController();
    const add = ({ formData }: FormDataEvent): void => {
      if (this.name === '' || this.isDisabled) return;
      for (const [name, value] of this.formEntries) formData.append(name, value);
    };
    // Before any listener of the page.
    form?.addEventListener('formdata', add, { capture: true, signal: this.#formBag.signal });
  }

  /** @internal */
  formDisabledCallback(disabled: boolean): void {
    this.formDisabled = disabled;
  }

  /** @internal What the form gets. */
  protected abstract get formEntries(): readonly (readonly [name: string, value: string])[];

  /** The form tells at once what the attribute means to it, and only what is told before the rendering comes into it. */
  protected override willUpdate(): void {
    this.toggleAttribute('disabled', this.disabled);
  }

  /** @internal Brings validity, and what the browser keeps of the form, up to date. */
  protected abstract updateForm(): void;

  /** @internal The browser keeps `state` with the form. */
  protected setWorth(state: string, { flags, message }: Verdict): void {
    // Test environments without a browser have no `setFormValue`.
    this.internals.setFormValue?.(null, state);
    const anchor = this.shadowRoot?.querySelector<HTMLElement>('.choose') ?? undefined;
    this.internals.setValidity?.(flags, message, anchor);
  }

  /** @internal Sets or clears a `:state()`. */
  protected toggleState(name: string, on: boolean): void {
    if (on) this.internals.states?.add(name);
    else this.internals.states?.delete(name);
  }
}
