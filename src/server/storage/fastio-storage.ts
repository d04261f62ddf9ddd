/** The part of the storage port that serves Fast.io's own dialect: what the gateway relays of the `/current/` upload API. */

import type { JsonObject } from '../../lib/json.js';
import type { Created, SessionDetails } from '../../wire/fastio.js';
import type { BatchResult } from '../../wire/fastio-batch.js';
import type { AdmittedFile, CallOptions, StoredObjects, Target } from './storage.js';

/** A chunk or a small file on its way, of exactly `size` bytes. */
export interface RelayedBytes {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly type: string;
  readonly size: number;
}

/** An entry of a batch: its place, and the names that the gateway has cleaned. */
export interface BatchEntry {
  readonly index: number;
  readonly name: string;
  /** With a slash at its end; empty at the top. */
  readonly folder: string;
  readonly checksum: Readonly<Record<string, string>>;
}

export interface RelayedFile {
  readonly index: number;
  readonly type: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A session, or a whole file on its way into the storage. */
export interface Opened extends Created {
  /** By the storage's clock, in milliseconds since 1970; absent where it does not tell the time. */
  readonly openedAt?: number;
}

/** What opens a session beside the file itself. */
export interface OpenExtras {
  /** `hash` and `hash_algo`, or nothing. */
  readonly checksum: Readonly<Record<string, string>>;
  /** The file whose content this is to become. */
  readonly replaces?: string | undefined;
}

/** The upload part of Fast.io's `/current/` API. */
export interface FastioStorage extends StoredObjects {
  limits(target: Target, options: CallOptions): Promise<JsonObject>;
  /** @throws HttpError 501 where the upstream has no such API. */
  algorithms(options: CallOptions): Promise<readonly string[]>;
  /** Opens a session, or stores the whole file at once when there is a `body`. */
  open(file: AdmittedFile, extras: OpenExtras, body: RelayedBytes | null, options: CallOptions): Promise<Opened>;
  sendChunk(
    sessionId: string,
    query: Readonly<Record<string, string>>,
    chunk: RelayedBytes,
    options: CallOptions,
  ): Promise<Readonly<Record<string, string>>>;
  /** Held back for `waitSeconds` while nothing changes. */
  details(sessionId: string, waitSeconds: number, options: CallOptions): Promise<SessionDetails>;
  chunks(sessionId: string, options: CallOptions): Promise<ReadonlyMap<number, number>>;
  complete(sessionId: string, options: CallOptions): Promise<void>;
  /**
   * The id of a file that has this name and size in its folder and was stored at `since` (milliseconds since 1970, by the
   * storage's clock) or later; null when there is none. For sessions that never tell the id.
   */
  locate(file: SessionFile, since: number, options: CallOptions): Promise<string | null>;
  /** A session that is gone already is no error. */
  forget(sessionId: string, options: CallOptions): Promise<void>;
  /** Results by index. `files` are asked for one after another. */
  sendBatch(
    target: Target,
    manifest: readonly BatchEntry[],
    files: AsyncIterable<RelayedFile>,
    options: CallOptions,
  ): Promise<ReadonlyMap<number, BatchResult>>;
  /** The token of a lock on a file, or null where the upstream knows no locks. @throws HttpError 423 when it is held. */
  lock(workspaceId: string, fileId: string, options: CallOptions): Promise<string | null>;
  /** False when it has run out. @throws HttpError 423 when another user holds it. */
  keepLock(workspaceId: string, lock: FileLock, options: CallOptions): Promise<boolean>;
  /** One that is gone already is no error. */
  releaseLock(workspaceId: string, lock: FileLock, options: CallOptions): Promise<void>;
}

export type SessionFile = Pick<AdmittedFile, 'workspaceId' | 'folderId' | 'name' | 'size' | 'relativePath'>;

export interface FileLock {
  readonly fileId: string;
  readonly token: string;
}
