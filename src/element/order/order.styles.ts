/** Styles of handles and of the file that is being moved. */

import { css } from 'lit';

export const orderStyles = css`
  button.grip {
    display: grid;
    place-items: center;
    padding: 0;
    border: 0;
    cursor: grab;
    touch-action: none;
  }
  .row {
    --_high: min(var(--_badge), max(36px, 2em));
  }
  /* Its dots stand beside the picture, over whose edge it reaches. */
  .row > .grip,
  .row > .grip:hover {
    grid-area: badge;
    position: relative;
    justify-items: start;
    inline-size: max(24px, 1.5em);
    block-size: var(--_high);
    min-inline-size: 0;
    min-block-size: 0;
    max-inline-size: none;
    margin-inline-start: calc(0px - var(--_start));
    background: none;
    color: var(--_muted);
    z-index: 1;
  }
  .row > .grip .tip {
    grid-template-columns: 100%;
    inline-size: var(--_start);
  }
  .row:hover > .grip {
    color: inherit;
  }
  /* The list is cut at its edge; in two colours, of which one is seen on the picture. */
  .row > .grip:focus-visible {
    justify-items: center;
    outline-offset: -2px;
    background: var(--fastio-upload-surface, Canvas);
    box-shadow: inset 0 0 0 4px var(--_on-accent);
  }
  .grip .icon {
    inline-size: max(15px, 0.95em);
    block-size: max(15px, 0.95em);
    stroke-width: 3.4;
  }
  .picture > .grip .icon {
    inline-size: 20px;
    block-size: 20px;
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
    .picture > .grip {
      opacity: 0;
    }
    .tile:is(:hover, :focus-within) .grip,
    .grip[aria-pressed='true'] {
      opacity: 1;
    }
  }
  @media (pointer: coarse) {
    .row {
      --_high: 44px;
    }
    .row > .grip,
    .row > .grip:hover {
      inline-size: 44px;
    }
  }
  @container (max-width: 34em) {
    .row > .grip {
      align-self: start;
      margin-block-start: calc((var(--_badge) - var(--_high)) / 2);
    }
  }
  @container (max-width: 18em) {
    .row > .grip .icon {
      inline-size: 15px;
      block-size: 15px;
    }
    .row > .grip {
      align-self: center;
      margin-block: 0;
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
  /* The outline and the tint, because a shadow alone is not seen on a dark page. */
  .list .lifted {
    z-index: 2;
    border-radius: var(--_small-radius);
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
    background:
      linear-gradient(color-mix(in srgb, var(--_accent) 9%, transparent) 0 0),
      linear-gradient(var(--_surface) 0 0),
      Canvas;
    box-shadow: 0 8px 24px rgb(0 0 0 / 0.22);
  }
  .list .tile.lifted {
    border-radius: var(--_radius);
    outline-width: 3px;
    box-shadow: 0 12px 32px rgb(0 0 0 / 0.4);
  }
  .tile-line:has(> .lifted) {
    position: relative;
    z-index: 2;
  }
  .row.lifted::before {
    opacity: 0;
  }
  .ordered :is(.thumbnail, .tick, .status .icon) {
    animation: none;
  }
  @media (forced-colors: active) {
    .picture > .grip {
      border: 1px solid ButtonBorder;
    }
    /* Large dots instead of a border, which would touch the list and the picture. */
    .row > .grip,
    .row > .grip:hover {
      color: ButtonText;
    }
    .row > .grip .icon {
      inline-size: 18px;
      block-size: 18px;
      stroke-width: 3.6;
    }
    .list .lifted {
      outline-color: CanvasText;
    }
  }
`;
