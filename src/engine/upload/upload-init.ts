/** The constructor's options of an upload, and its observer. */

import type { Clock } from '../../ports/clock.js';
import type { FileHandle, SourceFile } from '../../ports/source.js';
import type { SourceRecord } from '../../ports/store.js';
import type { FileDescription } from './file-description.js';
import type { Metadata } from './metadata.js';
import type { UploadTarget } from './target.js';
import type { Upload } from './upload.js';
import type { UploadState } from './upload-state.js';

/** Notified of every change of an upload. */
export interface UploadObserver {
  changed(upload: Upload, previous: UploadState): void;
  progressed(upload: Upload): void;
  /** It has another name, or other content. */
  described(): void;
  /** `bytes` more were sent. */
  moved(bytes: number): void;
}

export interface UploadInit {
  readonly id: string;
  readonly description: FileDescription;
  /** Null when a record was restored without its file. */
  readonly file: SourceFile | null;
  readonly handle: FileHandle | null;
  readonly target: UploadTarget;
  readonly metadata: Metadata | null;
  /** The chosen file, where what is sent has another name or other content. @default null */
  readonly source?: SourceRecord | null;
  readonly observer: UploadObserver;
  readonly clock: Clock;
  /** @default queued */
  readonly state?: UploadState;
}
