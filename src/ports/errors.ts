/**
 * What can go wrong, as codes with data. Text for people is made by the element from the code; `message` is for
 * developers: English, without URL queries and without response bodies.
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

/** Why a file was refused before it came on the list. */
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
  /** For people, as the endpoint said it: plain text of at most 200 characters. */
  readonly userMessage?: string;
  /** Whether the same request may succeed later by itself. */
  readonly retriable: boolean;
  /** HTTP status of the answer, if there was one. */
  readonly status?: number;
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The part that failed, counted from 1. */
  readonly partNumber?: number;
  /** Who has locked the file that this upload would replace, where the server says so. */
  readonly holder?: string;
  /** When that lock ends, in milliseconds since 1970 on the server's clock. */
  readonly lockedUntil?: number;
}

type InfoData = Omit<UploadErrorInfo, 'code' | 'message' | 'retriable'>;

/** What there is to say besides code and message; what is not known may be undefined. */
export type UploadErrorData = { readonly [Key in keyof InfoData]: InfoData[Key] | undefined } & {
  /** @default true for `network`, `timeout` and `rate-limited` */
  readonly retriable?: boolean;
  readonly cause?: unknown;
};

/** Codes that time alone may heal. */
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

  /** The same error, but for what is said here. */
  with({ code = this.code, ...data }: UploadErrorData & { readonly code?: UploadErrorCode }): UploadError {
    return new UploadError(code, this.message, { ...this, cause: this.cause, ...data });
  }

  /** The plain form, with absent fields left out. */
  toInfo(): UploadErrorInfo {
    const { code, message, retriable, userMessage, status, retryAfterMs, partNumber, holder, lockedUntil } = this;
    const data = defined({ userMessage, status, retryAfterMs, partNumber, holder, lockedUntil });
    return Object.freeze({ code, message, retriable, ...data });
  }
}

export const isUploadError = (value: unknown): value is UploadError => value instanceof UploadError;

/** Anything that is not ours is a bug and must be seen, not retried. */
export const toUploadError = (value: unknown): UploadError =>
  isUploadError(value)
    ? value
    : new UploadError('internal', value instanceof Error ? value.message : String(value), { cause: value });
