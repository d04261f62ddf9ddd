/** The status of a file in one line, and the action that fixes its problem. Pure. */

import { html, nothing, type TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { StringKey } from '../../locales/table.js';
import type { UploadErrorCode, UploadErrorInfo } from '../../ports/errors.js';
import { type Localizer, piecesOf, renderPieces } from '../language/localizer.js';
import { bytesOf, displayName, duration, percent, rate, timeLeft, timeOfDay } from './format.js';
import type { ProgressWatch } from './progress-watch.js';

/** The action that a row offers to fix a problem. */
export type Remedy = 'retry' | 'try-now' | 'choose' | 'choose-another' | 'continue' | 'upload-again';

/** The kind of status; it decides the colour, but never alone, because the words say the same. */
export type Tone = 'plain' | 'good' | 'wait' | 'bad';

export interface StatusLine {
  /** The parts of the line, side by side. */
  readonly pieces: readonly string[];
  readonly tone: Tone;
  /** Who wrote the last piece, in whatever language, where that is not this element. */
  readonly author?: 'page' | 'server';
  readonly remedy: Remedy | null;
}

const line = (pieces: readonly string[], tone: Tone = 'plain', remedy: Remedy | null = null): StatusLine => ({
  pieces,
  tone,
  remedy,
});

const MENDED_BY_CHOOSING: ReadonlySet<UploadErrorCode> = new Set(['source-changed', 'source-unreadable']);

/** Whether the server refuses this file for good: for its size, or with a reason that it gives in its own words. */
const isRefused = ({ code, status = 0, retriable, userMessage }: UploadErrorInfo): boolean =>
  code === 'too-large' || (code === 'http' && status >= 400 && status < 500 && !retriable && userMessage !== undefined);

/** The action that fixes a failed upload. */
export const remedyFor = ({ error }: UploadSnapshot): 'retry' | 'choose' | 'choose-another' =>
  error === null
    ? 'retry'
    : MENDED_BY_CHOOSING.has(error.code)
      ? 'choose'
      : isRefused(error)
        ? 'choose-another'
        : 'retry';

/** The key of an error's text: the status distinguishes errors with the same code. */
export const errorKey = ({ code, status = 0 }: UploadErrorInfo): StringKey =>
  code === 'unauthorized' && status === 403
    ? 'errorForbidden'
    : status >= 500 && (code === 'http' || code === 'network')
      ? 'errorServer'
      : `error-${code}`;

export interface FailureContext {
  readonly texts: Localizer;
  /** Milliseconds since 1970, for "retrying in …". */
  readonly now: number;
  /** Milliseconds that an upload may go without confirmed progress. */
  readonly retryWindowMs: number;
  /** The page's custom text for a failed upload. */
  readonly errorText: (upload: UploadSnapshot) => string | undefined;
  /** Whether the element is disabled, and its buttons with it. */
  readonly disabled: boolean;
}

/** Their texts send the user to where a disabled element does not matter. */
const MENDED_ELSEWHERE: ReadonlySet<UploadErrorCode> = new Set([
  'unauthorized',
  'payment-required',
  'cors',
  'configuration',
  'protocol',
  'internal',
]);

/** The first sentence says what is the case, and those after it what to do, which a disabled element does not offer. */
const withoutRemedy = (text: string, { texts, disabled }: FailureContext): string => {
  if (!disabled) return text;
  const [first] = new Intl.Segmenter(texts.lang, { granularity: 'sentence' }).segment(text);
  return first?.segment.trim() ?? text;
};

/** Who holds the lock and for how long, as far as known. */
const lockText = ({ holder, lockedUntil = 0 }: Partial<UploadErrorInfo>, { texts, now }: FailureContext): string[] => [
  ...(holder === undefined ? [] : [texts.text('lockedBy', { holder: displayName(holder) })]),
  ...(lockedUntil > now ? [texts.text('lockedUntil', { time: timeOfDay(texts, lockedUntil) })] : []),
];

const errorSentence = (upload: UploadSnapshot, context: FailureContext): string => {
  const { texts, retryWindowMs } = context;
  const error = upload.error ?? { code: 'internal', message: '', retriable: false };
  const whole = texts.text(errorKey(error), { time: duration(texts, retryWindowMs) });
  const sentence = MENDED_ELSEWHERE.has(error.code) ? whole : withoutRemedy(whole, context);
  return [sentence, ...lockText(error, context)].join(' ');
};

/** An error in the page's function only loses its text, and is reported in the console. */
const ownText = (upload: UploadSnapshot, { errorText }: FailureContext): string | undefined => {
  try {
    return errorText(upload);
  } catch (error) {
    reportError(error);
    return undefined;
  }
};

/** The page's text comes first, then the backend's, then the built-in one. */
export const failedLine = (upload: UploadSnapshot, context: FailureContext): StatusLine => {
  const failed = (...pieces: string[]) => line(pieces, 'bad', remedyFor(upload));
  const own = ownText(upload, context);
  if (own !== undefined) return { ...failed(own), author: 'page' };
  const said = upload.error?.userMessage;
  return said === undefined
    ? failed(errorSentence(upload, context))
    : { ...failed(context.texts.text('serverSays'), said), author: 'server' };
};

/** The text of a status, after the name of the file where that does not stand above it. A server is quoted. */
export const renderWords = ({ pieces, author }: StatusLine, ...before: string[]): TemplateResult => {
  const own = author === undefined ? pieces : pieces.slice(0, -1);
  const words = pieces.at(-1);
  return html`${renderPieces([...before, ...own])}${
    author === undefined
      ? nothing
      : author === 'page'
        ? html`<bdi dir="auto">${words}</bdi>`
        : html`<q part="server-words" dir="auto">${words}</q>`
  }`;
};

type Shown = Pick<UploadSnapshot, 'sentBytes' | 'confirmedBytes' | 'totalBytes' | 'ratio'>;

/** Sent bytes may still be in a buffer, so only this share of them counts before the server confirms. */
const SENT_SHARE = 0.9;

/** The bytes to show: a part that is sent again does not reduce them. */
export const shownBytes = ({ sentBytes, confirmedBytes, totalBytes, ratio }: Shown): number => {
  const sent = Math.max(sentBytes, Math.floor(ratio * totalBytes));
  return Math.floor(confirmedBytes + SENT_SHARE * (sent - confirmedBytes));
};

const uploadingPieces = (upload: UploadSnapshot, texts: Localizer): string[] =>
  piecesOf(
    bytesOf(texts, shownBytes(upload), upload.totalBytes),
    upload.bytesPerSecond > 0 && rate(texts, upload.bytesPerSecond),
    upload.remainingMs !== null && upload.bytesPerSecond > 0 && timeLeft(texts, upload.remainingMs),
  );

type Trouble = 'backoff' | 'server' | 'throttled';

const untilText = ({ resumesAt }: UploadSnapshot, { texts, now }: StatusContext, trouble: Trouble): string => {
  const ms = (resumesAt ?? now) - now;
  return ms > 0 ? texts.text(`${trouble}Until`, { time: duration(texts, ms) }) : texts.text(trouble);
};

/** Statuses without the amount that was sent; all others show it. */
const needLine = (upload: UploadSnapshot, context: StatusContext): StatusLine | null => {
  const { texts } = context;
  const { reason, confirmedBytes, totalBytes } = upload;
  const sent = percent(texts, totalBytes > 0 ? confirmedBytes / totalBytes : 0);
  const need = (key: 'needsFile' | 'needsPermission') =>
    texts.text(confirmedBytes > 0 ? key : `${key}First`, { percent: sent });
  if (reason === 'needs-file') return line([withoutRemedy(need('needsFile'), context)], 'wait', 'choose');
  if (reason === 'needs-permission') return line([need('needsPermission')], 'wait', 'continue');
  if (reason === 'needs-sign-in') return line([texts.text('needsSignIn')], 'wait', 'continue');
  return null;
};

const OWN_WORDS: Partial<Record<string, StringKey>> = {
  'other-tab': 'otherTab',
  'preparing-file': 'preparing',
  slots: 'queued',
};

/** Reasons to wait that are not problems. */
const ORDINARY: ReadonlySet<string | null> = new Set(['slots', 'preparing-file']);

const offlineLine = (bytes: string, { texts, isOfflineTold }: StatusContext): StatusLine =>
  isOfflineTold ? line([texts.text('queued'), bytes]) : line([texts.text('offline'), bytes], 'wait');

const waitText = (upload: UploadSnapshot, context: StatusContext): string => {
  const { reason, id } = upload;
  const key = reason && OWN_WORDS[reason];
  if (key) return context.texts.text(key);
  if (reason === 'throttled') return untilText(upload, context, 'throttled');
  return untilText(upload, context, context.watch.isServerTrouble(id) ? 'server' : 'backoff');
};

const waitingLine = (upload: UploadSnapshot, context: StatusContext): StatusLine => {
  const { texts, watch } = context;
  const need = needLine(upload, context);
  if (need) return need;
  const bytes = bytesOf(texts, upload.confirmedBytes, upload.totalBytes);
  if (upload.reason === 'offline') return offlineLine(bytes, context);
  const isPaused = upload.state === 'paused';
  const isOrdinary = isPaused || ORDINARY.has(upload.reason);
  const mayTry = upload.reason === 'backoff' && watch.isLasting(upload.id);
  return line(
    [isPaused ? texts.text('paused') : waitText(upload, context), bytes],
    isOrdinary ? 'plain' : 'wait',
    mayTry ? 'try-now' : null,
  );
};

export interface StatusContext extends FailureContext {
  /** Whether uploads start on their own. */
  readonly autoStart: boolean;
  readonly watch: ProgressWatch;
  /** Whether the line about all files says that the browser is offline, so that no row has to repeat it. */
  readonly isOfflineTold: boolean;
}

/** True while bytes are on their way but the browser hides progress and the server has confirmed none. */
export const isUnknown = ({ state, sentBytes }: UploadSnapshot, { watch }: StatusContext): boolean =>
  watch.isBlind && state === 'uploading' && sentBytes === 0;

/** Whether all bytes are sent and only the response is missing. */
const isSentOut = ({ sentBytes, confirmedBytes, totalBytes }: UploadSnapshot): boolean =>
  sentBytes === totalBytes && confirmedBytes < totalBytes;

const activeKey = (upload: UploadSnapshot, context: StatusContext): StringKey | null => {
  if (context.watch.isFresh(upload.id)) return 'uploading';
  if (upload.state === 'finishing' || (upload.state === 'uploading' && isSentOut(upload))) return 'finishing';
  if (upload.state === 'preparing') return 'preparing';
  return isUnknown(upload, context) ? 'uploading' : null;
};

export const statusLine = (upload: UploadSnapshot, context: StatusContext): StatusLine => {
  const { texts, autoStart } = context;
  const size = texts.bytes(upload.totalBytes);
  switch (upload.state) {
    case 'queued':
      return line([texts.text(autoStart ? 'queued' : 'ready'), size]);
    case 'preparing':
    case 'uploading':
    case 'finishing': {
      // Other uploads have already noticed; this one's request has not failed yet.
      if (context.watch.isOffline) return offlineLine(bytesOf(texts, shownBytes(upload), upload.totalBytes), context);
      const key = activeKey(upload, context);
      return line(key === null ? uploadingPieces(upload, texts) : [texts.text(key), size]);
    }
    case 'done':
      return line([texts.text('done'), size], 'good');
    case 'canceled':
      return line([texts.text('canceled'), size], 'plain', 'upload-again');
    case 'failed':
      return failedLine(upload, context);
    default:
      return waitingLine(upload, context);
  }
};
