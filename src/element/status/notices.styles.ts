/** Styles of messages about refused files. */

import { css } from 'lit';

export const noticeStyles = css`
  .notice {
    --_tone: var(--_danger);
    display: flex;
    gap: 10px;
    align-items: start;
    margin-block-start: var(--_gap);
    padding: 6px 8px;
    padding-inline-start: 14px;
    border-radius: var(--_small-radius);
    background: color-mix(in srgb, var(--_tone) 9%, transparent);
    animation: come var(--_time);
  }
  .notice.harmless {
    --_tone: currentColor;
  }
  .notice > .icon {
    color: var(--_tone);
    margin-block-start: 8px;
  }
  .notice-text {
    flex: 1;
    min-inline-size: 0;
    padding-block: 7px;
    font-size: 0.9375em;
  }
  .notice p {
    text-align: start;
  }
  .notice p + p {
    margin-block-start: 6px;
  }
  .notice-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 8px;
  }
  /* Long words in large text need the room. */
  @container (max-width: 14em) {
    .notice > .icon {
      display: none;
    }
    .notice .icon-button {
      inline-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .notice {
      border: 1px solid CanvasText;
    }
  }
`;
