/** Renders one file of the list: name, status and buttons. */

import { html, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isTerminal } from '../../engine/upload/upload-state.js';
import type { StringKey } from '../../locales/table.js';
import type { StoredEntry } from '../engine/customization.js';
import { icons } from '../icons.js';
import type { RowOrder } from '../order/movable.js';
import { setStyle } from '../set-style.js';
import { displayName, extensionOf, folderOf, joinPieces, tailOf } from '../status/format.js';
import {
  isUnknown,
  type Remedy,
  remedyFor,
  renderWords,
  type StatusContext,
  type StatusLine,
  shownBytes,
  statusLine,
} from '../status/status-line.js';
import { iconOf, kindOf, mayHaveThumbnail } from './file-kind.js';
import type { RowExtras } from './row-extras.js';

/** The action of a button, in `data-action`; one listener of the list handles all rows. */
export type RowAction = Remedy | 'prioritize' | 'pause' | 'resume' | 'cancel' | 'remove' | 'replace' | 'move';

/** What all rows share. */
export interface RowContext extends StatusContext {
  /** The upload that starts next; null when none is queued. */
  readonly nextId: string | null;
  /** Whether the files are the value of a form field. */
  readonly inForm: boolean;
  /** Whether the row replaces the whole field, which holds one file. */
  readonly isField: boolean;
  /** The page's `stored` files, by file id. */
  readonly stored: ReadonlyMap<string | null, StoredEntry>;
  /** Null where there is nothing to order. */
  readonly order: RowOrder | null;
  /** The page's additions to each row. */
  readonly extras: RowExtras;
}

type WordAction = Remedy | 'remove' | 'hide' | 'replace';

const WORDS = {
  retry: ['retry', 'retryFile'],
  'try-now': ['tryNow', 'tryNowFile'],
  choose: ['choose', 'chooseFileAgain'],
  'choose-another': ['chooseAnother', 'chooseAnotherFile'],
  continue: ['continue', 'continueFile'],
  'upload-again': ['uploadAgain', 'uploadAgainFile'],
  remove: ['remove', 'removeFile'],
  hide: ['hide', 'hideFile'],
  replace: ['replace', 'replaceFile'],
} as const satisfies Record<WordAction, readonly [StringKey, StringKey]>;

const NEEDS = new Set<UploadSnapshot['reason']>(['needs-file', 'needs-permission', 'needs-sign-in', 'other-tab']);

/** Pausing is offered while an upload would continue on its own, and prioritizing while others are before it. */
export const toggleOf = (
  { id, state, reason }: UploadSnapshot,
  { nextId }: RowContext,
): 'prioritize' | 'pause' | 'resume' | null => {
  if (state === 'queued') return id === nextId ? null : 'prioritize';
  if (state === 'paused') return NEEDS.has(reason) ? null : 'resume';
  if (state === 'waiting') return NEEDS.has(reason) ? null : 'pause';
  return state === 'preparing' || state === 'uploading' ? 'pause' : null;
};

const ACTION_ICONS = {
  prioritize: icons.next,
  pause: icons.pause,
  resume: icons.resume,
  cancel: icons.close,
} as const;

const renderIconButton = (action: keyof typeof ACTION_ICONS, name: string, context: RowContext): TemplateResult => {
  const { texts, disabled } = context;
  const label = texts.text(`${action}File`, { name });
  return html`<button
    type="button"
    class="icon-button"
    part="action ${action}"
    data-action=${action}
    aria-label=${label}
    aria-keyshortcuts=${action === 'cancel' ? 'Delete' : nothing}
    ?disabled=${disabled}
  ><span class="tip" title=${label}>${ACTION_ICONS[action]}</span></button>`;
};

const renderWord = (action: WordAction, name: string, look: 'plain' | 'quiet', context: RowContext): TemplateResult => {
  const { texts, disabled } = context;
  const [label, longLabel] = WORDS[action];
  return html`<button
    type="button"
    class="${look} word ${action}"
    part="button button-${look} ${look === 'plain' ? 'remedy' : action}"
    data-action=${action === 'hide' ? 'remove' : action}
    aria-label=${texts.text(longLabel, { name })}
    aria-keyshortcuts=${action === 'hide' || action === 'remove' ? 'Delete' : nothing}
    ?disabled=${disabled}
  >${action === 'hide' ? html`<span title=${texts.text(longLabel, { name })}>${texts.text(label)}</span>` : texts.text(label)}</button>`;
};

