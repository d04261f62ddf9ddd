/**
 * Styles of the empty zone that show that it can be clicked, and that react to a drag. Loaded with the list, so nothing
 * here changes the size of the zone at rest.
 */

import { css } from 'lit';

export const inviteStyles = css`
  .zone {
    transition:
      background-color var(--_time),
      border-color var(--_time);
  }
  .zone .disc {
    --_spring: cubic-bezier(0.3, 1.5, 0.5, 1);
    position: relative;
    transition: transform var(--_time) var(--_spring);
  }
  /* The default icon only; a custom one keeps its appearance. */
  .roomy .disc slot > .icon,
  .veil .disc > .icon {
    z-index: 1;
    inline-size: 58%;
    block-size: 58%;
    padding: 12%;
    border-radius: 50%;
    color: var(--_on-accent);
    background: var(--_accent);
    box-shadow: 0 4px 12px color-mix(in srgb, var(--_accent) 32%, transparent);
  }
  /* Two sheets behind the icon, which spread during a drag. */
  .roomy .disc::before,
  .roomy .disc::after {
    content: '';
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 30%;
    inline-size: 40%;
    block-size: 54%;
    /* Set only here: browsers would compute both pseudo-elements of each element in the list for one rule about all. */
    box-sizing: border-box;
    border: 1.5px solid color-mix(in srgb, var(--_accent) 60%, transparent);
    border-radius: 4px;
    background:
      linear-gradient(var(--_accent) 0 0) 50% 26% / 56% 2px no-repeat,
      linear-gradient(var(--_accent) 0 0) 50% 42% / 56% 2px no-repeat,
      light-dark(#fff, #2b3040);
    transform-origin: 50% 100%;
    transition: transform var(--_time) var(--_spring);
    animation: appear var(--_time);
  }
  .roomy .disc::before {
    transform: translateX(-52%) rotate(-14deg);
  }
  .roomy .disc::after {
    transform: translateX(52%) rotate(14deg);
  }
  .zone .disc:has(slot:has-slotted)::before,
  .zone .disc:has(slot:has-slotted)::after {
    content: none;
  }
  /* The second choice is a button, too, and as wide as it looks. */
  .roomy .choose-folder {
    border-color: color-mix(in srgb, var(--_accent) 42%, transparent);
  }
  .over .hint {
    display: none;
  }
  .zone.roomy.over {
    display: grid;
    grid-template: 'disc' auto 'label' auto / minmax(0, 1fr);
    align-content: center;
    justify-items: center;
    gap: 12px;
    /* As high as before, so that nothing below it moves. */
    min-block-size: max(200px, var(--_strip, 0px));
    padding: var(--fastio-upload-zone-padding, 24px);
    text-align: center;
    text-wrap: balance;
    border-style: solid;
    background: color-mix(in srgb, var(--_accent) 8%, var(--_surface));
    box-shadow: 0 0 0 4px color-mix(in srgb, var(--_accent) 22%, transparent);
  }
  /* The words of the drag come from below, and the number of files is laid on the icon. */
  .over .zone-label {
    animation: rise var(--_time);
  }
  .over .disc slot[data-count]::after {
    content: attr(data-count) / '';
    position: absolute;
    inset-block-start: -0.3em;
    inset-inline-end: -0.6em;
    z-index: 2;
    min-inline-size: 1.75em;
    padding-inline: 0.4em;
    border-radius: 1em;
    color: var(--_accent);
    background: Canvas;
    box-shadow: 0 1px 5px rgb(0 0 0 / 0.3);
    font-size: max(12px, 0.8125em);
    font-weight: 700;
    line-height: 1.75;
    text-align: center;
    animation: land var(--_time) var(--_spring);
  }
  .zone .disc:has(slot:has-slotted) slot::after {
    content: none;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  @keyframes land {
    from,
    30% {
      opacity: 0;
      transform: translateY(-14px) scale(0.6);
    }
  }
  .roomy.over .zone-label {
    font-size: clamp(min(1.125em, 9.5cqi), 3cqi, 1.375em);
  }
  .roomy.over .disc::before {
    transform: translate(-88%, -12%) rotate(-24deg);
  }
  .roomy.over .disc::after {
    transform: translate(88%, -12%) rotate(24deg);
  }
  .roomy.over .disc {
    /* For the sheets, which reach above it. */
    margin-block-start: 0.9em;
    transform: translateY(-4px) scale(1.12);
    background: color-mix(in srgb, var(--_accent) 20%, transparent);
  }
  /* Limits as chips. */
  .roomy .hint .piece {
    border-radius: min(1em, var(--_radius));
    background: color-mix(in srgb, currentColor 7%, transparent);
  }
  /* Nothing can be added: flat and grey, with the words that say so. */
  :host(:state(disabled)) .zone {
    border-style: solid;
    border-color: var(--_line);
    background: color-mix(in srgb, currentColor 4%, var(--_surface));
    cursor: not-allowed;
  }
  :host(:state(disabled)) .zone-label {
    font-weight: inherit;
    color: var(--_muted);
  }
  /* The words are enough beside files. */
  :host(:state(disabled)) .line .zone-buttons {
    display: none;
  }
  :host(:state(disabled)) .zone .disc,
  :host(:state(disabled)) .zone .disc slot > .icon {
    color: var(--_muted);
    background: color-mix(in srgb, currentColor 8%, transparent);
    box-shadow: none;
  }
  :host(:state(disabled)) .zone .disc::before,
  :host(:state(disabled)) .zone .disc::after {
    content: none;
  }
  @media (hover: hover) {
    /* A click anywhere does what the button does. */
    :host(:not(:state(disabled))) .zone:hover .choose.quiet {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    :host(:not(:state(disabled))) .zone:hover .choose.primary {
      background: color-mix(in srgb, var(--_accent) 88%, currentColor);
    }
    :host(:not(:state(disabled))) .zone:not(.over):hover {
      border-color: var(--_accent);
      background: color-mix(in srgb, var(--_accent) 4%, var(--_surface));
    }
    :host(:not(:state(disabled))) .zone.roomy:not(.over):hover .disc {
      transform: translateY(-3px);
    }
    :host(:not(:state(disabled))) .zone.roomy:not(.over):hover .disc::before {
      transform: translate(-66%, -4%) rotate(-18deg);
    }
    :host(:not(:state(disabled))) .zone.roomy:not(.over):hover .disc::after {
      transform: translate(66%, -4%) rotate(18deg);
    }
  }
  @media (forced-colors: active) {
    .zone .disc::before,
    .zone .disc::after {
      content: none;
    }
    .zone .disc slot > .icon,
    .veil .disc > .icon {
      color: CanvasText;
      background: none;
      box-shadow: none;
    }
    .roomy .hint .piece {
      border: 1px solid CanvasText;
    }
    .over .disc slot[data-count]::after {
      border: 1px solid CanvasText;
      color: CanvasText;
    }
  }
`;
