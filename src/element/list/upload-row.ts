/** One file of the list: what it is, what it does now, and the buttons that change that. */

import { html, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isTerminal } from '../../engine/upload/upload-state.js';
import type { StringKey } from '../../locales/table.js';
import { icons } from '../icons.js';
import { setStyle } from '../set-style.js';
import { displayName, extensionOf, folderOf, splitName } from '../status/format.js';
import {
  isUnknown,
  type Remedy,
  type StatusContext,
  type StatusLine,
  shownBytes,
  statusLine,
} from '../status/status-line.js';
import { mayHaveThumbnail, typeGroupOf } from '../zone/type-group.js';

/** What a button of a row asks for; read from `data-action` by the one listener of the list. */
export type RowAction = Remedy | 'prioritize' | 'pause' | 'resume' | 'cancel' | 'remove';

/** What every row needs to know beside its upload. */
export interface RowContext extends StatusContext {
  readonly disabled: boolean;
  /** The upload that begins next; null when none waits. */
  readonly nextId: string | null;
}

const REMEDY_LABELS = {
  retry: ['retry', 'retryFile'],
  choose: ['choose', 'chooseFileAgain'],
  continue: ['continue', 'continueFile'],
} as const satisfies Record<Remedy, readonly [StringKey, StringKey]>;

const NEEDS = new Set<UploadSnapshot['reason']>(['needs-file', 'needs-permission', 'needs-sign-in', 'other-tab']);

/** Pausing makes sense while something would go on by itself, and moving to the front while others are before it. */
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
  remove: icons.close,
} as const;

const renderAction = (
  action: keyof typeof ACTION_ICONS,
  name: string,
  { texts, disabled }: RowContext,
): TemplateResult => {
  const label = texts.text(`${action}File`, { name });
  return html`<button
    type="button"
    class="icon-button"
    part="action ${action}"
    data-action=${action}
    aria-label=${label}
    title=${label}
    ?disabled=${disabled}
  >${ACTION_ICONS[action]}</button>`;
};

const renderRemedy = (remedy: Remedy, name: string, { texts, disabled }: RowContext): TemplateResult => {
  const [label, longLabel] = REMEDY_LABELS[remedy];
  return html`<button
    type="button"
    class="remedy"
    part="button remedy"
    data-action=${remedy}
    aria-label=${texts.text(longLabel, { name })}
    ?disabled=${disabled}
  >${texts.text(label)}</button>`;
};

const renderName = (upload: UploadSnapshot, name: string): TemplateResult => {
  const [head, tail] = splitName(name);
  const folder = displayName(folderOf(upload.relativePath));
  return html`<div class="name" id="name-${upload.id}">${
    folder === '' ? nothing : html`<bdi class="folder" part="folder">${folder}</bdi>`
  }<bdi class="file" part="name" title=${name}><span class="head">${head}</span>${
    tail === '' ? nothing : html`<span class="tail">${tail}</span>`
  }</bdi></div>`;
};

const BAR_STATES: ReadonlySet<UploadSnapshot['state']> = new Set([
  'preparing',
  'uploading',
  'finishing',
  'waiting',
  'paused',
]);

/** Two truths: solid is what the server has confirmed, pale is what is on its way. It is full for stored files only. */
const renderBar = (upload: UploadSnapshot, line: StatusLine, context: RowContext) => {
  const { id, state, totalBytes, confirmedBytes } = upload;
  if (!BAR_STATES.has(state)) return nothing;
  const isOpen = state === 'finishing' || isUnknown(upload, context);
  const percent = Math.min(99, totalBytes > 0 ? (shownBytes(upload) / totalBytes) * 100 : 0);
  const confirmed = Math.min(99, totalBytes > 0 ? (confirmedBytes / totalBytes) * 100 : 0);
  return html`<div
    class="bar ${state} ${isOpen ? 'open' : ''}"
    part="bar"
    role="progressbar"
    aria-labelledby="name-${id}"
    aria-valuenow=${isOpen ? nothing : Math.floor(percent)}
    aria-valuetext=${line.text}
  >
    <span class="sent" part="bar-sent" ${setStyle({ transform: `translateX(${percent - 100}%)` })}></span>
    <span class="confirmed" part="bar-confirmed" ${setStyle({ transform: `translateX(${confirmed - 100}%)` })}></span>
  </div>`;
};

const TONE_ICONS = { plain: nothing, wait: nothing, good: icons.check, bad: icons.alert } as const;

/** Everything inside the list item. The item itself belongs to the list, which knows its place. */
export const renderRow = (upload: UploadSnapshot, context: RowContext): TemplateResult => {
  const line = statusLine(upload, context);
  const name = displayName(upload.name);
  const toggle = toggleOf(upload, context);
  return html`
    <span class="badge" part="badge" aria-hidden="true">${icons[typeGroupOf(upload)]}${extensionOf(upload.name)}${
      mayHaveThumbnail(upload) ? html`<canvas class="thumbnail" part="thumbnail" hidden></canvas>` : nothing
    }</span>
    ${renderName(upload, name)}
    <div class="status ${line.tone}" part="status status-${line.tone}">${TONE_ICONS[line.tone]}<span dir="auto">${line.text}</span></div>
    <div class="mend">${line.remedy === null ? nothing : renderRemedy(line.remedy, name, context)}</div>
    <div class="actions" part="actions">
      ${toggle === null ? nothing : renderAction(toggle, name, context)}
      ${renderAction(isTerminal(upload.state) ? 'remove' : 'cancel', name, context)}
    </div>
    ${renderBar(upload, line, context)}
  `;
};
