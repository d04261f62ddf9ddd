/** Styles of a file's picture, and of the badge of its kind. */

import { css } from 'lit';

export const badgeStyles = css`
  .badge {
    --_kind: #5b6472;
    grid-area: badge;
    position: relative;
    display: grid;
    place-content: center;
    justify-items: center;
    inline-size: 100%;
    aspect-ratio: 1;
    overflow: hidden;
    line-height: 1.1;
    border-radius: var(--_small-radius);
    --_fill: var(--fastio-upload-badge, var(--_kind));
    background: linear-gradient(160deg, var(--_fill), color-mix(in srgb, var(--_fill) 78%, #000));
    color: var(--fastio-upload-on-badge, #fff);
    font-size: max(11px, 0.6875em);
    letter-spacing: 0.02em;
  }
  /* Mixed half and half with the page's accent, darkened, so that badges match a brand and white text stays readable. */
  @supports (color: oklch(from light-dark(red, red) l c h)) {
    .badge {
      --_brand: var(--fastio-upload-accent, var(--_kind));
      --_fill: var(
        --fastio-upload-badge,
        color-mix(in oklch, var(--_kind), oklch(from var(--_brand) min(l, 0.47) min(c, 0.16) h))
      );
    }
  }
  .badge b {
    font-weight: 700;
  }
  .badge b:not(:empty) {
    grid-area: 1 / 1;
  }
  .badge .icon {
    grid-area: 1 / 1;
    inline-size: 2em;
    block-size: 2em;
  }
  .badge.lettered > .icon {
    display: none;
  }
  .badge.kind-image {
    --_kind: #0b7285;
  }
  .badge.kind-video {
    --_kind: #7a3fc0;
  }
  .badge.kind-audio {
    --_kind: #b02a70;
  }
  .badge.kind-archive {
    --_kind: #5b4bd0;
  }
  /* Not red, which is for what has failed. */
  .badge.kind-pdf {
    --_kind: #b45a00;
  }
  .badge.kind-document {
    --_kind: #2b5fc7;
  }
  .badge.kind-table {
    --_kind: #17744a;
  }
  .thumbnail {
    position: absolute;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .short .thumbnail {
    animation: appear var(--_time);
  }
  /* Only over a video frame, which would look like a photograph. */
  .film {
    display: none;
    position: absolute;
    inset: 0;
    margin: auto;
    place-items: center;
    inline-size: max(20px, 26%);
    aspect-ratio: 1;
    border-radius: 50%;
    background: rgb(0 0 0 / 0.55);
  }
  .badge .film .icon {
    display: block;
    inline-size: 64%;
    block-size: 64%;
    fill: currentColor;
  }
  .thumbnail:not([hidden]) + .film {
    display: grid;
  }
`;
