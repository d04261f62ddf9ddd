/** Look of the element. Everything follows the page's font and text colour; the accent is the only colour of its own. */

import { css } from 'lit';
import { formStyles } from './form/form.styles.js';
import { listStyles } from './list/upload-list.styles.js';
import { summaryStyles } from './status/summary.styles.js';

const hostStyles = css`
  :host {
    --_accent: var(--fastio-upload-accent, light-dark(#2457d6, #7aa2ff));
    --_on-accent: var(--fastio-upload-on-accent, light-dark(#fff, #0c1530));
    --_success: var(--fastio-upload-success, light-dark(#1a7444, #5fd39a));
    --_warning: var(--fastio-upload-warning, light-dark(#855600, #f0bf5a));
    --_danger: var(--fastio-upload-danger, light-dark(#b8322a, #ff8d82));
    --_surface: var(--fastio-upload-surface, transparent);
    --_line: var(--fastio-upload-line, color-mix(in srgb, currentColor 16%, transparent));
    --_muted: var(--fastio-upload-muted, color-mix(in srgb, currentColor 68%, transparent));
    --_radius: var(--fastio-upload-radius, 12px);
    --_gap: var(--fastio-upload-gap, 12px);
    display: block;
    min-inline-size: min(15rem, 100%);
    container-type: inline-size;
    line-height: 1.45;
    text-align: start;
    /* Long words and large text must fit into the narrowest place. */
    overflow-wrap: anywhere;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  p {
    margin: 0;
  }
  /* Text reads in its own direction and stands on the page's side. */
  .root:dir(ltr) [dir='auto'] {
    text-align: left;
  }
  .root:dir(rtl) [dir='auto'] {
    text-align: right;
  }
  .icon {
    inline-size: max(20px, 1.25em);
    block-size: max(20px, 1.25em);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
    flex: none;
  }
  .spoken {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

const buttonStyles = css`
  button {
    font: inherit;
    color: inherit;
    background: transparent;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 0.66);
    padding: 0.3em 0.8em;
    min-block-size: 32px;
    max-inline-size: 100%;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
    background: transparent;
  }
  button.primary {
    color: var(--_on-accent);
    background: var(--_accent);
    border-color: transparent;
    font-weight: 600;
  }
  button.primary:hover {
    background: color-mix(in srgb, var(--_accent) 88%, currentColor);
  }
  button.primary:disabled {
    background: var(--_accent);
  }
  button.icon-button {
    display: inline-grid;
    place-items: center;
    inline-size: max(32px, 2em);
    block-size: max(32px, 2em);
    padding: 0;
    border: 0;
    color: var(--_muted);
  }
  button.icon-button:hover {
    color: inherit;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .scroller :focus-visible {
    outline-offset: -2px;
  }
  [data-action^='resume'] .icon:dir(rtl) {
    transform: scaleX(-1);
  }
`;

const zoneStyles = css`
  .zone {
    display: flex;
    align-items: center;
    gap: 16px;
    padding: var(--fastio-upload-zone-padding, 20px);
    border: 1.5px dashed color-mix(in srgb, currentColor 55%, transparent);
    border-radius: var(--_radius);
    background: var(--_surface);
    transition:
      background-color 0.15s,
      border-color 0.15s;
  }
  .zone.over {
    border-style: solid;
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 8%, var(--_surface));
  }
  :host(:state(disabled)) .zone {
    border-color: var(--_line);
  }
  :host(:state(disabled)) .zone-icon {
    opacity: 0.5;
  }
  .zone-icon {
    color: var(--_accent);
    display: grid;
    flex: none;
  }
  .zone-icon .icon {
    inline-size: max(36px, 2.25em);
    block-size: max(36px, 2.25em);
    stroke-width: 1.2;
  }
  .zone-text {
    flex: 1;
    min-inline-size: 0;
    text-wrap: balance;
  }
  .zone-label {
    font-weight: 550;
  }
  .hint {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .zone-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: end;
  }
  .zone-buttons button {
    padding: 0.5em 1em;
    min-block-size: 40px;
  }
  .notice {
    display: flex;
    gap: 8px;
    align-items: start;
    margin-block-start: var(--_gap);
    padding: 6px 8px;
    padding-inline-start: 14px;
    border-radius: var(--_radius);
    border: 1px solid color-mix(in srgb, var(--_danger) 40%, transparent);
    background: color-mix(in srgb, var(--_danger) 6%, transparent);
  }
  .notice > .icon {
    color: var(--_danger);
    margin-block-start: 6px;
  }
  .notice-text {
    flex: 1;
    min-inline-size: 0;
    padding-block: 5px;
    font-size: 0.9375em;
  }
  .notice p + p {
    margin-block-start: 6px;
  }
  .notice-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 8px;
  }
  @container (max-width: 30em) {
    .zone {
      flex-direction: column;
      align-items: stretch;
      text-align: center;
      gap: 10px;
    }
    .zone-icon {
      justify-content: center;
    }
    .zone-buttons {
      margin-block-start: 6px;
    }
    .zone-buttons button {
      flex: 1 0 auto;
    }
  }
`;

const adaptiveStyles = css`
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      transition: none !important;
      animation: none !important;
    }
    .bar.open::after {
      inline-size: 100%;
      opacity: 0.4;
    }
  }
  @media (forced-colors: active) {
    :host {
      --_muted: CanvasText;
    }
    .zone.over {
      outline: 2px solid;
    }
    /* Drawings keep a colour of their own. */
    .notice > .icon {
      color: CanvasText;
    }
    button.primary {
      forced-color-adjust: none;
      color: ButtonFace;
      background: ButtonText;
    }
    button:disabled {
      opacity: 1;
      color: GrayText;
      border-color: GrayText;
    }
    button.primary:disabled {
      background: ButtonFace;
      border-color: GrayText;
    }
    /* Highlight may be pale: it is made for what lies behind text. */
    :focus-visible {
      outline-color: CanvasText;
    }
  }
`;

export const styles = [hostStyles, buttonStyles, zoneStyles, summaryStyles, listStyles, formStyles, adaptiveStyles];
