/** The line above the list: the overall status, and the actions for all files. */

import { html, nothing, type TemplateResult } from 'lit';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { StringKey } from '../../locales/table.js';
import type { UploadErrorCode } from '../../ports/errors.js';
import { icons } from '../icons.js';
import { piecesOf, renderPieces } from '../language/localizer.js';
import { MANY } from '../list/list-filter.js';
import { setStyle } from '../set-style.js';
import { type Counts, countUploads } from './counts.js';
import { bytesOf, displayName, rate, timeLeft } from './format.js';
import { errorKey, type FailureContext, failedLine, remedyFor, renderWords, shownBytes } from './status-line.js';

/** The action of a button of the summary. */
export type SummaryAction =
  | 'start'
  | 'continue-all'
  | 'choose-again'
  | 'retry-all'
  | 'choose-failed'
  | 'remove-failed'
  | 'pause-all'
  | 'resume-all'
  | 'cancel-all'
  | 'clear';

/** The failures among all uploads; computed once for each list of snapshots. */
export interface Failures {
  /** Number of failed uploads that may succeed when retried. */
  readonly retriable: number;
  /** One of the failed uploads. */
  readonly failure: UploadSnapshot | null;
  /** The problem that stops all uploads until the user acts; null without one. */
  readonly stop: StringKey | null;
  /** Whether an upload waits for the network. */
  readonly isOffline: boolean;
}

const STOPPING: ReadonlySet<UploadErrorCode> = new Set(['configuration', 'unauthorized', 'payment-required']);

const stopOf = ({ reason, error }: UploadSnapshot): StringKey | null =>
  reason === 'needs-sign-in' ? 'needsSignIn' : error && STOPPING.has(error.code) ? errorKey(error) : null;

const known = new WeakMap<readonly UploadSnapshot[], Failures>();

export const failuresOf = (uploads: readonly UploadSnapshot[]): Failures => {
  const failures = known.get(uploads) ?? findFailures(uploads);
  known.set(uploads, failures);
  return failures;
};

const findFailures = (uploads: readonly UploadSnapshot[]): Failures => {
  let retriable = 0;
  let failure: UploadSnapshot | null = null;
  let stop: StringKey | null = null;
  const { offline: isOffline, stopped } = countUploads(uploads);
  for (const upload of stopped ? uploads : []) {
    const { state } = upload;
    if (state === 'failed') {
      failure = upload;
      if (remedyFor(upload) === 'retry') retriable += 1;
    }
    if (state === 'failed' || state === 'paused') stop = stopOf(upload) ?? stop;
  }
  return { retriable, failure, stop, isOffline };
};

export interface SummaryContext extends FailureContext {
  readonly progress: AggregateProgress;
  readonly counts: Counts;
  readonly failures: Failures;
  /** Whether uploads cannot be resumed after a reload. */
  readonly isResumeOff: boolean;
  /** Whether uploads wait for `start()`. */
  readonly startable: boolean;
  /** False in a form, where clearing stored files would empty the field. */
  readonly clearable: boolean;
  /** Whether each upload has a row with its own buttons. */
  readonly hasRows: boolean;
  /** Whether an offer to undo says that uploads were canceled. */
  readonly isCancelTold: boolean;
  readonly onAction: (action: SummaryAction) => void;
}

/** What the line reports; it decides the styles. */
type News = 'going' | 'failed' | 'done';

const newsOf = ({ progress: { pending, failed, done } }: SummaryContext): News =>
  pending > 0 ? 'going' : failed > 0 ? 'failed' : done > 0 ? 'done' : 'going';

const titleOf = (context: SummaryContext): string => {
  const { texts, progress, counts, startable } = context;
  const { done, pending, failed, canceled } = progress;
  const count = progress.total - canceled;
  if (newsOf(context) === 'failed') return texts.text('filesFailed', { count: failed });
  if (startable && counts.queued === pending && done === 0) return texts.text('filesReady', { count: counts.queued });
  if (pending > 0 && pending === counts.toFinish) return texts.text('filesToFinish', { count: pending });
  if (count === 0) return texts.text('filesCanceled', { count: canceled });
  return done === count ? texts.text('filesStored', { count }) : texts.text('filesStoredOf', { done, count });
};

