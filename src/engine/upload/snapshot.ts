/** Snapshots of uploads for listeners: plain frozen objects, each replaced by a new one when something changes. */

import { isObject } from '../../lib/json.js';
import type { UploadErrorInfo } from '../../ports/errors.js';
import type { ProtocolName } from '../../ports/protocol.js';

export type UploadStateName =
  | 'queued'
  | 'preparing'
  | 'uploading'
  | 'finishing'
  | 'done'
  | 'paused'
  | 'waiting'
  | 'failed'
  | 'canceled';

/** Why an upload is `waiting` or `paused`. */
export type WaitReason =
  | 'backoff'
  | 'offline'
  | 'throttled'
  | 'user'
  | 'other-tab'
  | 'needs-file'
  | 'needs-permission'
  | 'needs-sign-in'
  /** Its data waits for other requests to the same origin. */
  | 'slots'
  /** The page's `prepare` runs. */
  | 'preparing-file';

export interface UploadSnapshot {
  readonly id: string;
  /**
   * The name that is sent: that of the file, unless `rename()` or `prepare` set another, or a file of that name was on
   * the list before.
   */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** MIME type as the browser knows it; may be empty. */
  readonly type: string;
  readonly relativePath: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** What is sent with it when it is opened. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly state: UploadStateName;
  /** Null unless `waiting` or `paused`. */
  readonly reason: WaitReason | null;
  /** Equals `size`. */
  readonly totalBytes: number;
  /** Bytes that were passed to the network and may be lost; never below `confirmedBytes`. */
  readonly sentBytes: number;
  /** Bytes that the server acknowledged. */
  readonly confirmedBytes: number;
  /** 0 to 1; 1 only when `done`. */
  readonly ratio: number;
  /** Smoothed speed; 0 while nothing is sent. */
  readonly bytesPerSecond: number;
  /** Estimated milliseconds until the upload is done; null while unknown. */
  readonly remainingMs: number | null;
  readonly parts: { readonly total: number; readonly confirmed: number } | null;
  /** Counted from 1; grows with each retry and each restart. */
  readonly attempt: number;
  /** Milliseconds since 1970 at which a waiting upload goes on; null while unknown. */
  readonly resumesAt: number | null;
  readonly protocol: ProtocolName | null;
  readonly fileId: string | null;
  /** `result` of the backend's last answer, or without one the answer, parsed. */
  readonly result: unknown;
  readonly error: UploadErrorInfo | null;
}

/** Progress stays below 100 % until the backend confirms. */
export const MAX_UNCONFIRMED_RATIO = 0.999;

/** The progress that a tab shows of an upload that another tab drives. */
export type MirroredProgress = Pick<
  UploadSnapshot,
  'sentBytes' | 'confirmedBytes' | 'ratio' | 'bytesPerSecond' | 'remainingMs' | 'parts'
>;

export const freezeSnapshot = (
  ratio: number,
  bytesPerSecond: number,
  rest: Omit<UploadSnapshot, 'ratio' | 'bytesPerSecond'>,
): UploadSnapshot => Object.freeze({ ratio, bytesPerSecond, ...rest });

// V8 takes a number for an integer until an object of the same shape has a fraction there. It then changes all others, one
// by one as they are read: 30 ms for ten thousand, as soon as the first file moves. So the first one has fractions.
freezeSnapshot(0.5, 0.5, {} as UploadSnapshot);

/** Gateways return what `onStored` returned as `result`. */
export const resultOf = (answer: unknown = null): unknown =>
  isObject(answer) && answer.result !== undefined ? answer.result : answer;

/** All uploads together. */
export interface AggregateProgress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly canceled: number;
  /** Queued, preparing, uploading, finishing, waiting or paused. */
  readonly pending: number;
  /** Bytes of all but canceled uploads. */
  readonly totalBytes: number;
  readonly sentBytes: number;
  readonly confirmedBytes: number;
  /** 0 to 1; 1 only when every upload that was not canceled is done. */
  readonly ratio: number;
  readonly bytesPerSecond: number;
  readonly remainingMs: number | null;
}
