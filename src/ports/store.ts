/** Stores the records of unfinished uploads, without bytes, grant URLs, tokens and header values. */

import type { ProtocolName, Receipt, SessionRecord } from './protocol.js';
import type { FileHandle } from './source.js';

/** The target of an upload. URLs are absolute. */
export interface TargetRecord {
  readonly endpoint: string;
  readonly protocol: ProtocolName | 'auto';
  readonly confirmEndpoint: string;
  readonly workspaceId: string;
  readonly folderId: string;
  readonly list: string;
}

/** The chosen file, when the sent file has another name or content. */
export interface SourceRecord {
  readonly name: string;
  readonly relativePath: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: number;
  /** Fingerprint of the chosen file; null when it equals the sent file's, or when no digest could be computed. */
  readonly fingerprint: string | null;
  /** Whether the page's `prepare` changed the content. */
  readonly isPrepared: boolean;
}

/** The plain, structured-cloneable state from which a later page resumes an upload. */
export interface UploadRecord {
  readonly id: string;
  /** Identifies the backend; an engine restores only records of its own scope. */
  readonly scope: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly lastModified: number;
  readonly relativePath: string;
  /** Absent in records of older versions, like `source`, `metadata` and `user`. */
  readonly target?: TargetRecord | null;
  /** Null when the chosen file is sent unchanged. */
  readonly source?: SourceRecord | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  /** The backend's opaque id of the user who began the upload; null when it reports none. */
  readonly user?: string | null;
  /** Hex digest of samples of the content; null where none were taken, and where the browser has no digest. */
  readonly fingerprint: string | null;
  /** Reopens the file; null where the browser has no handle. */
  readonly handle: FileHandle | null;
  /** Null, like session and part size, until the upload is opened; a brief file may be opened without a further write. */
  readonly protocol: ProtocolName | null;
  readonly session: SessionRecord | null;
  /** Bytes of every part but the last; or, where sizes differ, the end of each part that was cut. */
  readonly partSize: number | readonly number[] | null;
  /** From this part on, the server's parts may have other bytes (see `PartLedger`); absent when none may. */
  readonly doubtedFrom?: number;
  /** Whether the file may have changed between its parts, so that it is needed to finish; absent when it did not. */
  readonly isUnchecked?: boolean;
  readonly receipts: readonly Receipt[];
  /** Whether the user paused it, so that a reload must not start it. */
  readonly pausedByUser: boolean;
  /** Milliseconds since 1970. Orders the list; a move hands these times on. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
}

/**
 * Every method may reject with an `UploadError` of code `storage`; the engine then continues in memory.
 * The engine leaves out records of a page's store that have expired or that this version cannot read.
 */
export interface Store {
  load(scope: string): Promise<UploadRecord[]>;
  /** The stored record, or null. */
  get(id: string): Promise<UploadRecord | null>;
  /** Writes all records in one transaction. */
  put(records: readonly UploadRecord[]): Promise<void>;
  /** Deletes all of them in one transaction; one that is not there is no error. */
  delete(ids: readonly string[]): Promise<void>;
}
