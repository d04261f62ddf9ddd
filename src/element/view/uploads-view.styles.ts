/** Styles of the view. */

import { css } from 'lit';
import { formStyles } from '../form/form.styles.js';
import { barStyles } from '../list/bar.styles.js';
import { listStyles } from '../list/upload-list.styles.js';
import { noticeStyles } from '../status/notices.styles.js';
import { summaryStyles } from '../status/summary.styles.js';
import { inviteStyles } from '../zone/invite.styles.js';
import { zoneBesideListStyles } from '../zone/zone-beside-list.styles.js';
import { badgeStyles } from './file-badge.styles.js';
import { fieldStyles } from './row-fields.styles.js';
import { successStyles } from './success.styles.js';

const sharedStyles = css`
  :host {
    --_success: var(--fastio-upload-success, light-dark(#12784a, #58d39b));
    --_warning: var(--fastio-upload-warning, light-dark(#855600, #f0bf5a));
  }
  button.icon-button {
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: max(36px, 2em);
    block-size: max(36px, 2em);
    padding: 0;
    background: none;
    color: var(--_muted);
  }
  button.icon-button:hover {
    color: inherit;
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  /* The tooltip is not part of the button, whose description would repeat its name. */
  .tip {
    display: grid;
    place-items: center;
    inline-size: 100%;
    block-size: 100%;
  }
  /* The dot stands in the margin before its piece; where a line starts, that is outside of the text and clipped. */
  .status > span,
  .summary-text > span {
    overflow-x: clip;
  }
  :is(.status, .summary) .piece {
    position: relative;
  }
  :is(.status, .summary) .piece:not(:last-child) {
    margin-inline-end: 0.5em;
  }
  :is(.status, .summary) .piece i {
    position: absolute;
    inset-inline-end: calc(100% + 0.24em);
    /* Or forced colours would paint a second line of it over what is below. */
    white-space: nowrap;
  }
  .scroller :focus-visible {
    outline-offset: -2px;
  }
  @keyframes come {
    from {
      opacity: 0;
      transform: translateY(-6px);
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes pop {
    from {
      opacity: 0;
      transform: scale(0.4);
    }
  }
  .root {
    position: relative;
  }
  /* What was removed and is still fading out. */
  .leaving {
    contain: strict;
    pointer-events: none;
  }
  /* Of a zone that has been there, nothing appears anew. */
  .leaving .zone .disc::before,
  .leaving .zone .disc::after {
    animation: none;
  }
  [data-action^='resume'] .icon:dir(rtl) {
    transform: scaleX(-1);
  }
`;

const adaptiveStyles = css`
  @media (pointer: coarse) {
    button.icon-button {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
  }
  /* With large text a long word needs the room. */
  @container (max-width: 14em) {
    button:not(.icon-button, .grip) {
      padding-inline: 0.4em;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .bar.open::after {
      inline-size: 100%;
      opacity: 0.4;
    }
  }
  @media (forced-colors: active) {
    .notice > .icon {
      color: CanvasText;
    }
    button:disabled {
      opacity: 1;
      color: GrayText;
      border-color: GrayText;
    }
    button.primary:disabled {
      background: ButtonFace;
    }
    /* Buttons have borders, which must not touch. */
    .actions,
    .zone-buttons,
    .summary-buttons,
    .tile-buttons {
      gap: 8px;
    }
  }
`;

export const viewStyles = [
  formStyles,
  inviteStyles,
  zoneBesideListStyles,
  sharedStyles,
  fieldStyles,
  noticeStyles,
  summaryStyles,
  listStyles,
  barStyles,
  badgeStyles,
  successStyles,
  adaptiveStyles,
].flat();
