/** The platform's form-control set, over `ElementInternals`. Knows nothing of uploads: the element tells its worth. */

import { LitElement, type PropertyDeclarations } from 'lit';
import type { Verdict } from './form-value.js';

/** Whether a click on it sends the form. */
const sends = (target: EventTarget, form: HTMLFormElement | null): boolean =>
  (target instanceof HTMLButtonElement || target instanceof HTMLInputElement) &&
  target.form === form &&
  (target.type === 'submit' || target.type === 'image');

/**
 * No value means the default: after an attribute was removed, and where a script or a framework sets null or undefined.
 * No reader of a property has to handle that.
 */
const takeNoneAsDefault = (prototype: object, name: string): void => {
  const { set, ...rest } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  /** What the class sets, which comes first. */
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

  /** Name of the form entries; without it the element adds nothing to the form. */
  name = '';

  /** The form cannot be sent before a file is stored. */
  required = false;

  /** No files can be chosen and no buttons pressed; uploads under way go on. */
  disabled = false;

  /** @internal Disabled by the form, which includes a fieldset around the element. */
  private formDisabled = false;

  /** @internal Test environments without a browser have none of it, or a part: there the element is no form control. */
  protected readonly internals: Partial<ElementInternals> = this.attachInternals?.() ?? {};

  /**
   * @internal What keeps a form from being sent that the user has tried to send; empty before, and as soon as nothing
   * does.
   */
  protected fieldError = '';

  #customMessage = '';
  /**
   * The user sends the form, or the page asks that problems are shown. Else an `invalid` event is the answer to a script
   * that only asks, perhaps after every change, and shows nothing.
   */
  #isReporting = false;
  #formBag: AbortController | null = null;

  constructor() {
    super();
    this.addEventListener('invalid', () => {
      if (this.#isReporting) this.fieldError = this.internals.validationMessage ?? '';
    });
  }

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
    return this.internals.form ?? null;
  }

  /** The `<label>` elements of this control. */
  get labels(): NodeList {
    return this.internals.labels ?? document.createDocumentFragment().childNodes;
  }

  /** @internal Name of the field after its labels; empty when it has none. */
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

  /** True when the form may be sent; else an `invalid` event is fired. */
  checkValidity(): boolean {
    this.updateForm();
    return this.internals.checkValidity?.() ?? true;
  }

  /** As `checkValidity()`, and the browser shows the message at the button. */
  reportValidity(): boolean {
    this.updateForm();
    this.#report();
    return this.internals.reportValidity?.() ?? true;
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
    const onClick = (event: Event): void => {
      if (event.composedPath().some((target) => sends(target, this.form))) this.#report();
    };
    // Before any listener of the page.
    const options = { capture: true, signal: this.#formBag.signal };
    form?.addEventListener('formdata', add, options);
    // Enter in a field clicks the button, too; the button may be outside of the form.
    form?.ownerDocument.addEventListener('click', onClick, options);
  }

  /** Until this task is over. */
  #report(): void {
    this.#isReporting = true;
    setTimeout(() => {
      this.#isReporting = false;
    });
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
    this.internals.setFormValue?.(null, state);
    const anchor = this.shadowRoot?.querySelector<HTMLElement>('.choose') ?? undefined;
    this.internals.setValidity?.(flags, message, anchor);
    if (this.fieldError !== '') this.fieldError = message;
  }

  /**
   * @internal Tells assistive technology what the element is, unless its attributes do. Browsers take what may not be sent
   * yet for invalid; it is only after the user has tried to send it.
   */
  protected describe(ariaLabel: string): void {
    const isInvalid = this.fieldError !== '';
    this.toggleState('user-invalid', isInvalid);
    const ariaRequired = this.required ? 'true' : null;
    try {
      Object.assign(this.internals, { role: 'group', ariaLabel, ariaRequired, ariaInvalid: String(isInvalid) });
    } catch {
      // jsdom has these names and throws when they are set.
    }
  }

  /** @internal Sets or clears a `:state()`. */
  protected toggleState(name: string, on: boolean): void {
    if (on) this.internals.states?.add(name);
    else this.internals.states?.delete(name);
  }
}
