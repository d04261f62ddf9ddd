/** Look of the place where files come in, in its three sizes. */

import { css } from 'lit';

export const zoneStyles = css`
  .zone {
    border: 1.5px dashed color-mix(in srgb, currentColor 50%, transparent);
    border-radius: var(--_radius);
    background: var(--_surface);
    cursor: pointer;
    transition:
      background-color var(--_time),
      border-color var(--_time);
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
    gap: 4px 8px;
    justify-content: center;
    max-inline-size: 100%;
  }
  .zone .disc {
    grid-area: disc;
    inline-size: max(56px, 3.5em);
    color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 12%, transparent);
  }
  .disc .icon {
    inline-size: 46%;
    block-size: 46%;
  }
  .zone.roomy,
  .zone.over {
    display: grid;
    grid-template: 'disc' auto 'label' auto 'buttons' auto 'hint' auto / minmax(0, 1fr);
    align-content: center;
    justify-items: center;
    gap: 10px;
    min-block-size: 180px;
    padding: var(--fastio-upload-zone-padding, 24px);
    text-align: center;
    text-wrap: balance;
  }
  .zone:is(.roomy, .over) .zone-label {
    font-size: 1.125em;
  }
  .zone.roomy button {
    min-block-size: 44px;
    padding-inline: min(1.3em, 7cqi);
  }
  .zone .quiet {
    color: var(--_accent);
  }
  .over .hint {
    display: none;
  }
  .zone.over {
    grid-template: 'disc' auto 'label' auto / minmax(0, 1fr);
    min-block-size: 150px;
    border-style: solid;
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 8%, var(--_surface));
  }
  .zone.roomy.over {
    min-block-size: 200px;
  }
  .over .disc {
    transform: translateY(-4px) scale(1.12);
    color: var(--_on-accent);
    background: var(--_accent);
  }
  :host(:state(disabled)) .zone {
    border-color: var(--_line);
    cursor: default;
  }
  :host(:state(disabled)) .disc {
    opacity: 0.5;
  }
`;