/** The button that fixes the problem of an upload, if there is one. */
export const renderRemedy = ({ remedy }: StatusLine, name: string, context: RowContext) =>
  remedy === null
    ? nothing
    : renderWord(context.isField && remedy === 'choose-another' ? 'replace' : remedy, name, 'plain', context);

/** The buttons that pause, resume, prioritize or cancel an upload. */
export const renderIconButtons = (upload: UploadSnapshot, name: string, context: RowContext): TemplateResult => {
  const toggle = toggleOf(upload, context);
  return html`${toggle === null ? nothing : renderIconButton(toggle, name, context)}${
    isTerminal(upload.state) ? nothing : renderIconButton('cancel', name, context)
  }`;
};

/** The handle that moves a file on the list. */
export const renderGrip = (upload: UploadSnapshot, name: string, look: 'plain' | 'round', context: RowContext) => {
  const { order, texts } = context;
  if (!order?.isMovable(upload)) return nothing;
  const label = texts.text('moveFile', { name });
  return html`<button
    type="button"
    class="grip ${look === 'round' ? 'icon-button' : ''}"
    part="grip"
    data-action="move"
    aria-label=${label}
    aria-pressed=${order.liftedId === upload.id}
  ><span class="tip" title=${label}>${icons.grip}</span></button>`;
};

/** Ended uploads are removed by a button with text, so that it is not mistaken for one that cancels. */
export const renderWordButtons = (upload: UploadSnapshot, name: string, context: RowContext): TemplateResult => {
  const { inForm, isField } = context;
  const leaves = upload.state === 'failed' || inForm ? 'remove' : 'hide';
  // Where another file is the remedy, the button stands out beside the status.
  const isRemedy = upload.state === 'failed' && remedyFor(upload) === 'choose-another';
  return html`${isField && !isRemedy ? renderWord('replace', name, 'quiet', context) : nothing}${
    isTerminal(upload.state) ? renderWord(leaves, name, 'quiet', context) : nothing
  }`;
};

const LINKED: ReadonlySet<string> = new Set(['http:', 'https:', 'blob:']);

/** Excludes `javascript:` URLs. */
const isLink = (url: string): boolean =>
  URL.canParse(url, document.baseURI) && LINKED.has(new URL(url, document.baseURI).protocol);

/** The name is complete in the text. Where it is cut, styles draw its ending, which is not read aloud. */
export const renderName = (upload: UploadSnapshot, name: string, context: RowContext): TemplateResult => {
  const folder = displayName(folderOf(upload.relativePath));
  const url = context.stored.get(upload.fileId)?.url;
  const whole =
    url !== undefined && isLink(url)
      ? html`<a class="whole" part="link" href=${url} target="_blank" rel="noopener">${name}</a>`
      : html`<span class="whole">${name}</span>`;
  return html`<div class="name" id="name-${upload.id}">${
    folder === '' ? nothing : html`<bdi class="folder" part="folder">${folder}</bdi>`
  }<bdi class="file" part="name" data-tail=${tailOf(name)}>${whole}</bdi></div>`;
};

const BAR_STATES: ReadonlySet<UploadSnapshot['state']> = new Set([
  'preparing',
  'uploading',
  'finishing',
  'waiting',
  'paused',
]);

/** The shares of a bar or a ring, in per cent; null where there is nothing to show. */
export interface Progress {
  readonly sent: number;
  readonly confirmed: number;
  /** Whether bytes are moving but their number is unknown. */
  readonly isOpen: boolean;
}

/** Both the confirmed share and the sent share. Only stored files reach 100 %. */
export const progressOf = (upload: UploadSnapshot, context: RowContext): Progress | null => {
  const { state, totalBytes, confirmedBytes, sentBytes, ratio } = upload;
  if (!BAR_STATES.has(state)) return null;
  const percent = (bytes: number) => Math.min(99, totalBytes > 0 ? (bytes / totalBytes) * 100 : 0);
  return {
    sent: percent(Math.max(sentBytes, Math.floor(ratio * totalBytes))),
    confirmed: percent(confirmedBytes),
    isOpen: !context.watch.isOffline && (state === 'finishing' || isUnknown(upload, context)),
  };
};