/** Without rows: which upload failed and why, or how many did; null where the title says so. */
const renderFailed = (context: SummaryContext): TemplateResult | TemplateResult[] | null => {
  const { progress, failures, texts } = context;
  const { failure } = failures;
  if (progress.failed === 1 && failure !== null)
    return renderWords(failedLine(failure, context), displayName(failure.name));
  return newsOf(context) === 'failed' ? null : renderPieces([texts.text('filesFailed', { count: progress.failed })]);
};

/** The failures have a line of their own, with the buttons for them, where no row has one. */
const renderFailure = (context: SummaryContext): TemplateResult | typeof nothing => {
  const { texts, progress, failures, hasRows } = context;
  if (hasRows || progress.failed === 0) return nothing;
  const failed = renderFailed(context);
  const remedy = progress.failed === 1 && failures.failure !== null ? remedyFor(failures.failure) : 'retry';
  return html`<div class="failure" part="summary-failure">
    ${
      failed === null
        ? nothing
        : html`<div class="status bad">${newsOf(context) === 'failed' ? nothing : icons.alert}<span>${failed}</span></div>`
    }
    ${failures.retriable > 0 ? renderButton('retry-all', texts.text('retryAll'), context) : nothing}
    ${remedy === 'retry' ? nothing : renderButton('choose-failed', texts.text(remedy === 'choose' ? 'choose' : 'chooseAnother'), context)}
    ${renderButton('remove-failed', texts.text('removeFailed'), context)}
  </div>`;
};

/** Whether the detail begins with the number of failed files, because other files are still on their way. */
const hasAlarm = (context: SummaryContext): boolean =>
  context.hasRows && context.progress.failed > 0 && newsOf(context) !== 'failed';

const detailOf = (context: SummaryContext): readonly string[] => {
  const { texts, progress, counts, failures, startable, isResumeOff } = context;
  const { isOffline } = failures;
  const { totalBytes, confirmedBytes, bytesPerSecond, remainingMs, failed, done, pending } = progress;
  const moving = counts.active > 0 && bytesPerSecond > 0;
  const begun = pending > 0 && !(startable && counts.active === 0);
  const isFailure = newsOf(context) === 'failed';
  const count = progress.total - progress.canceled;
  return piecesOf(
    hasAlarm(context) && texts.text('filesFailed', { count: failed }),
    isOffline && texts.text('offline'),
    isFailure && done > 0 && texts.text('filesStoredOf', { done, count }),
    totalBytes > 0 &&
      (begun || isFailure
        ? bytesOf(texts, isFailure ? confirmedBytes : shownBytes(progress), totalBytes)
        : texts.bytes(totalBytes)),
    moving && rate(texts, bytesPerSecond),
    moving && remainingMs !== null && timeLeft(texts, remainingMs, 'aboutTimeLeft'),
    counts.active === 0 &&
      counts.paused > 0 &&
      texts.text(failures.stop === 'needsSignIn' ? failures.stop : 'filesPaused'),
    isResumeOff && pending > 0 && texts.text('resumeOff'),
  );
};

/** The buttons without which no upload continues. */
const PRIMARY: ReadonlySet<SummaryAction> = new Set(['start', 'continue-all']);
const QUIET: ReadonlySet<SummaryAction> = new Set(['cancel-all', 'clear', 'remove-failed']);

/** While bytes move only pausing stands out. */
const lookOf = (action: SummaryAction, context: SummaryContext): 'primary' | 'plain' | 'quiet' => {
  if (action === 'pause-all' && context.failures.isOffline) return 'quiet';
  if (PRIMARY.has(action)) return 'primary';
  return QUIET.has(action) || (action === 'retry-all' && newsOf(context) !== 'failed') ? 'quiet' : 'plain';
};

