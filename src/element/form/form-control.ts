/**
 * Implements a form control with `ElementInternals`. It knows nothing of uploads; the subclass provides value and
 * validity.
 */

import { LitElement, type PropertyDeclarations } from 'lit';
import type { Validity } from './form-value.js';

/**
 * Treats null and undefined as the default: attributes that were removed, and scripts and frameworks that unset a
 * property. No reader of a property has to handle them.
 */
const takeNoneAsDefault = (prototype: object, name: string): void => {
  const { set, ...rest } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  /** The defaults that the class sets first. */
  let initial: readonly unknown[] | undefined;
  Object.defineProperty(prototype, name, {
    ...rest,
    set(value: unknown) {
      initial ??= [value];
      set?.call(this, value ?? initial[0]);
    },
  });
};

export abstract class FormControl extends LitElement {
  static readonly formAssociated = true;

  static override properties: PropertyDeclarations = {
    name: { reflect: true, useDefault: true },
    required: { type: Boolean, reflect: true },
    disabled: { type: Boolean },
    formDisabled: { state: true, attribute: false },
    fieldError: { state: true, attribute: false },
  };

  /** @internal */
  protected static override finalize(): void {
    // biome-ignore-start lint/complexity/noThisInStatic: Lit finalizes each class of the chain.
    if (Object.hasOwn(this, 'finalized')) return;
    super.finalize();
    const own = Object.hasOwn(this, 'properties') ? this.properties : {};
    for (const name of Object.keys(own)) takeNoneAsDefault(this.prototype, name);
    // biome-ignore-end lint/complexity/noThisInStatic: see above.
  }

  /** Name of the form entries; without it the element adds none. */
  name = '';

  /** The form requires a stored file. */
  required = false;

  /** Disables choosing files and all buttons; running uploads continue. */
  disabled = false;

  /** @internal Disabled by the form, for example by a fieldset around the element. */
  private formDisabled = false;

  /**
   * @internal Test environments without a browser implement nothing or a part of it; there the element is not a form
   * control.
   */
  protected readonly internals: Partial<ElementInternals> = this.attachInternals?.() ?? {};

  /** @internal Why the form could not be submitted; empty before the user has tried, and as soon as it is valid. */
  protected fieldError = '';

  #customMessage = '';
  #isReporting = false;
  #formListeners: AbortController | null = null;

  /** @internal By its attribute or by a fieldset. */
  get isDisabled(): boolean {
    return this.disabled || this.formDisabled;
  }

  /** @internal */
  protected get customMessage(): string {
    return this.#customMessage;
  }

  /** The tag name, like `type` of other form controls. */
  get type(): string {
    return this.localName;
  }

  /** The form of this control. */
  get form(): HTMLFormElement | null {
    return this.internals.form ?? null;
  }

  /** The `<label>` elements of this control. */
  get labels(): NodeList {
    return this.internals.labels ?? document.createDocumentFragment().childNodes;
  }

  /** @internal Text of the labels; empty without any. */
  protected get fieldLabel(): string {
    return [...(this.internals.labels ?? [])].map(({ textContent }) => textContent?.trim()).join(' ');
  }

  get validity(): ValidityState {
    this.updateForm();
    return this.internals.validity ?? document.createElement('input').validity;
  }

  get validationMessage(): string {
    this.updateForm();
    return this.internals.validationMessage ?? '';
  }

  get willValidate(): boolean {
    return this.internals.willValidate ?? false;
  }

  /** True when the form may be submitted; otherwise dispatches an `invalid` event. */
  checkValidity(): boolean {
    this.updateForm();
    return this.internals.checkValidity?.() ?? true;
  }

  /** Like `checkValidity()`, but the message is also shown, and the button gets the focus. */
  reportValidity(): boolean {
    this.updateForm();
    this.#isReporting = true;
    const isValid = this.internals.reportValidity?.() ?? true;
    this.#isReporting = false;
    return isValid;
  }

  /** @internal Whether `reportValidity()` runs. */
  get isReporting(): boolean {
    return this.#isReporting;
  }

  /** @internal */
  showFieldError(message: string): void {
    this.fieldError = message;
  }

  /** Makes the control invalid with the page's message; an empty one makes it valid again. */
  setCustomValidity(message: string): void {
    this.#customMessage = message;
    this.updateForm();
    this.requestUpdate();
  }

  /** @internal Entries are built when the form asks for them, because thousands at each change would be slow. */
  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#formListeners?.abort();
    this.#formListeners = new AbortController();
    const add = ({ formData }: FormDataEvent): void => {
      if (this.name === '' || this.isDisabled) return;
      for (const [name, value] of this.formEntries) formData.append(name, value);
    };
    // In the capture phase, before any listener of the page.
    form?.addEventListener('formdata', add, { capture: true, signal: this.#formListeners.signal });
  }

  /** @internal */
  formDisabledCallback(disabled: boolean): void {
    this.formDisabled = disabled;
  }

  /** @internal The entries for the form. */
  protected abstract get formEntries(): readonly (readonly [name: string, value: string])[];

  /** The form reports at once what an attribute means to it, and only a report before rendering is part of it. */
  protected override willUpdate(): void {
    this.toggleAttribute('disabled', this.disabled);
  }

  /** @internal Updates validity and the state that the browser keeps of the form. */
  protected abstract updateForm(): void;

  /** @internal `state` is what the browser restores with the form. */
  protected setState(state: string, { flags, message }: Validity): void {
    this.internals.setFormValue?.(null, state);
    const anchor = this.shadowRoot?.querySelector<HTMLElement>('.choose') ?? undefined;
    this.internals.setValidity?.(flags, message, anchor);
    if (this.fieldError !== '') this.fieldError = message;
  }

  /**
   * @internal Describes the element to assistive technology unless its attributes do. Browsers would call it invalid
   * from the start; here it is invalid only after the user has tried to submit it.
   */
  protected describe(ariaLabel: string): void {
    const isInvalid = this.fieldError !== '';
    this.toggleState('user-invalid', isInvalid);
    const ariaRequired = this.required ? 'true' : null;
    try {
      Object.assign(this.internals, { role: 'group', ariaLabel, ariaRequired, ariaInvalid: String(isInvalid) });
    } catch {
      // jsdom has these properties but throws when they are set.
    }
  }

  /** @internal Sets or clears a `:state()`. */
  protected toggleState(name: string, on: boolean): void {
    if (on) this.internals.states?.add(name);
    else this.internals.states?.delete(name);
  }
}
