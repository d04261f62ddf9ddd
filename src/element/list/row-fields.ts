/** Renders the inputs that a page declares for each file. Pure. */

import { html, nothing, type TemplateResult } from 'lit';
import type { FileField } from '../engine/customization.js';

export type FieldValue = string | boolean;

export interface FieldsContext {
  /** The metadata of the upload, which the page may have set as well. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether the upload is open, so that its metadata has been sent. */
  readonly disabled: boolean;
  readonly onChange: (name: string, value: FieldValue) => void;
}

/** `input` crosses shadow roots, and the element dispatches its own for its files. */
const stop = (event: Event): void => event.stopPropagation();

const textOf = ({ name }: FileField, { values: { [name]: value } }: FieldsContext): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const renderSelect = (field: FileField, context: FieldsContext, onChange: (event: Event) => void): TemplateResult => {
  const options = (field.options ?? []).map((option) =>
    typeof option === 'string' ? { value: option, label: option } : option,
  );
  const value = textOf(field, context);
  return html`<select
    part="field-input"
    name=${field.name}
    ?required=${field.required}
    ?disabled=${context.disabled}
    @input=${stop}
    @change=${onChange}
  >
    <option value="" ?selected=${value === ''}></option>
    ${options.map((option) => html`<option value=${option.value} ?selected=${option.value === value}>${option.label}</option>`)}
  </select>`;
};

const renderInput = (field: FileField, context: FieldsContext): TemplateResult => {
  const { name, type = 'text', required = false, placeholder, maxLength } = field;
  const onChange = (event: Event): void => {
    event.stopPropagation();
    const input = event.currentTarget as HTMLInputElement;
    context.onChange(name, type === 'checkbox' ? input.checked : input.value);
  };
  if (type === 'select') return renderSelect(field, context, onChange);
  if (type === 'textarea') {
    return html`<textarea
      part="field-input"
      name=${name}
      rows="2"
      placeholder=${placeholder ?? nothing}
      maxlength=${maxLength ?? nothing}
      ?required=${required}
      ?disabled=${context.disabled}
      .value=${textOf(field, context)}
      @input=${stop}
      @change=${onChange}
    ></textarea>`;
  }
  return html`<input
    part="field-input"
    type=${type}
    name=${name}
    placeholder=${placeholder ?? nothing}
    maxlength=${maxLength ?? nothing}
    ?required=${required}
    ?disabled=${context.disabled}
    .value=${type === 'checkbox' ? 'on' : textOf(field, context)}
    .checked=${context.values[name] === true}
    @input=${stop}
    @change=${onChange}
  />`;
};

export const renderFields = (fields: readonly FileField[], context: FieldsContext): TemplateResult =>
  html`<div class="fields" part="fields">${fields.map(
    (field) => html`<label class="field field-${field.type ?? 'text'}" part="field"
      ><span>${field.label}</span>${renderInput(field, context)}</label
    >`,
  )}</div>`;
