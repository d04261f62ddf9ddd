/** Styles of the drop zone in its three sizes. */

import { css } from 'lit';

export const zoneStyles = css`
  .zone {
    border: 1.5px dashed color-mix(in srgb, currentColor 50%, transparent);
    border-radius: var(--_radius);
    background: var(--_surface);
    cursor: pointer;
  }
  .zone.hidden {
    display: none;
  }
  .zone-text {
    display: contents;
  }
  .zone-label {
    grid-area: label;
    font-weight: 600;
  }
  .hint {
    grid-area: hint;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .zone-buttons {
    grid-area: buttons;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: center;
    max-inline-size: 100%;
  }
  .zone .disc {
    grid-area: disc;
    inline-size: max(64px, 4em);
    color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 12%, transparent);
  }
  .disc .icon {
    inline-size: 46%;
    block-size: 46%;
  }
  .zone.roomy {
    display: grid;
    grid-template: 'disc' auto 'label' auto 'buttons' auto 'hint' auto / minmax(0, 1fr);
    align-content: center;
    justify-items: center;
    gap: 12px;
    /* With and without a line of limits, which a backend may announce later. */
    min-block-size: calc(10em + 48px + 2 * var(--fastio-upload-zone-padding, 24px));
    padding: var(--fastio-upload-zone-padding, 24px);
    text-align: center;
    text-wrap: balance;
  }
  /* Pieces are apart, so that no dot begins a line. */
  .roomy .hint .piece {
    margin: 3px;
    padding: 0.1em 0.75em;
  }
  .roomy .hint i {
    display: none;
  }
  .roomy .hint:not(:has(.piece)) {
    margin-block-start: -12px;
  }
  .hint:not(:has(.piece)) ::slotted(*) {
    display: block;
    margin-block-start: 12px;
  }
  .roomy .zone-label {
    font-size: clamp(1.125em, 3cqi, 1.375em);
  }
  .zone.roomy button {
    min-block-size: 44px;
    padding-inline: min(1.3em, 7cqi);
  }
  .zone .quiet {
    color: var(--_accent);
  }
  .zone.over {
    border-color: var(--_accent);
  }
`;
