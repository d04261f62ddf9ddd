/** Styles of the offer to undo. */

import { css } from 'lit';

export const undoStyles = css`
  .undo {
    --_mark: light-dark(#a9baff, #2f49c8);
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
    /* As much below the button as above it, without the line at the edge, and behind its label as before the text. */
    padding: 4px 14px 7px;
    padding-inline-end: 6px;
    /* Cuts the ends of that line. */
    overflow: clip;
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
    margin-inline-start: auto;
    background: none;
    color: var(--_mark);
  }
  /* Shows how long the offer holds. */
  .undo > .undo-time {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    block-size: 3px;
    padding: 0;
    background: var(--_mark);
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
    .undo > .undo-time {
      display: none;
    }
  }
  .root .undo button[data-action] {
    padding-inline: 8px;
  }
  @media (forced-colors: active) {
    .undo {
      border: 1px solid CanvasText;
      color: CanvasText;
      background: Canvas;
    }
    .root .undo button[data-action] {
      color: ButtonText;
    }
    .undo > .undo-time {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }
`;
