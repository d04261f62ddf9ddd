/** Styles of tiles. */

import { css } from 'lit';

export const gridStyles = css`
  .scroller.grid {
    border: 0;
    border-radius: 0;
    background: none;
    /* Two lines of tiles with their texts. */
    max-block-size: var(--fastio-upload-list-max-height, 38rem);
    /* Keeps outlines of tiles at the edge visible. */
    padding: 4px;
    margin-inline: -4px;
    scroll-padding-block: 8px;
  }
  /* The same where the list itself clips, because WebKit has no overflow-clip-margin; its last line ends with a gap. */
  .tiles.short {
    margin: -4px -4px 0;
    padding: 4px 4px 0;
  }
  .tile-line {
    display: grid;
    grid-template-columns: repeat(
      auto-fill,
      minmax(min(var(--fastio-upload-tile-size, max(160px, 10em)), max(100% / 2 - 8px, 8em), 100%), 1fr)
    );
    gap: 14px;
    padding-block-end: 14px;
    contain: layout style;
  }
  /* A card as high as its line, whatever it has to say. */
  .tile {
    position: relative;
    display: flex;
    flex-direction: column;
    min-inline-size: 0;
    padding-block-end: 8px;
    border: var(--_rule) solid var(--_line);
    border-radius: var(--_radius);
    background-color: var(--_surface);
    font-size: 0.875em;
  }
  .tile:has(.bad):not(.passing, .lifted) {
    border-color: var(--_danger);
    background-color: color-mix(in srgb, var(--_danger) 7%, var(--_surface));
  }
  .tile > :not(.picture, .actions) {
    margin-inline: 8px;
  }
  .tile > .extra {
    padding-inline-end: 0;
  }
  .picture {
    position: relative;
    margin-block-end: 6px;
    border-radius: calc(var(--_radius) - var(--_rule)) calc(var(--_radius) - var(--_rule)) 0 0;
  }
  .tile .badge {
    display: grid;
    /* Between the buttons above and the progress or tick below: icons of a line are at the same height. */
    padding-block-end: 0.6em;
    border-radius: inherit;
    font-size: min(max(18px, 1.3em), 9cqi);
  }
  /* The icon of the kind, and the extension below it. */
  .tile .badge.lettered > .icon {
    display: block;
    grid-area: auto;
    inline-size: 1.7em;
    block-size: 1.7em;
    stroke-width: 1.3;
    opacity: 0.85;
  }
  .tile .badge b:not(:empty) {
    grid-area: auto;
    margin-block-start: 2px;
    font-size: 1.45em;
    font-weight: 750;
    letter-spacing: 0.01em;
  }
  /* Small tiles have room for the extension alone. */
  @container (max-width: 19em) {
    .tile .badge.lettered > .icon {
      display: none;
    }
  }
  /* The picture of a failed file gives its height to what is to be read and done, so that the line grows no higher. */
  .picture:has(> .bad) {
    flex: 1 1 auto;
    display: grid;
  }
  .picture:has(> .bad) ~ .tile-foot {
    flex: none;
  }
  .picture:has(> .bad) .badge {
    grid-area: 1 / 1;
    aspect-ratio: auto;
    align-self: stretch;
    min-block-size: max(72px, 5em);
    /* Below the button. */
    align-content: end;
    padding-block: 6px 10px;
    font-size: min(max(14px, 1em), 8cqi);
  }
  .picture.picture:has(> .bad) .badge.lettered > .icon {
    display: none;
  }
  .tick {
    inline-size: max(28px, 2em);
    /* On every picture. */
    box-shadow:
      0 0 0 2px Canvas,
      0 1px 5px 2px rgb(0 0 0 / 0.3);
    z-index: 1;
  }
  /* A failed file's badge of its kind may be as red as this. */
  .tick.bad {
    inset-inline: 8px auto;
    font-weight: 700;
    color: #fff;
    background: #b3261e;
  }
  .tick.bad::before {
    content: '!';
  }
  .short .tick.bad {
    animation: pop var(--_time);
  }
  .tile .status {
    font-size: 0.9375em;
  }
  .tile .word {
    white-space: normal;
    padding-inline: 0.5em;
  }
  /* A long text is cut after four lines, for the eye only, until it is clicked or a key brings the focus. */
  .tile .status.bad {
    cursor: pointer;
  }
  .tile:not(:focus-visible, :has(:focus-visible)) .bad:not(.unfolded) :is(q, bdi, .piece:not(:has(+ q))) {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
    overflow: hidden;
    /* Or the ellipsis would be outside. */
    text-align: start;
  }
  /* Over the picture, but last in the markup, so that Tab reaches the remedy first, as in a row. */
  .tile > .actions {
    position: absolute;
    inset-block-start: 6px;
    inset-inline-end: 6px;
    gap: 4px;
  }
  /* On a touch screen the target is larger than the visible button. */
  .tile :is(.icon-button, .actions > .word),
  .tile :is(.icon-button, .actions > .word):hover {
    border: var(--_unseen, 0px) solid transparent;
    /* Round, unless the theme is square. */
    border-radius: calc(var(--_small-radius) * 99);
    color: #fff;
    background: rgb(0 0 0 / 0.6) padding-box;
  }
  .tile :is(.icon-button, .actions > .word):hover {
    background-color: rgb(0 0 0 / 0.8);
  }
  .root .tile :is(.icon-button, .actions > .word):disabled {
    color: rgb(255 255 255 / 0.6);
    background: rgb(0 0 0 / 0.45) padding-box;
  }
  .tile > .actions > .word {
    min-block-size: max(28px, 1.8em);
    padding: 0 0.75em;
    font-size: 0.875em;
  }
  @media (pointer: coarse) {
    .tile {
      --_unseen: 6px;
    }
    .tile > .actions > .word {
      min-block-size: 44px;
    }
    .tile > .actions {
      inset-block-start: 0;
      inset-inline-end: 0;
    }
  }
  /* Buttons stand at the foot of the card, where those of its neighbours are. */
  .tile-foot {
    display: flex;
    flex-wrap: wrap;
    flex: 1 0 auto;
    align-items: start;
    gap: 8px;
  }
  .tile-foot > .status {
    flex: 1 1 100%;
  }
  .tile-buttons {
    display: flex;
    flex-wrap: wrap;
    align-self: end;
    gap: 6px;
  }
  .tile-buttons:empty {
    display: none;
  }
  /* Narrow tiles need more lines to show a reason in full. */
  @container (max-width: 24em) {
    .tile:not(:focus-visible, :has(:focus-visible)) .bad:not(.unfolded) :is(q, bdi, .piece:not(:has(+ q))) {
      -webkit-line-clamp: 7;
    }
  }
  @media not (pointer: coarse) {
    @container (max-width: 24em) {
      .tile .icon-button {
        inline-size: max(28px, 1.8em);
        block-size: max(28px, 1.8em);
        min-block-size: 0;
      }
    }
  }
  /* White between two black areas, so that it is seen on any picture and its discs. */
  @media (forced-colors: none) {
    :is(.picture, .actions) button:focus-visible {
      outline-color: #fff;
      outline-offset: 0;
      box-shadow: 0 0 0 4px #000;
    }
  }
  @media (forced-colors: active) {
    .tick.bad {
      border: 1px solid CanvasText;
    }
    .tile :is(.icon-button, .actions > .word),
    .tile :is(.icon-button, .actions > .word):is(:hover, :focus-visible) {
      border: 1px solid ButtonBorder;
      color: ButtonText;
      background: ButtonFace;
    }
    .tile:has(.bad)::after {
      content: '';
      position: absolute;
      inset-block: var(--_radius);
      inset-inline-start: 0;
      border-inline-start: 5px solid CanvasText;
    }
    .tile > .actions {
      gap: 8px;
    }
  }
`;
