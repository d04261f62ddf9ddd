/** Styles of the discs on a picture: progress, and what came of it. */

import { css } from 'lit';

export const dialStyles = css`
  .dial,
  .tick {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-end: 8px;
    display: grid;
    place-items: center;
    aspect-ratio: 1;
    border-radius: 50%;
  }
  /* In two colours of its own, so that it is seen on any picture. */
  .dial {
    inline-size: max(46px, 3.3em);
    background: Canvas;
    color: CanvasText;
    box-shadow: 0 1px 5px 2px rgb(0 0 0 / 0.3);
    transform-origin: 100% 100%;
  }
  .dial:dir(rtl) {
    transform-origin: 0 100%;
  }
  .dial b {
    grid-area: 1 / 1;
    font-size: max(11px, 0.8125em);
    font-weight: 700;
    font-variant-numeric: tabular-nums;
  }
  .dial.full b {
    visibility: hidden;
  }
  /* Where the share is unknown. */
  .dial.open::after {
    content: '…' / '';
    grid-area: 1 / 1;
    font-weight: 700;
    line-height: 1;
  }
  .ring {
    grid-area: 1 / 1;
    inline-size: 100%;
    fill: none;
    stroke: var(--_accent);
    stroke-width: 3;
    stroke-linecap: round;
    transform: rotate(-90deg);
  }
  /* Closes before it becomes the tick. */
  .full .ring .confirmed {
    stroke: var(--_success);
    stroke-dasharray: none;
  }
  .ring .track {
    stroke: currentColor;
    opacity: 0.16;
  }
  .dial.paused .ring,
  .dial.waiting .ring {
    stroke: var(--_muted);
  }
  .ring .sent {
    opacity: 0.45;
  }
  /* The corners of a drawing that turns as a whole would take room. */
  .open .ring circle {
    transform-origin: 50% 50%;
    animation: turn 1.2s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(360deg);
    }
  }
  /* More of a small picture is seen. */
  @container (max-width: 24em) {
    .dial {
      inline-size: max(44px, 3.15em);
    }
  }
  @media (forced-colors: active) {
    .dial {
      forced-color-adjust: none;
      color: CanvasText;
      background: Canvas;
      border: 1px solid CanvasText;
      box-shadow: none;
    }
    .ring .sent {
      opacity: 0.55;
    }
    .ring,
    .full .ring .confirmed {
      stroke: CanvasText;
    }
  }
`;
