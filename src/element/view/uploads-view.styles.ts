/** Look of all that tells of files. */

import { css } from 'lit';
import { listStyles } from '../list/upload-list.styles.js';
import { noticeStyles } from '../status/notices.styles.js';
import { summaryStyles } from '../status/summary.styles.js';
import { badgeStyles } from './file-badge.styles.js';
import { fieldStyles } from './row-fields.styles.js';

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
  }
  /* The tooltip is not on the button, whose description would repeat its name. */
  .tip {
    display: grid;
    place-items: center;
    inline-size: 100%;
    block-size: 100%;
  }
  .scroller :focus-visible {
    outline-offset: -2px;
  }
  [data-action^='resume'] .icon:dir(rtl) {
    transform: scaleX(-1);
  }
`;

const adaptiveStyles = css`
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
  }
`;

export const viewStyles = [
  sharedStyles,
  fieldStyles,
  noticeStyles,
  summaryStyles,
  listStyles,
  badgeStyles,
  adaptiveStyles,
].flat();
