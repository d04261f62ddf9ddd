/** Styles of rows that have little width, or large text. */

import { css } from 'lit';

export const narrowListStyles = css`
  @container (max-width: 34em) {
    .row {
      --_between: 12px;
    }
    .badge {
      align-self: start;
    }
    .row:has(> .corner) {
      grid-template:
        'badge name actions' auto
        'badge status status' auto
        'badge mend mend' auto / var(--_badge) minmax(0, 1fr) auto;
      padding-inline-end: 8px;
    }
    /* What is in it has places of its own. */
    .corner {
      display: contents;
    }
    .corner .mend {
      padding-block: 6px 4px;
    }
    /* Ends where the bar does. */
    .row:has(> .corner) .status {
      padding-inline-end: 8px;
    }
    .row:has(> .below) {
      grid-template:
        'badge name' auto
        'badge status' auto
        'badge ends' auto / var(--_badge) minmax(0, 1fr);
    }
    .below,
    .below .actions {
      flex-wrap: wrap;
      gap: 6px 8px;
    }
    .below {
      padding-block: 8px 4px;
    }
    /* As much below the buttons as above the name; there is no bar. */
    .row:has(> .below):not(:has(> .bar)) {
      padding-block-end: 10px;
    }
    :is(.corner, .below) .word {
      white-space: normal;
    }
    .mend,
    .actions {
      min-inline-size: 0;
      max-inline-size: 100%;
    }
  }
  @container (max-width: 28em) {
    /* A button with text leaves the name its line, and stands beside what is short. */
    .row:has(> .beside) {
      grid-template:
        'badge name name' auto
        'badge status ends' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .beside {
      margin-block: 0 -2px;
    }
    .row:has(> .pair) {
      grid-template:
        'badge name' auto
        'badge status' auto
        'badge ends' auto / var(--_badge) minmax(0, 1fr);
    }
    .pair {
      padding-block: 8px 4px;
    }
    .row:has(> .pair):not(:has(> .bar)) {
      padding-block-end: 10px;
    }
  }
  /* On the line of the status. */
  @media not (pointer: coarse) {
    @container (14em < width <= 28em) {
      .beside .word {
        min-block-size: 24px;
        padding-block: 0;
      }
    }
  }
  @container (max-width: 26em) {
    /* From the edge of the picture, two buttons with text have room beside each other on a phone. */
    .row:has(> :is(.pair, .below)) {
      grid-template:
        'badge name' auto
        'badge status' auto
        'ends ends' auto / var(--_badge) minmax(0, 1fr);
    }
    .row .word {
      padding-inline: 0.7em;
    }
  }
  @container (max-width: 18em) {
    /* A small picture beside the name, with texts and buttons below both. */
    .row {
      --_badge: max(32px, 1.25em);
      --_start: 14px;
      --_between: 10px;
    }
    .row:has(> .corner) {
      grid-template:
        'badge name actions' auto
        'status status status' auto
        'mend mend mend' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .row:has(> .beside) {
      grid-template:
        'badge name name' auto
        'status status ends' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .row:has(> :is(.pair, .below)) {
      grid-template:
        'badge name' auto
        'status status' auto
        'ends ends' auto / var(--_badge) minmax(0, 1fr);
    }
    .row .word {
      padding-inline: 0.6em;
    }
    .row .badge {
      align-self: center;
    }
    /* An extension would be cut off. */
    .row .badge.lettered > .icon {
      display: block;
      inline-size: 20px;
      block-size: 20px;
    }
    .row .badge b {
      display: none;
    }
    .row .bar {
      inset-inline: var(--_start) 16px;
    }
  }
  /* With large text, none leaves enough of it. */
  @container (max-width: 14em) {
    .row:has(> .corner) {
      grid-template:
        'badge name' auto
        'status status' auto
        'mend mend' auto
        'actions actions' auto / var(--_badge) minmax(0, 1fr);
    }
    .row:has(> .beside) {
      grid-template:
        'badge name' auto
        'status status' auto
        'ends ends' auto / var(--_badge) minmax(0, 1fr);
    }
    .row .word {
      padding-inline: 0.4em;
      white-space: normal;
    }
    .beside {
      margin-block: 6px 0;
    }
    .actions {
      flex-wrap: wrap;
    }
  }
`;
