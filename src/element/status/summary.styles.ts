/** Look of the lines over the list: where everything stands, what can be shown, what holds a form. */

import { css } from 'lit';

export const summaryStyles = css`
  .summary {
    display: grid;
    /* Many buttons stand below each other before they leave no room for the text. */
    grid-template: 'text mends switches' auto 'bar bar bar' auto / minmax(0, 1fr) fit-content(40%) auto;
    align-items: center;
    gap: 2px 8px;
    margin-block-start: var(--_gap);
    padding-inline: 4px;
    font-variant-numeric: tabular-nums;
  }
  .summary-text {
    padding-block: 6px;
  }
  .summary-text strong {
    font-weight: 600;
    margin-inline-end: 0.5em;
  }
  .summary-text span {
    color: var(--_muted);
  }
  .summary-mends {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: end;
  }
  .summary-switches {
    display: flex;
    grid-area: switches;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin-block-start: 6px;
  }
  button.filter {
    border-color: transparent;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  button.filter[aria-pressed='true'] {
    color: inherit;
    border-color: var(--_line);
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  .held {
    margin-block-start: 6px;
    padding-inline: 4px;
    color: var(--_muted);
  }
`;
