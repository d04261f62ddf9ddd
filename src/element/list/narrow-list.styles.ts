/** Styles of rows that have little width, or large text. */

import { css } from 'lit';

export const narrowListStyles = css`
  .row {
    /* Brings the words of a button without a border to the edge of the text above. */
    --_outdent: max(-0.6em, -10px);
  }
  @media (forced-colors: active) {
    .row {
      --_outdent: 0px;
    }
  }
  @container (max-width: 34em) {
    .row {
      --_between: 12px;
      grid-template:
        'badge name actions' auto
        'badge status status' auto
        'badge mend mend' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .badge {
      align-self: start;
    }
    .mend:not(:empty) {
      padding-block: 6px 4px;
    }
    /* As much below the button as above the name; there is no bar. */
    .row:has(.mend:not(:empty)):not(:has(> .bar)) {
      padding-block-end: 8px;
    }
    /* Ends where the bar does. */
    .row .status {
      padding-inline-end: 8px;
    }
    .word {
      white-space: normal;
    }
  }
  @container (max-width: 28em) {
    /* A button with text leaves the name its line, and stands beside what is short. */
    .row:has(.actions .word) {
      grid-template:
        'badge name name' auto
        'badge status actions' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .row:has(.actions .word):has(.mend:not(:empty)) {
      grid-template:
        'badge name name' auto
        'badge status status' auto
        'badge mend actions' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .row .actions .word {
      white-space: nowrap;
    }
    .row:has(.mend:empty) .actions .word {
      margin-block-end: -8px;
    }
    .row:has(.actions .word) .mend:empty {
      display: none;
    }
    .row:has(.mend:empty):has(.actions .word) .status {
      padding-inline-end: 0;
    }
    .row:has(.actions .word) .name {
      margin-inline-end: 8px;
    }
  }
  @container (max-width: 23em) {
    /* The words of a remedy would break beside another button. */
    .row:has(.actions .word):has(.mend:not(:empty)) {
      grid-template:
        'badge name' auto
        'badge status' auto
        'badge mend' auto
        'badge actions' auto / var(--_badge) minmax(0, 1fr);
    }
    .row:has(.mend:not(:empty)) .actions .word {
      margin-inline-start: var(--_outdent);
    }
  }
  @container (max-width: 24em) {
    /* Two buttons with text leave no room for the name beside them. */
    .row.row:has(.quiet.replace) {
      grid-template:
        'badge name' auto
        'badge status' auto
        'badge mend' auto
        'badge actions' auto / var(--_badge) minmax(0, 1fr);
    }
    .quiet.replace {
      margin-inline-start: var(--_outdent);
    }
  }
  @container (max-width: 18em) {
    /* A small picture beside the name, with texts and buttons below both. */
    .row {
      --_badge: max(32px, 1.25em);
      --_start: 16px;
      --_between: 10px;
      grid-template:
        'badge name actions' auto
        'status status status' auto
        'mend mend mend' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .row.row.row.row:has(.actions .word) {
      grid-template:
        'badge name' auto
        'status status' auto
        'mend mend' auto
        'actions actions' auto / var(--_badge) minmax(0, 1fr);
    }
    .row .actions .word.word {
      white-space: normal;
      margin-inline-start: var(--_outdent);
      margin-block-end: 0;
    }
    .row .badge {
      align-self: center;
    }
    /* An extension would be cut off. */
    .row .badge:not(:has(b:empty)) > .icon {
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
    .row {
      grid-template:
        'badge name' auto
        'status status' auto
        'mend mend' auto
        'actions actions' auto / var(--_badge) minmax(0, 1fr);
    }
    .actions {
      flex-wrap: wrap;
    }
  }
`;
