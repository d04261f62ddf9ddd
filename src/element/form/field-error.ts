/** Why the form cannot be sent, beside the field; the choose button is described by it. */

import { html, nothing, type TemplateResult } from 'lit';
import { zoneIcons } from '../zone-icons.js';

export const FIELD_ERROR_ID = 'error';

export const renderFieldError = (message: string): TemplateResult | typeof nothing =>
  message === ''
    ? nothing
    : html`<p class="field-error" part="error" id=${FIELD_ERROR_ID}>${zoneIcons.alert}<span>${message}</span></p>`;
