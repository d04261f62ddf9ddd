/** Styles of the view. */

import { css } from 'lit';
import { formStyles } from '../form/form.styles.js';
import { barStyles } from '../list/bar.styles.js';
import { narrowListStyles } from '../list/narrow-list.styles.js';
import { listStyles } from '../list/upload-list.styles.js';
import { noticeStyles } from '../status/notices.styles.js';
import { summaryStyles } from '../status/summary.styles.js';
import { undoStyles } from '../status/undo-offer.styles.js';
import { inviteStyles } from '../zone/invite.styles.js';
import { zoneBesideListStyles } from '../zone/zone-beside-list.styles.js';
import { badgeStyles } from './file-badge.styles.js';
import { fieldStyles } from './row-fields.styles.js';
import { successStyles } from './success.styles.js';

const sharedStyles = css`
  :host {
    --_rule: var(--fastio-upload-line-width, 1px);
    --_success: var(--fastio-upload-success, light-dark(#12784a, #58d39b));
    --_warning: var(--fastio-upload-warning, light-dark(#855600, #f0bf5a));
  }
  button:hover {
    background: color-mix(in srgb, currentColor 14%, transparent);
  }
  button.primary:hover {
    background: color-mix(in srgb, var(--_accent) 88%, currentColor);
  }
  /* A line around its words says that they can be pressed; those of the zone have its colour. */
  button.quiet:where(:not(.choose, .choose-folder)) {
    padding-inline: 0.9em;
    border-color: color-mix(in srgb, currentColor 12%, var(--_line));
    font-weight: 500;
    color: inherit;
  }
  button.quiet:hover {
    color: inherit;
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  /* What only tidies up is lighter than what helps, and has its line when the pointer or the keyboard comes. */
  @media (forced-colors: none) {
    :is(.row, .tile-foot) button.quiet.word:not(:hover, :disabled) {
      color: var(--_muted);
    }
  }
  @media (hover: hover) and (forced-colors: none) {
    :is(.row, .tile):not(:hover, :focus-within) button.quiet.word {
      border-color: transparent;
    }
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
    /* Forced colours would paint the line of the space behind the dot over what is below. */
    block-size: 1lh;
    overflow: clip;
  }
  /* In two colours that differ from each other, so that one of them is seen on any picture and on any page. */
  :focus-visible {
    box-shadow: 0 0 0 2px var(--_on-accent);
  }
  .scroller:focus-visible,
  .scroller a:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }
  .root button:disabled {
    opacity: 1;
    font-weight: 400;
    color: color-mix(in srgb, currentColor 62%, transparent);
    cursor: not-allowed;
  }
  .root button.icon-button:disabled {
    color: color-mix(in srgb, currentColor 40%, transparent);
    background: none;
  }
  .root button.primary:disabled {
    color: var(--_muted);
    background: color-mix(in srgb, currentColor 12%, transparent);
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
  .root.folding {
    overflow-y: clip;
  }
  /* In place of the words of the drop area, so that nothing moves or is covered when they come. */
  .keys {
    visibility: hidden;
    position: absolute;
    color: var(--_muted);
    font-size: 0.8125em;
    transform: translateY(-50%);
    pointer-events: none;
  }
  /*
   * Asked of the list before its files: browsers would look through all of them after each change, and for each file that
   * is scrolled to.
   */
  .zone.line:not(.over) ~ .keys:has(+ .scroller:focus-within):has(+ .scroller :is([data-action], a, .tile):focus-visible) {
    visibility: visible;
    animation: appear var(--_time);
  }
  /* What is within an element with :has() takes the change as a property, because WebKit would not see it. */
  .zone.line:not(.over):has(~ .scroller:focus-within):has(~ .scroller :is([data-action], a, .tile):focus-visible) {
    --_words: hidden;
  }
  .line .zone-label {
    visibility: var(--_words, inherit);
  }
  .keys:has(+ .scroller:focus-within):has(+ .scroller .grip:focus-visible) {
    --_of-file: none;
    --_of-handle: block;
  }
  .keys:has(+ .scroller:focus-within):has(+ .scroller .grip[aria-pressed='true']) {
    --_of-file: none;
    --_of-handle: none;
    --_of-lifted: block;
  }
  .of-file {
    display: var(--_of-file, block);
  }
  .of-handle {
    display: var(--_of-handle, none);
  }
  .of-lifted {
    display: var(--_of-lifted, none);
  }
  .hint-keys {
    display: inline-block;
    margin-inline-end: 0.7em;
  }
  kbd {
    display: inline-block;
    min-inline-size: 1.6em;
    margin-inline-end: 2px;
    padding: 0 0.35em;
    border: 1px solid color-mix(in srgb, currentColor 45%, transparent);
    border-radius: 4px;
    font: inherit;
    font-size: 0.9em;
    /* Lower than a line, so that keys of two lines do not touch. */
    line-height: 1.2;
    text-align: center;
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
`;

const adaptiveStyles = css`
  @media (pointer: coarse) {
    button.icon-button {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
  }
  @container (max-width: 18em) {
    .keys kbd {
      min-inline-size: 1.3em;
      padding: 0 0.2em;
    }
    .hint-keys {
      margin-inline-end: 0.4em;
    }
  }
  /* With large text a long word needs the room. */
  @container (max-width: 14em) {
    button:not(.icon-button, .grip) {
      padding-inline: 0.4em;
    }
    /* Where the browser knows how to divide the language's words, and only those too long for a line; names are whole. */
    :is(.zone-label, .summary-text, .status, .notice-text) {
      hyphens: auto;
      hyphenate-limit-chars: 18;
    }
    :is(bdi, q) {
      hyphens: manual;
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
    button.quiet {
      border-color: ButtonBorder;
    }
    .root button:is(:disabled, .icon-button:disabled) {
      color: GrayText;
      /* Important, because the edge of every other button is. */
      border-color: GrayText !important;
    }
    .root button.primary:disabled {
      color: GrayText;
      background: ButtonFace;
    }
    /* Of the page or of the focus, and in a colour of the page. */
    button.primary:enabled {
      box-shadow: none !important;
    }
    /* Shadows are not drawn there, and the picture below may have the colour of the outline. */
    .tile :is(.picture, .actions) :focus-visible {
      forced-color-adjust: none;
      border-color: ButtonBorder;
      color: ButtonText;
      background: ButtonFace;
      outline-color: CanvasText;
      box-shadow: 0 0 0 2px Canvas;
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
  undoStyles,
  summaryStyles,
  listStyles,
  narrowListStyles,
  barStyles,
  badgeStyles,
  successStyles,
  adaptiveStyles,
].flat();
