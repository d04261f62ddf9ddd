/** Styles of messages about refused files and of the offer to undo. */

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
  .undo {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 12px;
    position: sticky;
    inset-block-end: 12px;
    inline-size: fit-content;
    max-inline-size: 100%;
    margin-block-start: var(--_gap);
    padding: 4px 14px;
    border-radius: var(--_small-radius);
    color: light-dark(#fff, #14161c);
    background: light-dark(#1b1e26, #eceef4);
    box-shadow: 0 8px 24px rgb(0 0 0 / 0.18);
    animation: come var(--_time);
  }
  .undo > span {
    padding-block: 6px;
  }
  .undo button {
    position: relative;
    margin-inline-start: auto;
    background: none;
    color: light-dark(#a9baff, #2f49c8);
  }
  /* Shows how long the offer holds. */
  .undo-time {
    position: absolute;
    inset-inline: 8px;
    inset-block-end: 4px;
    block-size: 2px;
    border-radius: 1px;
    background: currentColor;
    transform-origin: 0;
    animation: drain linear forwards;
  }
  .undo-time:dir(rtl) {
    transform-origin: 100%;
  }
  @keyframes drain {
    to {
      transform: scaleX(0);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .undo-time {
      display: none;
    }
  }
  /* Its text ends as far from the edge as the other begins. */
  .root .undo button[data-action] {
    padding-inline: 8px;
    margin-inline-end: -8px;
  }
  @media (forced-colors: active) {
    .undo,
    .notice {
      border: 1px solid CanvasText;
    }
    .root .undo button[data-action] {
      margin-inline-end: 0;
      color: ButtonText;
    }
    .undo-time {
      forced-color-adjust: none;
      background: ButtonText;
    }
  }
`;
