/** Styles of handles and of the file that is being moved. */

import { css } from 'lit';

export const orderStyles = css`
  /* In the space beside the picture, so that no row changes when handles come and go. */
  button.grip {
    display: grid;
    align-items: center;
    justify-items: start;
    padding: 0;
    border: 0;
    cursor: grab;
    touch-action: none;
  }
  .row > .grip,
  .row > .grip:hover {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    inline-size: 24px;
    block-size: 100%;
    min-inline-size: 0;
    background: none;
    color: var(--_muted);
    z-index: 1;
  }
  .row > .grip .tip {
    inline-size: 14px;
  }
  .grip .icon {
    inline-size: 14px;
    stroke-width: 3.2;
  }
  .picture > .grip .icon {
    inline-size: 20px;
    stroke-width: 2.6;
  }
  .picture > .grip {
    position: absolute;
    inset-block-end: 6px;
    inset-inline-start: 6px;
    justify-items: center;
    z-index: 1;
  }
  .row:has(> .grip) .badge,
  .picture:has(> .grip) {
    cursor: grab;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }
  @media (hover: hover) {
    .row > .grip {
      opacity: 0.85;
    }
    .picture > .grip {
      opacity: 0;
    }
    .row:is(:hover, :focus-within) > .grip,
    .tile:is(:hover, :focus-within) .grip,
    .grip[aria-pressed='true'] {
      opacity: 1;
    }
  }
  @media (pointer: coarse) {
    .row > .grip,
    .row > .grip:hover {
      inline-size: 44px;
    }
  }
  /* Where no picture is beside the name. */
  @container (max-width: 18em) {
    .row:has(> .grip) {
      padding-inline-start: 18px;
    }
    .row > .grip,
    .row > .grip:hover {
      inline-size: 18px;
    }
  }
  .list.moving {
    /* Or the browser would scroll to where a row has gone. */
    overflow-anchor: none;
    user-select: none;
    -webkit-user-select: none;
  }
  .list.landing {
    overflow-anchor: none;
  }
  .moving,
  .moving .grip,
  .moving .badge,
  .moving .picture {
    cursor: grabbing;
  }
  .moving :is(.row, .tile):not(.lifted) {
    transition: translate var(--_time);
  }
  .list .lifted {
    z-index: 2;
    border-radius: var(--_small-radius);
    background: linear-gradient(var(--_surface) 0 0) Canvas;
    box-shadow: 0 8px 24px rgb(0 0 0 / 0.22);
  }
  .tile.lifted {
    outline: 6px solid Canvas;
    box-shadow: 0 8px 24px 6px rgb(0 0 0 / 0.22);
  }
  .tile-line:has(.lifted) {
    position: relative;
    z-index: 2;
  }
  .row.lifted::before,
  .row.lifted + .row::before {
    opacity: 0;
  }
  .ordered :is(.thumbnail, .tick, .status .icon) {
    animation: none;
  }
  @media (forced-colors: active) {
    .list .lifted {
      outline: 2px solid CanvasText;
    }
  }
`;
