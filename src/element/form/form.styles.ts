import { css } from 'lit';

export const formStyles = css`
  .field-error {
    display: flex;
    gap: 6px;
    align-items: center;
    margin-block-start: 6px;
    color: var(--_danger);
    font-size: 0.9em;
  }
  .field-error .icon {
    flex: none;
  }
  :host(:state(user-invalid)) .zone {
    border-color: var(--_danger);
  }
`;
