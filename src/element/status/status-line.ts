/** What a file does now, in one line, and the act that mends it. Pure. */

import type { UploadSnapshot, WaitReason } from '../../engine/upload/snapshot.js';
import type { UploadErrorCode, UploadErrorInfo } from '../../ports/errors.js';
import { joinPieces, type Localizer } from '../language/localizer.js';
import { displayName } from './format.js';

/** What the user can do right in the row. */
export type Remedy = 'retry' | 'choose' | 'continue';

/** How the line is meant; colour follows it, words never depend on colour. */
export type Tone = 'plain' | 'good' | 'wait' | 'bad';

export interface StatusLine {
  readonly text: string;
  readonly tone: Tone;
  readonly remedy: Remedy | null;
}

const NOT_MENDED_BY_RETRY: ReadonlySet<UploadErrorCode> = new Set(['too-large']);
const MENDED_BY_CHOOSING: ReadonlySet<UploadErrorCode> = new Set(['source-changed', 'source-unreadable']);

const codeOf = ({ error }: UploadSnapshot): UploadErrorCode => error?.code ?? 'internal';

/** What mends a failed upload; null where only another file does. */
export const remedyFor = (upload: UploadSnapshot): Remedy | null =>
  MENDED_BY_CHOOSING.has(codeOf(upload)) ? 'choose' : NOT_MENDED_BY_RETRY.has(codeOf(upload)) ? null : 'retry';

/** Who holds the lock and how long, as far as that is known. */
const lockText = ({ holder, lockedUntil = 0 }: Partial<UploadErrorInfo>, { texts, now }: FailureContext): string[] => [
  ...(holder === undefined ? [] : [texts.text('lockedBy', { holder: displayName(holder) })]),
  ...(lockedUntil > now ? [texts.text('lockedUntil', { time: texts.timeOfDay(lockedUntil) })] : []),
];

export const failedLine = (upload: UploadSnapshot, context: FailureContext): StatusLine => {
  const sentences = [context.texts.text(`error-${codeOf(upload)}`), ...lockText(upload.error ?? {}, context)];
  return { text: sentences.join(' '), tone: 'bad', remedy: remedyFor(upload) };
};

/** Bytes as people see them: a part that is sent again does not take back what was shown. */
export const shownBytes = ({ sentBytes, totalBytes, ratio }: Shown): number =>
  Math.max(sentBytes, Math.floor(ratio * totalBytes));

type Shown = Pick<UploadSnapshot, 'sentBytes' | 'totalBytes' | 'ratio'>;

const uploadingText = (upload: UploadSnapshot, texts: Localizer): string =>
  joinPieces(
    texts.bytesOf(shownBytes(upload), upload.totalBytes),
    upload.bytesPerSecond > 0 && texts.rate(upload.bytesPerSecond),
    upload.remainingMs !== null && upload.bytesPerSecond > 0 && texts.timeLeft(upload.remainingMs),
  );

const untilText = (upload: UploadSnapshot, texts: Localizer, now: number, reason: 'backoff' | 'throttled'): string => {
  const ms = (upload.resumesAt ?? now) - now;
  return ms > 0 ? texts.text(`${reason}Until`, { time: texts.duration(ms) }) : texts.text(reason);
};

/** Sentences that stand alone; the others are followed by how much has been sent. */
const needText = (upload: UploadSnapshot, texts: Localizer, reason: WaitReason | null): StatusLine | null => {
  const percent = texts.percent(upload.totalBytes > 0 ? upload.confirmedBytes / upload.totalBytes : 0);
  if (reason === 'needs-file') return { text: texts.text('needsFile', { percent }), tone: 'wait', remedy: 'choose' };
  if (reason === 'needs-permission') {
    return { text: texts.text('needsPermission', { percent }), tone: 'wait', remedy: 'continue' };
  }
  if (reason === 'needs-sign-in') return { text: texts.text('needsSignIn'), tone: 'wait', remedy: 'continue' };
  return null;
};

const waitText = (upload: UploadSnapshot, texts: Localizer, now: number): string => {
  switch (upload.reason) {
    case 'offline':
      return texts.text('offline');
    case 'other-tab':
      return texts.text('otherTab');
    case 'slots':
      return texts.text('queued');
    case 'throttled':
      return untilText(upload, texts, now, 'throttled');
    case 'user':
      return texts.text('paused');
    default:
      return untilText(upload, texts, now, 'backoff');
  }
};

const pausedLine = (upload: UploadSnapshot, texts: Localizer, now: number): StatusLine => {
  const need = needText(upload, texts, upload.reason);
  if (need) return need;
  const what = upload.state === 'paused' ? texts.text('paused') : waitText(upload, texts, now);
  const bytes = texts.bytesOf(upload.confirmedBytes, upload.totalBytes);
  return { text: joinPieces(what, bytes), tone: upload.state === 'paused' ? 'plain' : 'wait', remedy: null };
};

type FailureContext = Pick<StatusContext, 'texts' | 'now'>;

export interface StatusContext {
  readonly texts: Localizer;
  /** Milliseconds since 1970, for "next try in …". */
  readonly now: number;
  /** Uploads begin by themselves. */
  readonly autoStart: boolean;
  /** The browser does not tell how many bytes are sent. */
  readonly isBlind: boolean;
}

/** Nothing is known of an upload whose bytes are under way, until the server confirms some. */
export const isUnknown = ({ state, sentBytes }: UploadSnapshot, { isBlind }: StatusContext): boolean =>
  isBlind && state === 'uploading' && sentBytes === 0;

export const statusLine = (upload: UploadSnapshot, context: StatusContext): StatusLine => {
  const { texts, now, autoStart } = context;
  const size = texts.bytes(upload.totalBytes);
  const plain = (text: string): StatusLine => ({ text, tone: 'plain', remedy: null });
  switch (upload.state) {
    case 'queued':
      return plain(joinPieces(texts.text(autoStart ? 'queued' : 'ready'), size));
    case 'preparing':
      return plain(joinPieces(texts.text('preparing'), size));
    case 'uploading':
      return plain(
        isUnknown(upload, context) ? joinPieces(texts.text('uploading'), size) : uploadingText(upload, texts),
      );
    case 'finishing':
      return plain(joinPieces(texts.text('finishing'), size));
    case 'done':
      return { text: joinPieces(texts.text('done'), size), tone: 'good', remedy: null };
    case 'canceled':
      return plain(joinPieces(texts.text('canceled'), size));
    case 'failed':
      return failedLine(upload, context);
    default:
      return pausedLine(upload, texts, now);
  }
};
