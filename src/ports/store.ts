/** Keeps the ledger of unfinished uploads. Never bytes, grant URLs, tokens or header values. */

import type { ProtocolName, Receipt, SessionRecord } from './protocol.js';
import type { FileHandle } from './source.js';

/** What an upload is bound to. URLs are absolute. */
export interface TargetRecord {
  readonly endpoint: string;
  readonly protocol: ProtocolName | 'auto';
  readonly confirmEndpoint: string;
  readonly workspaceId: string;
  readonly folderId: string;
  readonly list: string;
}

/** The file that was chosen, where what is sent has another name or other content. */
export interface SourceRecord {
  readonly name: string;
  readonly relativePath: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: number;
  /** Of the chosen file; null where it is the one of what is sent, or where no digest could be made. */
  readonly fingerprint: string | null;
  /** The page's `prepare` made other content of it. */
  readonly isPrepared: boolean;
}

/** The plain, structured-cloneable snapshot of an upload from which a later page goes on. */
export interface UploadRecord {
  readonly id: string;
  /** Which backend it belongs to; records of another scope are not ours to restore. */
  readonly scope: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly lastModified: number;
  readonly relativePath: string;
  /** Absent in records of versions that kept none; so are `source`, `metadata` and `user`. */
  readonly target?: TargetRecord | null;
  /** Null when the file is sent as it was chosen. */
  readonly source?: SourceRecord | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  /** The backend's own word for the user who began it; null where it names none. */
  readonly user?: string | null;
  /** Digest of samples of the content, hex; null where the browser offers no digest. */
  readonly fingerprint: string | null;
  /** The way back to the file, where the browser gave one. */
  readonly handle: FileHandle | null;
  /** Null, like the session and the part size, while the upload has not been opened. */
  readonly protocol: ProtocolName | null;
  readonly session: SessionRecord | null;
  /** Bytes of every part but the last; or, where parts differ, where each of those that were cut ends. */
  readonly partSize: number | readonly number[] | null;
  /** What the server lists from this part on may be other bytes: see `PartLedger`. Absent where it is not. */
  readonly doubtedFrom?: number;
  readonly receipts: readonly Receipt[];
  /** True once the user paused it: a reload must not start it again. */
  readonly pausedByUser: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
}

/**
 * Every method may reject with an `UploadError` of code `storage`; the engine then goes on in memory.
 * `load` leaves out, and deletes, records that have expired or that this version cannot read.
 */
export interface Store {
  load(scope: string): Promise<UploadRecord[]>;
  /** The record as stored now, or null. */
  get(id: string): Promise<UploadRecord | null>;
  /** Writes all of them in one transaction. */
  put(records: readonly UploadRecord[]): Promise<void>;
  delete(id: string): Promise<void>;
}
