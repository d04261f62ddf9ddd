/**
 * Errors as codes with data. The element makes the text for users from the code; `message` is for developers: in
 * English, without URL queries and response bodies.
 */

import { defined } from '../lib/defined.js';

/** Why an upload failed or has to wait. */
export type UploadErrorCode =
  | 'network'
  | 'timeout'
  | 'http'
  | 'rate-limited'
  | 'grant-expired'
  | 'session-lost'
  | 'part-mismatch'
  | 'checksum-mismatch'
  | 'source-changed'
  | 'source-unreadable'
  | 'storage'
  | 'unauthorized'
  | 'payment-required'
  | 'too-large'
  | 'assembly-failed'
  | 'locked'
  | 'cors'
  | 'configuration'
  | 'protocol'
  | 'internal';

/** Why a file was refused before it was added to the list. */
export type RejectionCode =
  | 'rejected-type'
  | 'rejected-size'
  | 'rejected-count'
  | 'rejected-duplicate'
  | 'rejected-before';

/** The error as it appears in snapshots and events: plain, frozen, structured-cloneable. */
export interface UploadErrorInfo {
  readonly code: UploadErrorCode;
  /** For developers, in English. */
  readonly message: string;
  /** The endpoint's text for the user: plain text of at most 200 characters. */
  readonly userMessage?: string;
  /** Whether a retry of the same request may succeed. */
  readonly retriable: boolean;
  /** HTTP status of the answer, if there was one. */
  readonly status?: number;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The part that failed, counted from 1. */
  readonly partNumber?: number;
  /** Name of the user who has locked the file that this upload would replace, if the server reports it. */
  readonly holder?: string;
  /** Expiry of that lock, in milliseconds since 1970 on the server's clock. */
  readonly lockedUntil?: number;
}

type InfoData = Omit<UploadErrorInfo, 'code' | 'message' | 'retriable'>;

/** Data of an error besides code and message; unknown values may be undefined. */
export type UploadErrorData = { readonly [Key in keyof InfoData]: InfoData[Key] | undefined } & {
  /** @default true for `network`, `timeout` and `rate-limited` */
  readonly retriable?: boolean;
  readonly cause?: unknown;
};

/** Codes whose requests may succeed later without a change. */
const RETRIABLE: ReadonlySet<UploadErrorCode> = new Set(['network', 'timeout', 'rate-limited']);

export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: UploadErrorCode;
  readonly retriable: boolean;
  readonly userMessage: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly partNumber: number | undefined;
  readonly holder: string | undefined;
  readonly lockedUntil: number | undefined;

  constructor(code: UploadErrorCode, message: string, data: UploadErrorData = {}) {
    super(message, { cause: data.cause });
    this.code = code;
    this.retriable = data.retriable ?? RETRIABLE.has(code);
    this.userMessage = data.userMessage;
    this.status = data.status;
    this.retryAfterMs = data.retryAfterMs;
    this.partNumber = data.partNumber;
    this.holder = data.holder;
    this.lockedUntil = data.lockedUntil;
  }

  /** A copy of the error with these changes. */
  with({ code = this.code, ...data }: UploadErrorData & { readonly code?: UploadErrorCode }): UploadError {
    return new UploadError(code, this.message, { ...this, cause: this.cause, ...data });
  }

  /** The plain form, without absent fields. */
  toInfo(): UploadErrorInfo {
    const { code, message, retriable, userMessage, status, retryAfterMs, partNumber, holder, lockedUntil } = this;
    const data = defined({ userMessage, status, retryAfterMs, partNumber, holder, lockedUntil });
    return Object.freeze({ code, message, retriable, ...data });
  }
}

export const isUploadError = (value: unknown): value is UploadError => value instanceof UploadError;

/** Any other error is a bug; it becomes `internal`, which is shown and not retried. */
export const toUploadError = (value: unknown): UploadError =>
  isUploadError(value)
    ? value
    : new UploadError('internal', value instanceof Error ? value.message : String(value), { cause: value });
