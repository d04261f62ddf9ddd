/** Styles of the lines above the list: the summary, the filter, and the note about a held form. */

import { css } from 'lit';

export const summaryStyles = css`
  .summary {
    display: grid;
    /* With many buttons the buttons wrap before the text loses its room. */
    grid-template: 'text buttons' auto 'bar bar' auto 'failure failure' auto / minmax(0, 1fr) fit-content(55%);
    align-items: center;
    gap: 6px 12px;
    margin-block-start: var(--_gap);
    font-variant-numeric: tabular-nums;
  }
  .news {
    grid-area: news;
    inline-size: max(40px, 2.5em);
  }
  .summary.going .news {
    display: none;
  }
  .summary-text {
    grid-area: text;
    padding-block: 6px;
  }
  /* A line each, so that rows below do not move when the words become longer. */
  .summary-text > * {
    display: block;
  }
  .summary-text strong {
    font-weight: 650;
  }
  .summary-text > span {
    color: var(--_muted);
  }
  .alarmed .piece:first-of-type {
    color: var(--_danger);
    font-weight: 600;
  }
  /* Rows do not repeat it. */
  .offline:not(.alarmed) .piece:first-of-type,
  .offline.alarmed .piece:nth-of-type(2) {
    color: var(--_warning);
  }
  .summary-buttons {
    grid-area: buttons;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    justify-content: end;
  }
  .failure {
    grid-area: failure;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
  }
  .failure .status {
    flex: 1 1 16em;
    font-size: inherit;
  }
  .summary:is(.done, .failed) {
    grid-template: 'news text buttons' auto 'failure failure failure' auto / auto minmax(0, 1fr) fit-content(55%);
    row-gap: 0;
  }
  /* What all came to stands on a card. */
  .summary:is(.done, .failed) {
    position: relative;
    padding: 6px 14px;
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_tone) 9%, transparent);
  }
  /* The disc is the circle. */
  .news circle {
    display: none;
  }
  .failed .news .icon {
    inline-size: 100%;
    block-size: 100%;
    stroke-width: 1.7;
  }
  .summary.done {
    --_tone: var(--_success);
  }
  .summary.failed {
    --_tone: var(--_danger);
  }
  .summary.failed strong {
    color: var(--_tone);
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin-block-start: 10px;
  }
  button.filter {
    background: none;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  button.filter:is(:hover, [aria-pressed='true']) {
    color: inherit;
    background: color-mix(in srgb, currentColor 9%, transparent);
  }
  @media (forced-colors: active) {
    .summary:is(.done, .failed) {
      border: 1px solid CanvasText;
    }
  }
  .held {
    margin-block-start: 6px;
    color: var(--_muted);
  }
  /* Buttons stand beside the title where they have room, or below the text. */
  @container (max-width: 44em) {
    .summary {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 12px;
    }
    .summary-text {
      flex: 1 0 100%;
      max-inline-size: 100%;
    }
    .summary:is(.done, .failed) .summary-text {
      flex: 1 1 0;
      min-inline-size: min(11em, 100% - max(40px, 2.5em) - 12px);
    }
    .summary-buttons {
      justify-content: start;
      max-inline-size: 100%;
    }
    .failure,
    .bar.total {
      flex: 1 0 100%;
      max-inline-size: 100%;
      order: 1;
    }
    .bar.total {
      margin-block-start: 2px;
    }
    /* What failed stands below the bar, which is that of all. */
    .failure {
      order: 2;
    }
    /* The numbers stand over their bar. */
    .going .summary-text {
      display: contents;
    }
    .going .summary-text strong {
      flex: 1 1 auto;
    }
    .going .summary-text > span {
      flex: 1 0 100%;
      max-inline-size: 100%;
      order: 1;
    }
  }
  /* On a phone the list begins soon. */
  @container (max-width: 34em) {
    .summary {
      margin-block-start: calc(var(--_gap) * 0.7);
    }
    .going .summary-text {
      padding-block: 0;
    }
    .summary-text > span {
      font-size: 0.875em;
    }
    .summary-buttons button {
      padding-inline: 0.8em;
      font-size: 0.9375em;
    }
    .summary.going {
      row-gap: 2px;
    }
    .summary:is(.done, .failed):has(.summary-buttons button) {
      padding-block-end: 12px;
    }
  }
  /* Two remedies stay together, below the reason. */
  @container (max-width: 28em) {
    .failure .status {
      flex-basis: 100%;
    }
  }
  /* Where the buttons have no room beside the title, they follow the numbers and their bar. */
  @container (max-width: 24em) {
    .going > :is(.summary-buttons, .failure) {
      order: 2;
      margin-block-start: 6px;
    }
  }
  /* Long words in large text need the room. */
  @container (max-width: 14em) {
    .summary:is(.done, .failed) {
      column-gap: 0;
      padding-inline-end: 8px;
    }
    .summary:is(.done, .failed) .news {
      display: none;
    }
  }
`;
