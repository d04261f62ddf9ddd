/** The state and callbacks that the steps of one run of `driveUpload` share. */

import type { UploadError, UploadErrorCode } from '../../ports/errors.js';
import type { Part, Protocol, Receipt } from '../../ports/protocol.js';
import type { SourceFile } from '../../ports/source.js';
import type { EnginePorts } from '../engine-ports.js';
import type { EngineOptions } from '../options.js';
import type { Upload } from '../upload/upload.js';
import type { Waits } from './waits.js';

export interface DriveInit {
  readonly upload: Upload;
  readonly protocol: Protocol;
  /** The current options, with the target that the upload is bound to. */
  readonly options: () => EngineOptions;
  readonly ports: EnginePorts;
  /** Aborts the run: pending waits and requests reject with its reason. */
  readonly signal: AbortSignal;
  /** Schedules a write of the record. */
  readonly checkpoint: () => void;
  /** Writes the record now, and resolves once a later page can read it; undefined before the code for it is loaded. */
  readonly recorded: () => Promise<void> | undefined;
  /** The same where a later page can read an older one, and nothing otherwise. */
  readonly corrected: () => Promise<void> | undefined;
  /** A session was opened; the protocol may have changed how many uploads it wants open at once. */
  readonly onOpened: () => void;
  readonly onPart: (part: Part, receipt: Receipt) => void;
  /** `prepare` returned null: the upload is removed from the list. */
  readonly onRefused: () => void;
  /** The backend refused the user. Aborts `signal` when a user other than the upload's is signed in now. */
  readonly onUnauthorized: () => Promise<void>;
  /** All uploads of the list, in its order. */
  readonly list: Iterable<Upload>;
  /** A further attempt is planned. */
  readonly onRetry: (error: UploadError, delayMs: number) => void;
}

export interface DriveContext extends DriveInit {
  readonly waits: Waits;
  /** Error codes for which the upload already started over: each code is allowed once per run. */
  readonly startedOver: Set<UploadErrorCode>;
  /** Files that became unreadable, each with its replacement from the handle. */
  readonly reopened: Map<SourceFile, Promise<SourceFile>>;
}
