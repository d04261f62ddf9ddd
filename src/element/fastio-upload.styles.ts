/** Styles of the element. Font and text colour are the page's; the accent is the only colour of its own. */

import { css } from 'lit';
import { zoneStyles } from './zone/drop-zone.styles.js';

const hostStyles = css`
  :host {
    --_accent: var(--fastio-upload-accent, light-dark(#2f55e0, #8aa5ff));
    --_on-accent: var(--fastio-upload-on-accent, light-dark(#fff, #0b1230));
    --_danger: var(--fastio-upload-danger, light-dark(#b3261e, #ff9188));
    --_surface: var(--fastio-upload-surface, transparent);
    --_line: var(--fastio-upload-line, color-mix(in srgb, currentColor 14%, transparent));
    --_muted: var(--fastio-upload-muted, color-mix(in srgb, currentColor 68%, transparent));
    --_radius: var(--fastio-upload-radius, 16px);
    --_small-radius: calc(var(--_radius) * 0.62);
    --_gap: var(--fastio-upload-gap, 14px);
    /* The longest duration of all transitions. */
    --_time: 0.2s;
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
  * {
    box-sizing: border-box;
  }
  p {
    margin: 0;
  }
  /* Wraps inside only when it does not fit on a line of its own. */
  .piece {
    display: inline-block;
    max-inline-size: 100%;
  }
  .icon {
    inline-size: max(20px, 1.25em);
    block-size: max(20px, 1.25em);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
    flex: none;
  }
  .disc {
    display: grid;
    place-items: center;
    flex: none;
    border-radius: 50%;
    aspect-ratio: 1;
  }
  .spoken,
  .over .zone-buttons {
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
    font-weight: 600;
    color: inherit;
    background: color-mix(in srgb, currentColor 8%, transparent);
    border: 1px solid transparent;
    border-radius: var(--_small-radius);
    padding: 0.35em 0.9em;
    min-block-size: 36px;
    max-inline-size: 100%;
    /* The label of a button wraps only when it does not fit on a line of its own. */
    overflow-wrap: break-word;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:disabled {
    opacity: 0.5;
  }
  button.primary {
    color: var(--_on-accent);
    background: var(--_accent);
  }
  button.quiet {
    background: none;
    color: var(--_muted);
    padding-inline: 0.6em;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  @media (pointer: coarse) {
    button {
      min-block-size: 44px;
      min-inline-size: 44px;
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
  }
  @media (forced-colors: active) {
    :host {
      --_muted: CanvasText;
    }
    .zone.over {
      outline: 2px solid;
    }
    /* Drawings keep their own colour. */
    .disc {
      color: CanvasText;
      border: 1px solid;
    }
    /* Important, because gradients that a page sets on parts survive forced colours. */
    button {
      border-color: ButtonBorder !important;
      background-image: none !important;
    }
    button.primary:enabled {
      forced-color-adjust: none;
      color: ButtonFace !important;
      background: ButtonText !important;
    }
    /* The system colour Highlight may be pale, because it is meant as a background of text. */
    :focus-visible {
      outline-color: CanvasText;
    }
  }
`;

/** The view adds its styles before the last of these. */
export const styles = [hostStyles, buttonStyles, zoneStyles, adaptiveStyles];
