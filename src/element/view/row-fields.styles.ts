import { css } from 'lit';

export const fieldStyles = css`
  .extra {
    grid-column: 1 / -1;
    padding-block-start: 8px;
    padding-inline-end: 6px;
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
  .field:has(:required) > span::after {
    content: ' *' / '';
    color: var(--_danger);
  }
  .field-checkbox {
    display: flex;
    flex-direction: row-reverse;
    justify-content: flex-end;
    align-items: center;
    align-self: end;
    gap: 6px;
    padding-block: 3px;
  }
  .field-checkbox input {
    inline-size: max(24px, 1.25em);
    block-size: max(24px, 1.25em);
    margin: 0;
    accent-color: var(--_accent);
  }
  .field :is(input, textarea, select) {
    font: inherit;
    color: inherit;
    background: transparent;
    border: 1px solid color-mix(in srgb, currentColor 50%, transparent);
    border-radius: 6px;
    padding: 6px 8px;
    min-inline-size: 0;
  }
  /* As the other inputs: browsers fill an empty box with grey on a dark page. */
  @media (forced-colors: none) {
    .field-checkbox input {
      appearance: none;
      display: grid;
      place-items: center;
      padding: 0;
    }
    .field-checkbox input::before {
      content: '';
      inline-size: 68%;
      aspect-ratio: 1;
      background: var(--_on-accent);
      clip-path: polygon(14% 46%, 2% 60%, 38% 92%, 98% 22%, 85% 10%, 37% 66%);
      transform: scale(0);
      transition: transform var(--_time);
    }
    .field-checkbox input:checked {
      border-color: var(--_accent);
      background: var(--_accent);
    }
    .field-checkbox input:checked::before {
      transform: none;
    }
    .field-checkbox input:disabled {
      opacity: 0.5;
    }
  }
`;
