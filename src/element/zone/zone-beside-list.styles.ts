/**
 * Styles of the zone beside a list, and of the veil over the page. Loaded with the list; until then the veil is a plain
 * popover.
 */

import { css } from 'lit';

export const zoneBesideListStyles = css`
  /* Words on a colour that is only coming or going could not be read. */
  .zone.line {
    transition: none;
  }
  .zone.line:not(.over) {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
    padding: 6px 8px;
    padding-inline-start: 16px;
  }
  /* As high as without files over it, so that the list below does not move; the words say what has come. */
  .zone.line.over {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    block-size: var(--_strip);
    padding: 0 16px;
    overflow: clip;
    border-style: solid;
    color: var(--_on-accent);
    background: var(--_accent);
    line-height: 1.15;
    text-align: center;
  }
  .line.over .icon {
    inline-size: max(22px, 1.4em);
    block-size: max(22px, 1.4em);
    animation: lift var(--_time) var(--_spring);
  }
  .line.over .disc {
    inline-size: auto;
    display: flex;
    color: inherit;
    background: none;
  }
  /* At the corner of the icon without covering its arrow, and as wide as the number. */
  .line.over .disc slot[data-count]::after {
    position: relative;
    inset-block-start: -0.5em;
    inset-inline-end: 0;
    margin-inline-start: -0.4em;
    min-inline-size: 1.5em;
    padding-inline: 0.3em;
    font-size: max(11px, 0.6875em);
    line-height: 1.5;
  }
  /* Files may be dropped on the list as well, so the frame covers it. */
  :host(:state(dragging):not(:state(empty))) .root::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 1;
    border-radius: var(--_radius);
    /* Around texts at the edge, without room that the page would scroll. */
    outline: 2px solid var(--_accent);
    outline-offset: 6px;
    box-shadow: 0 0 0 6px color-mix(in srgb, var(--_accent) 10%, transparent);
    background: color-mix(in srgb, var(--_accent) 10%, transparent);
    pointer-events: none;
    animation: unfurl var(--_time) cubic-bezier(0.2, 0.7, 0.2, 1);
  }
  @keyframes lift {
    from {
      opacity: 0;
      transform: translateY(14px) scale(0.7);
    }
  }
  @keyframes unfurl {
    from {
      opacity: 0;
      transform: scale(0.985);
    }
  }
  .line:not(.over) .disc,
  .line .hint {
    display: none;
  }
  .line:not(.over) .zone-label {
    /* Wide enough that large text wraps above the button instead of being squeezed beside it. */
    flex: 1 1 8em;
    /* As much above the text as below the button where it wraps. */
    padding-block: 6px;
    font-weight: inherit;
    color: var(--_muted);
  }
  @container (max-width: 20em) {
    .line.over .disc {
      display: none;
    }
  }
  @container (max-width: 24em) {
    .zone.line:not(.over) {
      column-gap: 8px;
      padding: 4px 8px;
      padding-inline-start: 12px;
    }
    .line:not(.over) .zone-label {
      padding-block: 4px;
      font-size: 0.875em;
    }
    .line:not(.over) button {
      font-size: 0.9375em;
    }
  }
  /* With large text on a phone the button is enough, and the list starts higher up. A disabled zone has no button. */
  @container (max-width: 12em) {
    :host(:not(:state(disabled))) .line:not(.over) .zone-label {
      display: none;
    }
    .line:not(.over) button {
      flex: 1;
    }
  }
  @media (forced-colors: active) {
    .zone.line.over {
      forced-color-adjust: none;
      border-color: Highlight;
      color: HighlightText;
      background: Highlight;
    }
    .zone.line.over :is(.disc, .icon) {
      border: 0;
      color: HighlightText;
    }
    :host(:state(dragging):not(:state(empty))) .root::after {
      background: none;
    }
  }
  .veil {
    position: fixed;
    inset: 0;
    inline-size: auto;
    block-size: auto;
    margin: 0;
    padding: 24px;
    border: 0;
    color: inherit;
    background: color-mix(in srgb, Canvas 92%, transparent);
    pointer-events: none;
    animation: pop var(--_time);
  }
  /* It says the same below. */
  .zone:has(~ .veil) {
    opacity: 0;
  }
  .veil-card {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 16px;
    block-size: 100%;
    border: 3px dashed var(--_accent);
    border-radius: calc(var(--_radius) * 1.5);
    background: color-mix(in srgb, var(--_accent) 12%, transparent);
    font-size: 1.375em;
    font-weight: 650;
    text-align: center;
  }
  .veil .disc {
    inline-size: 72px;
    transform: translateY(-4px) scale(1.12);
    color: var(--_on-accent);
    background: var(--_accent);
  }
  @media (forced-colors: active) {
    .veil {
      background: Canvas;
    }
    .veil .disc {
      color: CanvasText;
      background: Canvas;
    }
  }
`;