const renderButton = (action: SummaryAction, label: string, context: SummaryContext) =>
  html`<button
    type="button"
    class=${lookOf(action, context)}
    part="button button-${lookOf(action, context)} ${action}"
    data-action=${action}
    ?disabled=${context.disabled}
    @click=${() => context.onAction(action)}
  >${label}</button>`;

const renderButtons = (context: SummaryContext): TemplateResult => {
  const { texts, progress, counts, failures, startable, clearable, hasRows } = context;
  const { total, pending, done, failed } = progress;
  const { queued, needsFile, needsPermission, pausable, paused } = counts;
  // A single upload has its button in the row, if there are rows.
  const least = hasRows ? 2 : 1;
  const canRetry = hasRows && failures.retriable >= least;
  const isMany = total > 1 || !hasRows;
  const button = (isShown: boolean, action: SummaryAction, key: StringKey, count = 0) =>
    isShown ? renderButton(action, texts.text(key, { count }), context) : nothing;
  return html`
    ${button(startable && queued > 0, 'start', 'startAll', queued)}
    ${button(needsPermission >= least, 'continue-all', 'continue')}
    ${button(needsFile >= least, 'choose-again', 'chooseAllAgain', needsFile)}
    ${button(canRetry, 'retry-all', 'retryAll')}
    ${button(hasRows && !canRetry && pending === 0 && failed >= least, 'remove-failed', 'removeFailed')}
    ${button(isMany && pausable > 0, 'pause-all', 'pauseAll')}
    ${button(isMany && pausable === 0 && paused > 0, 'resume-all', 'resumeAll')}
    ${button(isMany && pending > 0, 'cancel-all', 'cancelAll')}
    ${button(clearable && done > 0 && (pending === 0 ? isMany : total > MANY), 'clear', 'clearFinished')}
  `;
};

const renderTotalBar = ({ texts, progress, counts, failures }: SummaryContext): TemplateResult => {
  const { ratio, confirmedBytes, totalBytes, pending } = progress;
  const confirmed = totalBytes > 0 ? Math.min(confirmedBytes / totalBytes, ratio) : ratio;
  return html`<div
    class="bar total ${pending === 0 ? 'over' : counts.active === 0 || failures.isOffline ? 'paused' : ''}"
    part="total-bar"
    role="progressbar"
    aria-label=${texts.text('totalLabel')}
    aria-valuenow=${Math.floor(ratio * 100)}
  >
    <span class="sent" part="bar-sent" ${setStyle({ transform: `translateX(${ratio * 100 - 100}%)` })}></span>
    <span class="confirmed" part="bar-confirmed" ${setStyle({ transform: `translateX(${confirmed * 100 - 100}%)` })}></span>
  </div>`;
};

const NEWS_ICONS = { going: nothing, failed: icons.alert, done: icons.check } as const;

/**
 * A single row contains everything the summary would show, except for buttons that only the summary has. That all is
 * canceled stands in each row, and in the offer to undo it.
 */
export const needsSummary = ({ progress, hasRows, startable, isResumeOff, isCancelTold }: SummaryContext): boolean => {
  const { total, canceled, pending } = progress;
  if (total > 0 && total === canceled) return !hasRows && !isCancelTold;
  return !hasRows || total > 1 || (pending > 0 && (startable || isResumeOff));
};

export const renderSummary = (context: SummaryContext): TemplateResult => {
  const news = newsOf(context);
  return html`
    <div class="summary ${news}" part="summary summary-${news}">
      <span class="news mark">${NEWS_ICONS[news]}</span>
      <p class="summary-text">
        <strong part="summary-title">${titleOf(context)}</strong>
        <span class="${hasAlarm(context) ? 'alarmed' : ''} ${context.failures.isOffline ? 'offline' : ''}" part="summary-detail">${renderPieces(detailOf(context))}</span>
      </p>
      <div class="summary-buttons" part="summary-actions">${renderButtons(context)}</div>
      ${renderFailure(context)}
      ${context.hasRows && context.progress.total < 2 ? nothing : renderTotalBar(context)}
    </div>
  `;
};
