/** The line over the list: where everything stands, and the acts that concern all files. */

import { html, nothing, type TemplateResult } from 'lit';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isTerminal } from '../../engine/upload/upload-state.js';
import type { StringKey } from '../../locales/table.js';
import type { UploadErrorCode } from '../../ports/errors.js';
import { type IconName, icons } from '../icons.js';
import { joinPieces, type Localizer } from '../language/localizer.js';
import { MANY } from '../list/list-filter.js';
import { setStyle } from '../set-style.js';
import { displayName } from './format.js';
import { failedLine, remedyFor, shownBytes } from './status-line.js';

/** What a button of the summary asks for. */
export type SummaryAction =
  | 'start'
  | 'continue-all'
  | 'choose-again'
  | 'retry-all'
  | 'remove-failed'
  | 'pause-all'
  | 'resume-all'
  | 'cancel-all'
  | 'clear';

/** Counts that the aggregate does not tell; made once for each list of snapshots. */
export interface Census {
  readonly queued: number;
  /** Preparing, uploading, finishing, or waiting for something that comes by itself. */
  readonly active: number;
  readonly paused: number;
  readonly needsFile: number;
  readonly needsPermission: number;
  /** Waits for its file, or for permission to read it. */
  readonly toFinish: number;
  /** The upload that begins next; null when none waits. */
  readonly nextId: string | null;
  /** Can be paused. */
  readonly pausable: number;
  /** Failed, and trying again may mend it. */
  readonly retriable: number;
  /** An upload counts the seconds until it goes on. */
  readonly counting: boolean;
  /** One that failed. */
  readonly failure: UploadSnapshot | null;
  /** What stops every upload until somebody acts. */
  readonly stop: StringKey | null;
}

const STOPPING: ReadonlySet<UploadErrorCode> = new Set(['configuration', 'unauthorized', 'payment-required']);

const stopOf = ({ reason, error }: UploadSnapshot): StringKey | null =>
  reason === 'needs-sign-in' ? 'needsSignIn' : error && STOPPING.has(error.code) ? `error-${error.code}` : null;

const taken = new WeakMap<readonly UploadSnapshot[], Census>();

export const takeCensus = (uploads: readonly UploadSnapshot[]): Census => {
  const census = taken.get(uploads) ?? count(uploads);
  taken.set(uploads, census);
  return census;
};

const count = (uploads: readonly UploadSnapshot[]): Census => {
  let nextId: string | null = null;
  let failure: UploadSnapshot | null = null;
  let stop: StringKey | null = null;
  const census = {
    queued: 0,
    active: 0,
    paused: 0,
    needsFile: 0,
    needsPermission: 0,
    pausable: 0,
    retriable: 0,
    counting: false,
  };
  for (const upload of uploads) {
    const { id, state, reason, resumesAt } = upload;
    if (reason === 'needs-file') census.needsFile += 1;
    else if (reason === 'needs-permission') census.needsPermission += 1;
    else if (state === 'queued') {
      census.queued += 1;
      nextId ??= id;
    } else if (state === 'paused') census.paused += 1;
    else if (state === 'failed') {
      failure = upload;
      if (remedyFor(upload) === 'retry') census.retriable += 1;
    } else if (!isTerminal(state)) {
      census.active += 1;
      if (state !== 'finishing') census.pausable += 1;
    }
    if (resumesAt !== null) census.counting = true;
    if (state === 'failed' || state === 'paused') stop = stopOf(upload) ?? stop;
  }
  return { ...census, failure, stop, nextId, toFinish: census.needsFile + census.needsPermission };
};

export interface SummaryContext {
  readonly texts: Localizer;
  readonly progress: AggregateProgress;
  readonly census: Census;
  /** Nothing of the uploads outlives the page. */
  readonly isResumeOff: boolean;
  readonly disabled: boolean;
  /** Uploads wait for `start()`. */
  readonly startable: boolean;
  /** Clearing stored files would empty the field of a form. */
  readonly clearable: boolean;
  /** Each upload has a row with buttons of its own. */
  readonly hasRows: boolean;
  /** A single row shows the same. */
  readonly hasBar: boolean;
  readonly onAction: (action: SummaryAction) => void;
}

const titleOf = ({ texts, progress, census, startable }: SummaryContext): string => {
  const count = progress.total - progress.canceled;
  const { done, pending } = progress;
  if (startable && census.queued === pending && done === 0) return texts.text('filesReady', { count: census.queued });
  if (pending > 0 && pending === census.toFinish) return texts.text('filesToFinish', { count: pending });
  if (count === 0) return texts.text('filesCanceled', { count: progress.canceled });
  return done === count ? texts.text('filesStored', { count }) : texts.text('filesStoredOf', { done, count });
};

/** What a row would say of the only upload that failed. */
const failureOf = ({ texts, progress, census, hasRows }: SummaryContext): string | false => {
  const { failure } = census;
  if (hasRows || progress.failed !== 1 || failure === null) return false;
  return joinPieces(displayName(failure.name), failedLine(failure, { texts, now: Date.now() }).text);
};

