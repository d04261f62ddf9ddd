/** The events of the engine and their details. The element dispatches them again under the same names. */

import type { RejectionCode, UploadErrorInfo } from '../../ports/errors.js';
import type { AnnouncedLimits, Receipt } from '../../ports/protocol.js';
import type { SourceFile } from '../../ports/source.js';
import type { UploadSnapshot, UploadStateName } from './snapshot.js';

export interface EngineEventMap {
  /** Before a file is put on the list; `preventDefault()` refuses it with `rejected-before`. */
  'upload-before': { readonly upload: UploadSnapshot };
  'upload-added': { readonly upload: UploadSnapshot };
  'upload-rejected': { readonly file: SourceFile; readonly code: RejectionCode; readonly message: string };
  'upload-state': { readonly upload: UploadSnapshot; readonly previous: UploadStateName };
  /** At most 10 a second and upload; the last one carries ratio 1. */
  'upload-progress': { readonly upload: UploadSnapshot };
  'part-complete': { readonly upload: UploadSnapshot; readonly part: number; readonly receipt: Receipt };
  'upload-retry': {
    readonly upload: UploadSnapshot;
    readonly attempt: number;
    readonly delayMs: number;
    readonly error: UploadErrorInfo;
  };
  /** Stored; exactly once. */
  'upload-complete': { readonly upload: UploadSnapshot; readonly fileId: string; readonly result: unknown };
  'upload-failed': { readonly upload: UploadSnapshot; readonly error: UploadErrorInfo };
  'upload-canceled': { readonly upload: UploadSnapshot };
  'upload-removed': { readonly upload: UploadSnapshot };
  /** Records found after a reload, before any continues. */
  'uploads-restored': { readonly uploads: readonly UploadSnapshot[] };
  /** Nothing is left to do. */
  'queue-complete': {
    readonly completed: readonly UploadSnapshot[];
    readonly failed: readonly UploadSnapshot[];
    readonly canceled: readonly UploadSnapshot[];
  };
  /**
   * The browser keeps no records (storage full or forbidden, database blocked or deleted): uploads go on in memory, and
   * nothing of them outlives the page. At most once.
   */
  'resume-unavailable': Readonly<Record<string, never>>;
  /** Limits that the backend announced are now in force. */
  'limits-changed': { readonly limits: AnnouncedLimits };
}

/** All names, for code that passes every event on. */
export const ENGINE_EVENTS = [
  'upload-before',
  'upload-added',
  'upload-rejected',
  'upload-state',
  'upload-progress',
  'part-complete',
  'upload-retry',
  'upload-complete',
  'upload-failed',
  'upload-canceled',
  'upload-removed',
  'uploads-restored',
  'queue-complete',
  'resume-unavailable',
  'limits-changed',
] as const satisfies readonly (keyof EngineEventMap)[];
