/** Styles of the list and its rows. A row has the same height in every state, so that nothing below it moves. */

import { css } from 'lit';

export const listStyles = css`
  .scroller {
    /* Six rows and a half, so that the cut one says that there is more; with large text a whole row at least. */
    max-block-size: var(--fastio-upload-list-max-height, max(30rem, 22em));
    overflow: auto;
    overscroll-behavior: contain;
    /* A separate layer, because a list on a transparent surface would be painted again in each frame of scrolling. */
    will-change: scroll-position;
    margin-block-start: 10px;
    border: var(--_rule) solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    /* In the list's colours, because Firefox would draw a white scroll bar on a dark page. */
    scrollbar-color: var(--_muted) transparent;
  }
  .list {
    /* Keeps the margin of the first row from moving the list. */
    display: flow-root;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  /* Rows that still move from below the list must not give the frame a scroll bar for that while. */
  .short {
    overflow: clip;
  }
  .row {
    /* Grows with the text, but never below the size of a picture. */
    --_badge: var(--fastio-upload-badge-size, max(48px, 3em));
    /* As much as below the picture. The dots of a handle stand in it, so that nothing moves where the first comes. */
    --_start: max(14px, 0.875em);
    --_between: 14px;
    position: relative;
    display: grid;
    grid-template: 'badge name ends' auto 'badge status ends' auto / var(--_badge) minmax(0, 1fr) auto;
    column-gap: var(--_between);
    align-items: center;
    padding-block: 12px 14px;
    padding-inline: var(--_start) 14px;
    contain: layout style;
  }
  /* What is to be seen first; not on what must be opaque while it moves. */
  [part~='row-failed']:not(.passing, .lifted) {
    background: linear-gradient(var(--_danger) 0 0) 0 / 3px 100% no-repeat
      color-mix(in srgb, var(--_danger) 7%, var(--_surface));
  }
  .root:dir(rtl) [part~='row-failed'] {
    background-position: 100%;
  }
  /* While they change places, no row shows through another, and the one that goes farthest is above all. */
  .short {
    isolation: isolate;
  }
  .list .passing {
    background: linear-gradient(var(--_surface) 0 0) Canvas;
  }
  .passing.far {
    z-index: 1;
    box-shadow: 0 6px 20px rgb(0 0 0 / 0.2);
  }
  /* Files that are under way rise as others end, and browsers would scroll back along with them. */
  .row:is([part~='row-preparing'], [part~='row-uploading'], [part~='row-finishing'], [part~='row-waiting']) {
    overflow-anchor: none;
  }
  .row + .row::before {
    content: '';
    position: absolute;
    inset-inline: 0;
    inset-block-start: 0;
    border-block-start: var(--_rule) solid var(--_line);
  }
  .name {
    grid-area: name;
    display: flex;
    min-inline-size: 0;
    overflow: hidden;
    white-space: pre;
  }
  /* Paths read from left to right in every language. */
  .root:dir(rtl) .name {
    flex-direction: row-reverse;
    justify-content: flex-end;
  }
  .folder {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--_muted);
  }
  .file {
    display: inline-flex;
    flex: none;
    max-inline-size: 100%;
    font-weight: 600;
  }
  .whole {
    min-inline-size: 0;
    overflow: hidden;
  }
  .cut .whole {
    flex: none;
  }
  /* The visible ending is not read aloud, because the name before it is complete. */
  .file.cut::after {
    content: '…' attr(data-tail) / '';
    flex: none;
  }
  .file a {
    color: inherit;
    line-height: max(24px, 1.5em);
  }
  .status {
    grid-area: status;
    display: flex;
    gap: 4px;
    align-items: start;
    min-inline-size: 0;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  .status .icon {
    inline-size: max(16px, 1.15em);
    block-size: 1.45em;
    stroke-width: 2;
  }
  .status.good {
    gap: 6px;
    color: var(--_success);
  }
  .status.wait {
    color: var(--_warning);
  }
  .status.bad {
    color: var(--_danger);
  }
  /* The server's own words are quoted, in the colour of the page's text, and begin a line where they need several. */
  q {
    display: inline-block;
  }
  .root:dir(ltr) q {
    text-align: left;
  }
  .root:dir(rtl) q {
    text-align: right;
  }
  .status.bad:has(q) {
    color: inherit;
  }
  .status:has(q) > .icon,
  .status .piece:has(+ q):not(:last-child) {
    margin: 0;
    color: var(--_danger);
    font-weight: 600;
  }
  .ends {
    grid-area: ends;
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 0;
  }
  .mend {
    grid-area: mend;
  }
  .mend:empty {
    display: none;
  }
  .word {
    font-size: 0.9375em;
    white-space: nowrap;
  }
  .actions {
    grid-area: actions;
    display: flex;
    align-items: center;
  }
  .actions:has(> .word) {
    gap: 8px;
  }
  @container (min-width: 34.01em) {
    .row > .bar {
      inset-inline-end: 22px;
    }
  }
  @container (min-width: 44em) {
    .scroller {
      max-block-size: var(--fastio-upload-list-max-height, max(33.25rem, 22em));
    }
    .row {
      --_badge: var(--fastio-upload-badge-size, max(56px, 3.5em));
    }
    .row .badge {
      font-size: max(13px, 0.8125em);
    }
  }
  @media (forced-colors: active) {
    button.filter[aria-pressed='true'] {
      forced-color-adjust: none;
      color: ButtonFace;
      background: ButtonText;
    }
    .badge {
      border: 1px solid CanvasText;
    }
    /* Backgrounds are not drawn there. */
    [part~='row-failed']::after {
      content: '';
      position: absolute;
      inset-block: 0;
      inset-inline-start: 0;
      border-inline-start: 6px solid CanvasText;
    }
    .status.status:has(q) > .icon {
      color: CanvasText;
    }
  }
`;