const detailOf = (context: SummaryContext): string => {
  const { texts, progress, census, startable, isResumeOff } = context;
  const { totalBytes, bytesPerSecond, remainingMs, failed, pending } = progress;
  const moving = census.active > 0 && bytesPerSecond > 0;
  const begun = pending > 0 && !(startable && census.active === 0);
  return joinPieces(
    failed > 0 && texts.text('filesFailed', { count: failed }),
    totalBytes > 0 && (begun ? texts.bytesOf(shownBytes(progress), totalBytes) : texts.bytes(totalBytes)),
    moving && texts.rate(bytesPerSecond),
    moving && remainingMs !== null && texts.timeLeft(remainingMs, 'aboutTimeLeft'),
    census.active === 0 && census.paused > 0 && texts.text(census.stop === 'needsSignIn' ? census.stop : 'filesPaused'),
    isResumeOff && pending > 0 && texts.text('resumeOff'),
    failureOf(context),
  );
};

const renderIconButton = (action: SummaryAction, key: StringKey, icon: IconName, context: SummaryContext) => {
  const label = context.texts.text(key);
  return html`<button
    type="button"
    class="icon-button"
    part="action ${action}"
    data-action=${action}
    aria-label=${label}
    title=${label}
    ?disabled=${context.disabled}
    @click=${() => context.onAction(action)}
  >${icons[icon]}</button>`;
};

/** Nothing moves before one of these is pressed. */
const PRIMARY: ReadonlySet<SummaryAction> = new Set(['start', 'continue-all']);

const renderButton = (action: SummaryAction, label: string, context: SummaryContext) =>
  html`<button
    type="button"
    class=${PRIMARY.has(action) ? 'primary' : 'plain'}
    part="button ${action}"
    data-action=${action}
    ?disabled=${context.disabled}
    @click=${() => context.onAction(action)}
  >${label}</button>`;

/** What mends or moves things on, in words. */
const renderMends = (context: SummaryContext): TemplateResult => {
  const { texts, progress, census, startable, clearable, hasRows } = context;
  const { total, pending, failed, done } = progress;
  const { queued, needsFile, needsPermission, retriable } = census;
  // A single one has its button in the row, where there are rows.
  const least = hasRows ? 2 : 1;
  return html`
    ${startable && queued > 0 ? renderButton('start', texts.text('startAll', { count: queued }), context) : nothing}
    ${needsPermission >= least ? renderButton('continue-all', texts.text('continue'), context) : nothing}
    ${
      needsFile >= least
        ? renderButton('choose-again', texts.text('chooseAllAgain', { count: needsFile }), context)
        : nothing
    }
    ${retriable >= least ? renderButton('retry-all', texts.text('retryAll'), context) : nothing}
    ${failed > 0 && !hasRows ? renderButton('remove-failed', texts.text('removeFailed'), context) : nothing}
    ${clearable && (pending === 0 || (done > 0 && total > MANY)) ? renderButton('clear', texts.text('clearFinished'), context) : nothing}
  `;
};

const renderSwitches = (context: SummaryContext): TemplateResult => {
  const { pausable, paused } = context.census;
  const toggle =
    pausable > 0
      ? renderIconButton('pause-all', 'pauseAll', 'pause', context)
      : paused > 0
        ? renderIconButton('resume-all', 'resumeAll', 'resume', context)
        : nothing;
  return html`
    ${toggle}
    ${context.progress.pending > 0 ? renderIconButton('cancel-all', 'cancelAll', 'close', context) : nothing}
  `;
};

const renderTotalBar = ({ texts, progress, census }: SummaryContext): TemplateResult => {
  const { ratio, confirmedBytes, totalBytes, pending } = progress;
  const confirmed = totalBytes > 0 ? Math.min(confirmedBytes / totalBytes, ratio) : ratio;
  return html`<div
    class="bar total ${pending === 0 ? 'over' : census.active === 0 ? 'paused' : ''}"
    part="total-bar"
    role="progressbar"
    aria-label=${texts.text('totalLabel')}
    aria-valuenow=${Math.floor(ratio * 100)}
  >
    <span class="sent" part="bar-sent" ${setStyle({ transform: `translateX(${ratio * 100 - 100}%)` })}></span>
    <span class="confirmed" part="bar-confirmed" ${setStyle({ transform: `translateX(${confirmed * 100 - 100}%)` })}></span>
  </div>`;
};

export const renderSummary = (context: SummaryContext): TemplateResult => html`
  <div class="summary" part="summary">
    <p class="summary-text">
      <strong part="summary-title" dir="auto">${titleOf(context)}</strong>
      <span part="summary-detail" dir="auto">${detailOf(context)}</span>
    </p>
    <div class="summary-mends">${renderMends(context)}</div>
    <div class="summary-switches" part="summary-actions">${renderSwitches(context)}</div>
    ${context.hasBar ? renderTotalBar(context) : nothing}
  </div>
`;
