/** The icons of the empty element: 20 by 20, strokes in the text colour, hidden from assistive technology. */

import { html, type TemplateResult } from 'lit';

/** An icon of this markup, as one template: a shape nested in it would be a second one for each icon of each row. */
export const draw = (shape: string): TemplateResult => {
  const markup = [`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${shape}</svg>`];
  return html(Object.assign(markup, { raw: markup }));
};

export const zoneIcons = {
  upload: draw(
    '<path d="M10 13.5V3.5m0 0L6 7.5m4-4 4 4M3 12.5V15a1.8 1.8 0 0 0 1.8 1.8h10.4A1.8 1.8 0 0 0 17 15v-2.5" />',
  ),
  alert: draw('<path d="M10 6v5m0 2.8v.2" /><circle cx="10" cy="10" r="7.2" />'),
} as const;
