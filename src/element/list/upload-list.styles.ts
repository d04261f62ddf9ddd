/** Look of list and rows, and of all lines in narrow places. A row has the same height in every state, so that nothing below it moves. */

import { css } from 'lit';

export const listStyles = css`
  .scroller {
    max-block-size: var(--fastio-upload-list-max-height, 28rem);
    overflow: auto;
    overscroll-behavior: contain;
    /* A layer of its own: a list on a see-through surface is drawn anew in each frame of a scroll else. */
    will-change: scroll-position;
    margin-block-start: 8px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    /* Of the list's own colours: Firefox draws a white bar on a dark page else. */
    scrollbar-color: var(--_muted) transparent;
  }
  .list {
    /* The gap before the first row must not move the list itself. */
    display: flow-root;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .row {
    /* Grows with the text, and not below what an icon needs. */
    --_badge: max(40px, 2.5em);
    position: relative;
    display: grid;
    grid-template:
      'badge name mend actions' auto 'badge status mend actions' auto / var(--_badge)
      minmax(0, 1fr) auto auto;
    column-gap: 12px;
    align-items: center;
    padding-block: 10px 14px;
    padding-inline: 12px 8px;
    contain: layout style;
  }
  .row + .row::before {
    content: '';
    position: absolute;
    inset-inline: 0;
    inset-block-start: 0;
    border-block-start: 1px solid var(--_line);
  }
  .badge {
    grid-area: badge;
    position: relative;
    display: grid;
    place-content: center;
    justify-items: center;
    inline-size: 100%;
    aspect-ratio: 1;
    overflow: hidden;
    line-height: 1.1;
    border-radius: calc(var(--_radius) * 0.66);
    background: color-mix(in srgb, currentColor 9%, transparent);
    color: var(--_muted);
    font-size: max(10px, 0.625em);
    font-weight: 700;
    letter-spacing: 0.02em;
  }
  .badge .icon {
    inline-size: 1.8em;
    block-size: 1.8em;
  }
  .thumbnail {
    position: absolute;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .name {
    grid-area: name;
    display: flex;
    min-inline-size: 0;
    white-space: pre;
  }
  /* Paths read from left to right in every language. */
  .root:dir(rtl) .name {
    flex-direction: row-reverse;
    justify-content: flex-end;
  }
  .folder {
    flex: 0 9 auto;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--_muted);
  }
  .file {
    display: inline-flex;
    flex: 0 1 auto;
    min-inline-size: 0;
    max-inline-size: 100%;
    font-weight: 550;
  }
  .head {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tail {
    flex: none;
  }
  .status {
    grid-area: status;
    display: flex;
    gap: 4px;
    align-items: start;
    min-inline-size: 0;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  .status .icon {
    inline-size: max(16px, 1.15em);
    block-size: 1.45em;
    stroke-width: 2;
  }
  .status.good {
    color: var(--_success);
  }
  .status.wait {
    color: var(--_warning);
  }
  .status.bad {
    color: var(--_danger);
  }
  .mend {
    grid-area: mend;
  }
  .remedy {
    font-size: 0.9375em;
    white-space: nowrap;
  }
  .actions {
    grid-area: actions;
    display: flex;
  }
  .bar {
    position: absolute;
    inset-inline: calc(24px + var(--_badge)) 16px;
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
    visibility: hidden;
  }
  /* Moved and never resized, which would lay out the page in each frame of the transition. */
  .bar span,
  .bar.open::after {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: var(--_accent);
    transition: transform 0.2s linear;
  }
  .bar .sent {
    opacity: 0.4;
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
    animation: storing 1.4s ease-in-out infinite alternate;
  }
  @keyframes storing {
    to {
      transform: translateX(233%);
    }
  }
  @container (max-width: 30em) {
    .row {
      grid-template:
        'badge name actions' auto
        'badge status status' auto
        'badge mend mend' auto / var(--_badge) minmax(0, 1fr) auto;
    }
    .badge {
      align-self: start;
    }
    .mend:not(:empty) {
      padding-block: 6px;
    }
    .remedy {
      white-space: normal;
    }
    .summary {
      grid-template: 'title switches' auto 'detail detail' auto 'mends mends' auto 'bar bar' auto / minmax(0, 1fr) auto;
    }
    .summary-mends {
      grid-area: mends;
      justify-content: start;
    }
    .summary-mends:has(button) {
      padding-block: 6px;
    }
    .summary-text {
      display: contents;
    }
    .summary-text strong {
      grid-area: title;
    }
    .summary-text span {
      grid-area: detail;
    }
  }
  @container (max-width: 18em) {
    .row {
      grid-template:
        'name actions' auto
        'status status' auto
        'mend mend' auto / minmax(0, 1fr) auto;
    }
    .badge {
      display: none;
    }
    .bar {
      inset-inline: 12px;
    }
  }
  @media (forced-colors: active) {
    .bar {
      forced-color-adjust: none;
      background: Canvas;
      outline: 1px solid CanvasText;
      outline-offset: -1px;
    }
    .bar span,
    .bar.open::after {
      background: CanvasText;
    }
    button.filter[aria-pressed='true'] {
      forced-color-adjust: none;
      color: ButtonFace;
      background: ButtonText;
    }
    .badge {
      border: 1px solid CanvasText;
    }
  }
`;
