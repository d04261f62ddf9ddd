/** Shows why the form cannot be submitted; the choose button is described by this text. */

import { html, nothing, type TemplateResult } from 'lit';
import { zoneIcons } from '../zone-icons.js';

export const FIELD_ERROR_ID = 'error';

export const renderFieldError = (message: string): TemplateResult | typeof nothing =>
  message === ''
    ? nothing
    : html`<p class="field-error" part="error" id=${FIELD_ERROR_ID}>${zoneIcons.alert}<span>${message}</span></p>`;
