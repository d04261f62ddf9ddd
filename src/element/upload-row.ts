/** One file of the list: what it is, what it does now, and the buttons that change that. */

import { html, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../engine/snapshot.js';
import type { StringKey } from '../locales/table.js';
import { displayName, extensionOf, folderOf, splitName } from './format.js';
import { icons } from './icons.js';
import type { Localizer } from './localizer.js';
import { setStyle } from './set-style.js';
import { type Remedy, type StatusLine, statusLine } from './status-line.js';

/** What a button of a row asks for; read from `data-action` by the one listener of the list. */
export type RowAction = Remedy | 'pause' | 'resume' | 'cancel' | 'remove';

/** What every row needs to know beside its upload. */
export interface RowContext {
  readonly texts: Localizer;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly disabled: boolean;
  readonly autoStart: boolean;
}

const REMEDY_LABELS = {
  retry: ['retry', 'retryFile'],
  choose: ['choose', 'chooseFileAgain'],
  continue: ['continue', 'continueFile'],
} as const satisfies Record<Remedy, readonly [StringKey, StringKey]>;

const NEEDS = new Set<UploadSnapshot['reason']>(['needs-file', 'needs-permission', 'needs-sign-in', 'other-tab']);

/** Pausing makes sense while something would go on by itself. */
const toggleOf = ({ state, reason }: UploadSnapshot): 'pause' | 'resume' | null => {
  if (state === 'paused') return NEEDS.has(reason) ? null : 'resume';
  if (state === 'waiting') return NEEDS.has(reason) ? null : 'pause';
  return state === 'preparing' || state === 'uploading' ? 'pause' : null;
};

const isSettled = ({ state }: UploadSnapshot): boolean =>
  state === 'done' || state === 'failed' || state === 'canceled';

const renderAction = (
  action: 'pause' | 'resume' | 'cancel' | 'remove',
  name: string,
  { texts, disabled }: RowContext,
): TemplateResult => {
  const label = texts.text(`${action}File`, { name });
  const icon = action === 'pause' || action === 'resume' ? icons[action] : icons.close;
  return html`<button
    type="button"
    class="icon-button"
    part="action ${action}"
    data-action=${action}
    aria-label=${label}
    title=${label}
    ?disabled=${disabled}
  >${icon}</button>`;
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

const share = (bytes: number, total: number): string => `${total > 0 ? (bytes / total) * 100 : 0}%`;

/** Two truths: solid is what the server has confirmed, pale is what is on its way. */
const renderBar = (upload: UploadSnapshot, line: StatusLine): TemplateResult | typeof nothing => {
  const { id, state, totalBytes, sentBytes, confirmedBytes } = upload;
  if (!BAR_STATES.has(state)) return nothing;
  const storing = state === 'finishing';
  const percent = totalBytes > 0 ? Math.floor((sentBytes / totalBytes) * 100) : 0;
  return html`<div
    class="bar ${state}"
    part="bar"
    role="progressbar"
    aria-labelledby="name-${id}"
    aria-valuenow=${storing ? nothing : Math.min(99, percent)}
    aria-valuetext=${line.text}
  >
    <span class="sent" part="bar-sent" ${setStyle({ 'inline-size': share(sentBytes, totalBytes) })}></span>
    <span class="confirmed" part="bar-confirmed" ${setStyle({ 'inline-size': share(confirmedBytes, totalBytes) })}></span>
  </div>`;
};

const TONE_ICONS = { plain: nothing, wait: nothing, good: icons.check, bad: icons.alert } as const;

/** Everything inside the list item. The item itself belongs to the list, which knows its place. */
export const renderRow = (upload: UploadSnapshot, context: RowContext): TemplateResult => {
  const line = statusLine(upload, context.texts, context.now, context.autoStart);
  const name = displayName(upload.name);
  const toggle = toggleOf(upload);
  const extension = extensionOf(upload.name);
  return html`
    <span class="badge" part="badge" aria-hidden="true">${extension === '' ? icons.file : extension}</span>
    ${renderName(upload, name)}
    <div class="status ${line.tone}" part="status status-${line.tone}">${TONE_ICONS[line.tone]}<span dir="auto">${line.text}</span></div>
    <div class="mend">${line.remedy === null ? nothing : renderRemedy(line.remedy, name, context)}</div>
    <div class="actions" part="actions">
      ${toggle === null ? nothing : renderAction(toggle, name, context)}
      ${renderAction(isSettled(upload) ? 'remove' : 'cancel', name, context)}
    </div>
    ${renderBar(upload, line)}
  `;
};
