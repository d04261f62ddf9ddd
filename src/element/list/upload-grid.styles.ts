/** Styles of tiles. */

import { css } from 'lit';

export const gridStyles = css`
  .scroller.grid {
    border: 0;
    border-radius: 0;
    background: none;
    /* Two lines of tiles with their texts. */
    max-block-size: var(--fastio-upload-list-max-height, 38rem);
    /* Keeps outlines of tiles at the edge visible, and the end of the list above the soft edge. */
    padding: 4px 4px 14px;
    margin-inline: -4px;
    scroll-padding-block-end: 28px;
    /* What goes on below ends softly, instead of in the middle of a line. */
    mask-image: linear-gradient(#000 calc(100% - 28px), transparent);
  }
  .tiles {
    overflow-clip-margin: 5px;
  }
  .tile-line {
    display: grid;
    grid-template-columns: repeat(
      auto-fill,
      minmax(min(var(--fastio-upload-tile-size, max(160px, 10em)), max(100% / 2 - 8px, 7em), 100%), 1fr)
    );
    gap: 14px;
    padding-block-end: 14px;
    contain: layout style;
  }
  .tile {
    min-inline-size: 0;
    border-radius: var(--_small-radius);
    font-size: 0.875em;
  }
  .picture {
    position: relative;
    margin-block-end: 8px;
  }
  .tile .badge {
    display: grid;
    /* Below the buttons, which not every tile has: icons of a line are at the same height. */
    padding-block-start: 1.4em;
    border-radius: var(--_radius);
    font-size: min(max(18px, 1.3em), 9cqi);
  }
  /* The icon of the kind, and the extension below it. */
  .tile .badge:not(:has(b:empty)) > .icon {
    display: block;
    grid-area: auto;
    inline-size: 1.8em;
    block-size: 1.8em;
    stroke-width: 1.3;
    opacity: 0.85;
  }
  .tile .badge b:not(:empty) {
    grid-area: auto;
    margin-block-start: 2px;
    font-size: 1.6em;
    font-weight: 750;
    letter-spacing: 0.01em;
  }
  /* A failed file alone on its line leaves room for what is to be read and done about it. */
  @container (max-width: 14em) {
    .picture:has(> .bad) .badge {
      aspect-ratio: auto;
      padding-block: 12px;
    }
  }
  .tick {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-end: 8px;
    display: grid;
    place-items: center;
    inline-size: max(28px, 2em);
    aspect-ratio: 1;
    border-radius: 50%;
    /* On every picture. */
    box-shadow:
      0 0 0 2px Canvas,
      0 1px 5px 2px rgb(0 0 0 / 0.3);
    z-index: 1;
  }
  /* A failed file's badge of its kind may be as red as this. */
  .tick.bad {
    font-weight: 700;
    color: #fff;
    background: #b3261e;
  }
  .tick.bad::before {
    content: '!';
  }
  .picture:has(> .bad) {
    outline: 2px solid var(--_danger);
    outline-offset: 1px;
    border-radius: var(--_radius);
  }
  .short .tick.bad {
    animation: pop var(--_time);
  }
  .tile .status {
    font-size: 0.9375em;
  }
  .tile .word {
    white-space: normal;
  }
  .veiled {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    /* Below the buttons. */
    padding-block-start: 26px;
    border-radius: var(--_radius);
    background: rgb(0 0 0 / 0.6);
    color: #fff;
  }
  .veiled b {
    grid-area: 1 / 1;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  /* The percentage replaces the extension, which is back while the veil of a stored file fades out. */
  .under-way .badge > :is(b, .icon),
  .veiled.full b {
    visibility: hidden;
  }
  .ring {
    grid-area: 1 / 1;
    inline-size: max(56px, 3.5em, 40%);
    fill: none;
    stroke: #fff;
    stroke-width: 3.5;
    stroke-linecap: round;
    transform: rotate(-90deg);
  }
  /* Closes before it becomes the tick. */
  .full .ring .confirmed {
    stroke: #58d39b;
    stroke-dasharray: none;
  }
  .ring .track {
    opacity: 0.28;
  }
  .ring .sent {
    opacity: 0.45;
  }
  .open .ring {
    animation: turn 1.2s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(270deg);
    }
  }
  .picture .actions {
    position: absolute;
    inset-block-start: 6px;
    inset-inline-end: 6px;
    gap: 4px;
  }
  .picture .icon-button,
  .picture .icon-button:hover {
    border-radius: 50%;
    color: #fff;
    background: rgb(0 0 0 / 0.6);
  }
  .picture .icon-button:hover {
    background: rgb(0 0 0 / 0.8);
  }
  .tile-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0 4px;
  }
  .tile-buttons .quiet {
    padding-inline: 0;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 3px;
  }
  @media (forced-colors: active) {
    .scroller.grid {
      mask-image: none;
    }
    .veiled {
      forced-color-adjust: none;
      color: CanvasText;
      background: color-mix(in srgb, Canvas 88%, transparent);
      border: 1px solid CanvasText;
    }
    .ring {
      stroke: CanvasText;
    }
    .tick.bad {
      border: 1px solid CanvasText;
    }
    .picture .icon-button,
    .picture .icon-button:hover {
      background: ButtonFace;
    }
    .picture .actions {
      gap: 8px;
    }
    /* Inside the border that the button has then. */
    .tile-buttons .quiet {
      padding-inline: 0.6em;
    }
  }
`;