/** The value for assistive technology; null while it is unknown. */
export const valueNow = (upload: UploadSnapshot, { isOpen }: Progress): number | null =>
  isOpen ? null : Math.min(99, Math.floor((shownBytes(upload) / Math.max(upload.totalBytes, 1)) * 100));

const renderBar = (upload: UploadSnapshot, line: StatusLine, context: RowContext) => {
  const progress = progressOf(upload, context);
  if (progress === null) return nothing;
  const { sent, confirmed, isOpen } = progress;
  return html`<div
    class="bar ${upload.state} ${isOpen ? 'open' : context.watch.isOffline ? 'waiting' : ''}"
    part="bar"
    role="progressbar"
    aria-labelledby="name-${upload.id}"
    aria-valuenow=${valueNow(upload, progress) ?? nothing}
    aria-valuetext=${joinPieces(line.pieces)}
  >
    <span class="sent" part="bar-sent" ${setStyle({ transform: `translateX(${sent - 100}%)` })}></span>
    <span class="confirmed" part="bar-confirmed" ${setStyle({ transform: `translateX(${confirmed - 100}%)` })}></span>
  </div>`;
};

const TONE_ICONS = {
  plain: nothing,
  wait: nothing,
  good: html`<span class="mark">${icons.check}</span>`,
  bad: icons.alert,
} as const;

/** Tiles have the icon on their picture. */
export const renderStatus = (line: StatusLine, icon: unknown = TONE_ICONS[line.tone]): TemplateResult =>
  html`<div class="status ${line.tone}" part="status status-${line.tone}">${icon}<span>${renderWords(line)}</span></div>`;

/** Without the picture the icon of the kind shows. */
const hide = ({ target }: Event): void => {
  if (target instanceof HTMLElement) target.hidden = true;
};

/** The picture of a file, or the badge of its kind. */
export const renderBadge = (upload: UploadSnapshot, { stored }: RowContext): TemplateResult => {
  const kind = kindOf(upload);
  const extension = extensionOf(upload.name);
  const thumbnailUrl = stored.get(upload.fileId)?.thumbnailUrl;
  return html`<span
    class="badge kind-${kind} ${extension === '' ? '' : 'lettered'}"
    part="badge badge-${kind}"
    aria-hidden="true"
  >${iconOf(kind)}<b>${extension}</b>${
    thumbnailUrl !== undefined
      ? html`<img class="thumbnail" part="thumbnail" src=${thumbnailUrl} alt="" loading="lazy" @error=${hide}>`
      : mayHaveThumbnail(upload)
        ? html`<canvas class="thumbnail" part="thumbnail" hidden></canvas>${
            kind === 'video' ? html`<span class="film">${icons.resume}</span>` : nothing
          }`
        : nothing
  }</span>`;
};

/** Where a narrow row has its buttons: icons in its corner, one word beside the status, others below it. */
const placeOfButtons = ({ state }: UploadSnapshot, { remedy }: StatusLine, { isField }: RowContext) => {
  if (!isTerminal(state) && !isField) return 'corner';
  if (remedy !== null) return 'below';
  return isField ? 'pair' : 'beside';
};

/** The content of the list item. The item itself belongs to the list, which knows its position. */
export const renderRow = (upload: UploadSnapshot, context: RowContext): TemplateResult => {
  const line = statusLine(upload, context);
  const name = displayName(upload.name);
  return html`
    ${renderGrip(upload, name, 'plain', context)}
    ${renderBadge(upload, context)} ${renderName(upload, name, context)} ${renderStatus(line)}
    <div class="ends ${placeOfButtons(upload, line, context)}">
      <div class="mend">${renderRemedy(line, name, context)}</div>
      <div class="actions" part="actions">${renderWordButtons(upload, name, context)}${renderIconButtons(upload, name, context)}</div>
    </div>
    ${context.extras.render(upload)} ${renderBar(upload, line, context)}
  `;
};
