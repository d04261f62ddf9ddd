import { css } from 'lit';

export const fieldStyles = css`
  .extra {
    grid-column: 1 / -1;
    padding-block-start: 8px;
  }
  .fields {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
  }
  .field {
    display: grid;
    gap: 2px;
    flex: 1 1 12em;
    min-inline-size: 0;
    font-size: 0.9em;
  }
  .field-checkbox {
    display: flex;
    flex-direction: row-reverse;
    justify-content: flex-end;
    align-items: center;
    gap: 6px;
  }
  .field :is(input, textarea, select) {
    font: inherit;
    color: inherit;
    background: transparent;
    border: 1px solid var(--_line);
    border-radius: 6px;
    padding: 6px 8px;
    min-inline-size: 0;
  }
`;
