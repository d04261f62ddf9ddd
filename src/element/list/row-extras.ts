/** The page's additions to each row: inputs, whose code is loaded when first needed, and custom content. */

import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { FileField, RowExtra } from '../engine/customization.js';
import type { FieldValue, renderFields } from './row-fields.js';

export interface ExtrasHost extends LitElement {
  readonly fields: readonly FileField[];
  readonly rowExtra: RowExtra | null;
  readonly isDisabled: boolean;
  readonly uploads: readonly UploadSnapshot[];
  setMetadata(id: string, metadata: Readonly<Record<string, unknown>> | null): boolean;
}

const isEmpty = (value: unknown): boolean => value === false || (value ?? '') === '';

export class RowExtras {
  readonly #host: ExtrasHost;
  #render: typeof renderFields | null = null;
  #isLoading = false;

  constructor(host: ExtrasHost) {
    this.#host = host;
  }

  /** Rows are rendered again when one of these changes. */
  get inputs(): readonly unknown[] {
    const { fields, rowExtra } = this.#host;
    return [fields, rowExtra, this.#render];
  }

  /** Whether every queued file has its required fields; otherwise the first visible input shows its error. */
  checkComplete(): boolean {
    const required = this.#host.fields.filter((field) => field.required);
    const waiting = this.#host.uploads.filter(({ state }) => state === 'queued');
    const isMissing = waiting.some(({ metadata }) => required.some(({ name }) => isEmpty(metadata?.[name])));
    if (isMissing) this.#host.renderRoot.querySelector<HTMLInputElement>('.fields :invalid')?.reportValidity();
    return !isMissing;
  }

  render(upload: UploadSnapshot): TemplateResult | typeof nothing {
    const { fields } = this.#host;
    const own = this.#ownContent(upload);
    if (fields.length === 0 && (own ?? nothing) === nothing) return nothing;
    return html`<div class="extra" part="row-extra">${fields.length > 0 ? this.#renderFields(upload) : nothing}${own}</div>`;
  }

  /** An error in the page's function only loses its content, and is reported in the console. */
  #ownContent(upload: UploadSnapshot): ReturnType<RowExtra> {
    try {
      return this.#host.rowExtra?.(upload) ?? null;
    } catch (error) {
      reportError(error);
      return null;
    }
  }

  #renderFields(upload: UploadSnapshot): TemplateResult | typeof nothing {
    if (this.#render === null) {
      void this.#load();
      return nothing;
    }
    return this.#render(this.#host.fields, {
      values: upload.metadata ?? {},
      disabled: this.#host.isDisabled || upload.state !== 'queued',
      onChange: (name, value) => this.#change(upload.id, name, value),
    });
  }

  #change(id: string, name: string, value: FieldValue): void {
    const upload = this.#host.uploads.find((one) => one.id === id);
    this.#host.setMetadata(id, { ...upload?.metadata, [name]: value });
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      this.#render = (await import('./row-fields.js')).renderFields;
      this.#host.requestUpdate();
    } catch {
      // The next rendering tries again.
      this.#isLoading = false;
    }
  }
}
