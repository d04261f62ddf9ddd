/**
 * Styles of success: a tick in a disc, which is drawn once, and a tint that is gone with it, so that a list of stored
 * files is calm. Without motion the disc is there at once.
 */

import { css } from 'lit';

export const successStyles = css`
  .mark {
    position: relative;
    display: grid;
    place-items: center;
    flex: none;
    aspect-ratio: 1;
    overflow: clip;
    border-radius: 50%;
    /* The colour of success has contrast with the page, and so has the page with it. */
    color: Canvas;
    background: var(--_tone, var(--_success));
  }
  .mark .icon {
    inline-size: 70%;
    block-size: 70%;
    stroke-width: 2.6;
  }
  .status .mark {
    inline-size: max(16px, 1.3em);
    margin-block-start: calc(0.725em - max(16px, 1.3em) / 2);
  }
  :is(.short, .summary) .mark {
    animation: pop var(--_time);
  }
  /* Uncovers the tick from its start to its end, as it is drawn by hand in every language. */
  :is(.short, .summary) .mark::after {
    content: '';
    position: absolute;
    inset: 0;
    background: inherit;
    transform: scaleX(0);
    transform-origin: 100%;
    animation: uncover var(--_time) cubic-bezier(0.5, 0, 0.3, 1);
  }
  @keyframes uncover {
    from,
    40% {
      transform: none;
    }
  }
  /* Over what has just been stored; its script takes it away. */
  .tint {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: var(--_success);
    pointer-events: none;
  }
  /* Rows that become lower close up meanwhile; the gap below has the same colour. */
  .row > .tint {
    box-shadow: 0 8px var(--_success);
  }
  .summary .tint {
    background: linear-gradient(to right, var(--_success) 70%, transparent);
    transform-origin: 0;
  }
  .summary .tint:dir(rtl) {
    background-image: linear-gradient(to left, var(--_success) 70%, transparent);
    transform-origin: 100%;
  }
  @media (forced-colors: active) {
    .mark {
      forced-color-adjust: none;
      color: Canvas;
      background: CanvasText;
    }
    .tint {
      display: none;
    }
  }
`;
