/** The platform's form-control set, over `ElementInternals`. Knows nothing of uploads: the element tells its worth. */

import { LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import { toEntries, type Verdict } from './form-value.js';
import { property } from './property.js';

export abstract class FormControl extends LitElement {
  static readonly formAssociated = true;

  /** Name of the form entries; without it the element adds nothing to the form. */
  @property({ reflect: true }) name = '';

  /** The form cannot be sent before a file is stored. */
  @property({ type: Boolean, reflect: true }) required = false;

  /** No files can be chosen and no buttons pressed; uploads under way go on. */
  @property({ type: Boolean, reflect: true }) disabled = false;

  /** @internal Disabled by the form, which includes a fieldset around the element. */
  @state() private formDisabled = false;

  /** @internal */
  protected readonly internals = this.attachInternals();

  #customMessage = '';
  /** Name and ids that the form has, because handing thousands of ids over at every frame would be slow. */
  #entries: readonly string[] = [];

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

  /** @internal */
  formDisabledCallback(disabled: boolean): void {
    this.formDisabled = disabled;
  }

  /** @internal Brings form value and validity up to date. */
  protected abstract updateForm(): void;

  /** @internal */
  protected setWorth(ids: readonly string[], { flags, message }: Verdict): void {
    const entries = [this.name, ...ids];
    if (entries.length !== this.#entries.length || entries.some((entry, index) => entry !== this.#entries[index])) {
      this.#entries = entries;
      // Test environments without a browser have no `setFormValue`.
      this.internals.setFormValue?.(toEntries(this.name, ids), JSON.stringify(ids));
    }
    const anchor = this.shadowRoot?.querySelector<HTMLElement>('.choose');
    if (anchor) this.internals.setValidity?.(flags, message, anchor);
    else this.internals.setValidity?.(flags, message);
  }

  /** @internal Sets or clears a `:state()`. */
  protected toggleState(name: string, on: boolean): void {
    if (on) this.internals.states?.add(name);
    else this.internals.states?.delete(name);
  }
}
