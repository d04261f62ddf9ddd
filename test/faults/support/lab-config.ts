/** What the tests of the laboratory and its page tell each other. */

import type { UploadErrorInfo, UploadSnapshot } from '../../../src/preset.js';

export interface LabConfig {
  /** Of the element. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the thirty seconds that each phase has. */
  readonly timeouts?: { readonly stallMs: number; readonly responseMs: number; readonly controlMs: number };
  /** How much faster than real the engine's time passes. @default 1 */
  readonly clockRate?: number;
  /** Where the page sends its reports, in a browser where nothing else takes them. */
  readonly reportTo?: string;
}

export type UploadSummary = Pick<
  UploadSnapshot,
  | 'id'
  | 'name'
  | 'state'
  | 'reason'
  | 'totalBytes'
  | 'sentBytes'
  | 'confirmedBytes'
  | 'ratio'
  | 'bytesPerSecond'
  | 'remainingMs'
  | 'resumesAt'
  | 'fileId'
  | 'error'
>;

/** An event of the element, with what a test may ask about it. */
export interface LabReport {
  readonly name: string;
  readonly upload?: UploadSummary | undefined;
  /** State before the change. */
  readonly previous?: string | undefined;
  readonly part?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly error?: UploadErrorInfo | undefined;
  readonly code?: string | undefined;
}

/** As it arrived. */
export interface LabEvent extends LabReport {
  /** Counts the lives of pages: a reload begins another. */
  readonly life: number;
  /** Milliseconds since 1970, on the clock of the test. */
  readonly at: number;
}

/** Reports as a page sends them. */
export interface LabPost {
  /** A name that the page gave itself; a reload gives another. */
  readonly page: string;
  readonly reports: readonly LabReport[];
}
