/** What a file does now, in one line, and the act that mends it. Pure. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { StringKey } from '../../locales/table.js';
import type { UploadErrorCode, UploadErrorInfo } from '../../ports/errors.js';
import { type Localizer, piecesOf } from '../language/localizer.js';
import { bytesOf, displayName, duration, percent, rate, timeLeft, timeOfDay } from './format.js';
import type { ProgressWatch } from './progress-watch.js';

/** What the user can do right in the row. */
export type Remedy = 'retry' | 'try-now' | 'choose' | 'continue' | 'upload-again';

/** How the line is meant; colour follows it, words never depend on colour. */
export type Tone = 'plain' | 'good' | 'wait' | 'bad';

export interface StatusLine {
  /** Parts of the line that stand beside each other. */
  readonly pieces: readonly string[];
  readonly tone: Tone;
  readonly remedy: Remedy | null;
}

const line = (pieces: readonly string[], tone: Tone = 'plain', remedy: Remedy | null = null): StatusLine => ({
  pieces,
  tone,
  remedy,
});

const NOT_MENDED_BY_RETRY: ReadonlySet<UploadErrorCode> = new Set(['too-large']);
const MENDED_BY_CHOOSING: ReadonlySet<UploadErrorCode> = new Set(['source-changed', 'source-unreadable']);

const codeOf = ({ error }: UploadSnapshot): UploadErrorCode => error?.code ?? 'internal';

/** What mends a failed upload; null where only another file does. */
export const remedyFor = (upload: UploadSnapshot): Remedy | null =>
  MENDED_BY_CHOOSING.has(codeOf(upload)) ? 'choose' : NOT_MENDED_BY_RETRY.has(codeOf(upload)) ? null : 'retry';

/** The text of an error: its status tells apart what its code has in common. */
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
  /** The page's own words for a failure. */
  readonly errorText: (upload: UploadSnapshot) => string | undefined;
}

/** What holds the lock and how long, as far as that is known. */
const lockText = ({ holder, lockedUntil = 0 }: Partial<UploadErrorInfo>, { texts, now }: FailureContext): string[] => [
  ...(holder === undefined ? [] : [texts.text('lockedBy', { holder: displayName(holder) })]),
  ...(lockedUntil > now ? [texts.text('lockedUntil', { time: timeOfDay(texts, lockedUntil) })] : []),
];

const errorSentence = (upload: UploadSnapshot, context: FailureContext): string => {
  const { texts, retryWindowMs } = context;
  const error = upload.error ?? { code: 'internal', message: '', retriable: false };
  const sentence = texts.text(errorKey(error), { time: duration(texts, retryWindowMs) });
  return [sentence, ...lockText(error, context)].join(' ');
};

/** The page's words come first, then the backend's, then those of the element. */
export const failedLine = (upload: UploadSnapshot, context: FailureContext): StatusLine => {
  const text = context.errorText(upload) ?? upload.error?.userMessage ?? errorSentence(upload, context);
  return line([text], 'bad', remedyFor(upload));
};

type Shown = Pick<UploadSnapshot, 'sentBytes' | 'confirmedBytes' | 'totalBytes' | 'ratio'>;

/** What is sent may be on its way or in a buffer; this share of it is counted before the server confirms it. */
const SENT_SHARE = 0.9;

/** Bytes as people see them: a part that is sent again does not take back what was shown. */
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

/** Sentences that stand alone; the others are followed by how much has been sent. */
const needLine = (upload: UploadSnapshot, texts: Localizer): StatusLine | null => {
  const { reason, confirmedBytes, totalBytes } = upload;
  const sent = percent(texts, totalBytes > 0 ? confirmedBytes / totalBytes : 0);
  const need = (key: 'needsFile' | 'needsPermission') =>
    texts.text(confirmedBytes > 0 ? key : `${key}First`, { percent: sent });
  if (reason === 'needs-file') return line([need('needsFile')], 'wait', 'choose');
  if (reason === 'needs-permission') return line([need('needsPermission')], 'wait', 'continue');
  if (reason === 'needs-sign-in') return line([texts.text('needsSignIn')], 'wait', 'continue');
  return null;
};

const OWN_WORDS: Partial<Record<string, StringKey>> = {
  offline: 'offline',
  'other-tab': 'otherTab',
  'preparing-file': 'preparing',
  slots: 'queued',
};

/** Waits that are no trouble. */
const ORDINARY: ReadonlySet<string | null> = new Set(['slots', 'preparing-file']);

const waitText = (upload: UploadSnapshot, context: StatusContext): string => {
  const { reason, id } = upload;
  const key = reason && OWN_WORDS[reason];
  if (key) return context.texts.text(key);
  if (reason === 'throttled') return untilText(upload, context, 'throttled');
  return untilText(upload, context, context.watch.isServerTrouble(id) ? 'server' : 'backoff');
};

const waitingLine = (upload: UploadSnapshot, context: StatusContext): StatusLine => {
  const { texts, watch } = context;
  const need = needLine(upload, texts);
  if (need) return need;
  const isPaused = upload.state === 'paused';
  const isOrdinary = isPaused || ORDINARY.has(upload.reason);
  const bytes = bytesOf(texts, upload.confirmedBytes, upload.totalBytes);
  const mayTry = upload.reason === 'backoff' && watch.isLasting(upload.id);
  return line(
    [isPaused ? texts.text('paused') : waitText(upload, context), bytes],
    isOrdinary ? 'plain' : 'wait',
    mayTry ? 'try-now' : null,
  );
};

export interface StatusContext extends FailureContext {
  /** Uploads begin by themselves. */
  readonly autoStart: boolean;
  readonly watch: ProgressWatch;
}

/** Nothing is known of an upload whose bytes are under way, until the server confirms some. */
export const isUnknown = ({ state, sentBytes }: UploadSnapshot, { watch }: StatusContext): boolean =>
  watch.isBlind && state === 'uploading' && sentBytes === 0;

/** Every byte was given to the network; what is left is the server's answer. */
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
