/**
 * Styles of the zone beside a list, and of the veil over the page. Loaded with the list; until then the veil is a plain
 * popover.
 */

import { css } from 'lit';

export const zoneBesideListStyles = css`
  .zone.line:not(.over) {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
    padding: 6px 8px;
    padding-inline-start: 16px;
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
`;
