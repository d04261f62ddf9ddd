/** Styles of the bars that show the progress of a file, and of all. */

import { css } from 'lit';

export const barStyles = css`
  .bar {
    position: absolute;
    inset-inline: calc(var(--_between) + var(--_start) + var(--_badge)) 16px;
    inset-block-end: 6px;
    block-size: 4px;
    border-radius: 2px;
    overflow: hidden;
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  .bar:dir(rtl) {
    transform: scaleX(-1);
  }
  .bar.total {
    position: relative;
    inset: auto;
    grid-area: bar;
  }
  .bar.total.over {
    display: none;
  }
  /* Moved instead of resized, which would cause a layout in each frame of the transition. */
  .bar span,
  .bar.open::after {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: var(--_accent);
    transition: transform var(--_time) linear;
  }
  .bar .sent {
    opacity: 0.4;
  }
  /* Runs into the tick. */
  .bar.full {
    background: none;
  }
  .bar.full .sent {
    display: none;
  }
  .bar.full span {
    background: var(--_success);
  }
  .bar:is(.waiting, .paused) span {
    background: var(--_muted);
  }
  .bar.open span {
    display: none;
  }
  .bar.open::after {
    content: '';
    right: 70%;
    animation: finishing 1.4s ease-in-out infinite alternate;
  }
  @keyframes finishing {
    to {
      transform: translateX(233%);
    }
  }
  @media (forced-colors: active) {
    .bar {
      forced-color-adjust: none;
      block-size: 6px;
      background: Canvas;
      outline: 1px solid CanvasText;
      outline-offset: -1px;
    }
    /* Beside an outline of its own colour. */
    .bar .sent {
      opacity: 0.55;
    }
    .bar span,
    .bar.open::after {
      /* Whatever the page paints the parts with. */
      background: CanvasText !important;
    }
  }
`;
