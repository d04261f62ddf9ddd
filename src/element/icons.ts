/** The few drawings of the element: 20 by 20, strokes in the text colour, hidden from assistive technology. */

import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

const draw = (path: SVGTemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${path}</svg>`;

export const icons = {
  upload: draw(
    svg`<path d="M10 13.5V3.5m0 0L6 7.5m4-4 4 4M3 12.5V15a1.8 1.8 0 0 0 1.8 1.8h10.4A1.8 1.8 0 0 0 17 15v-2.5" />`,
  ),
  pause: draw(svg`<path d="M7.2 5v10M12.8 5v10" />`),
  resume: draw(svg`<path d="m7 4.8 8 5.2-8 5.2z" />`),
  close: draw(svg`<path d="m5.5 5.5 9 9m0-9-9 9" />`),
  file: draw(
    svg`<path d="M11.5 3H6.3A1.3 1.3 0 0 0 5 4.3v11.4A1.3 1.3 0 0 0 6.3 17h7.4A1.3 1.3 0 0 0 15 15.7V6.5zm0 0v3.5H15" />`,
  ),
  check: draw(svg`<path d="m5 10.5 3.5 3.5L15 6.5" />`),
  alert: draw(svg`<path d="M10 6v5m0 2.8v.2" /><circle cx="10" cy="10" r="7.2" />`),
} as const;

export type IconName = keyof typeof icons;
