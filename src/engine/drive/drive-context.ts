/** What the steps of one drive share. */

import type { UploadError, UploadErrorCode } from '../../ports/errors.js';
import type { Part, Protocol, Receipt } from '../../ports/protocol.js';
import type { SourceFile } from '../../ports/source.js';
import type { EnginePorts } from '../engine-ports.js';
import type { EngineOptions } from '../options.js';
import type { Waits } from '../schedule/waits.js';
import type { Upload } from '../upload/upload.js';

export interface DriveInit {
  readonly upload: Upload;
  readonly protocol: Protocol;
  readonly options: EngineOptions;
  readonly ports: EnginePorts;
  /** Ends everything; what waits or sends rejects with its reason. */
  readonly signal: AbortSignal;
  /** Writes the record soon. */
  readonly checkpoint: () => void;
  /** Writes the record at once, and resolves when a later page could read it. */
  readonly recorded: () => Promise<void>;
  /** The protocol has opened a session: by now it knows how many uploads it wants open. */
  readonly onOpened: () => void;
  readonly onPart: (part: Part, receipt: Receipt) => void;
  /** The page refused the file: it leaves the list. */
  readonly onRefused: () => void;
  /** The backend refused the user. When another one than the upload's is signed in by now, its signal is aborted. */
  readonly onUnauthorized: () => Promise<void>;
  /** The list that the upload is on, in its order. */
  readonly list: Iterable<Upload>;
  readonly onRetry: (error: UploadError, delayMs: number) => void;
}

export interface DriveContext extends DriveInit {
  readonly waits: Waits;
  /** What it began anew for, because the server lost it: each is forgiven once. */
  readonly startedOver: Set<UploadErrorCode>;
  /** Files that died, each with the one that its handle gave instead. */
  readonly renewals: Map<SourceFile, Promise<SourceFile>>;
}
