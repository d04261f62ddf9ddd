/** The storage port of Fast.io's own dialect: the operations of the `/current/` upload API that the gateway relays. */

import type { JsonObject } from '../../lib/json.js';
import type { Created, SessionDetails } from '../../wire/fastio.js';
import type { BatchResult } from '../../wire/fastio-batch.js';
import type { AdmittedFile, CallOptions, StoredObjects, Target } from './storage.js';

/** A chunk or a small file as a stream of exactly `size` bytes. */
export interface RelayedBytes {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly type: string;
  readonly size: number;
}

/** An entry of a batch, with clean names. */
export interface BatchEntry {
  readonly index: number;
  readonly name: string;
  /** With a trailing slash; empty at the top. */
  readonly folder: string;
  readonly checksum: Readonly<Record<string, string>>;
}

export interface RelayedFile {
  readonly index: number;
  readonly type: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A new session, or a whole file that is being stored. */
export interface Opened extends Created {
  /** By the storage's clock, in milliseconds since 1970; absent when the storage sends no time. */
  readonly openedAt?: number;
}

/** Further properties of a new session. */
export interface OpenExtras {
  /** `hash` and `hash_algo`, or empty. */
  readonly checksum: Readonly<Record<string, string>>;
  /** Id of the file that the upload replaces. */
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
  /** A long poll: answers when the session changes, or after `waitSeconds`. */
  details(sessionId: string, waitSeconds: number, options: CallOptions): Promise<SessionDetails>;
  chunks(sessionId: string, options: CallOptions): Promise<ReadonlyMap<number, number>>;
  complete(sessionId: string, options: CallOptions): Promise<void>;
  /**
   * The id of a file that has this name and size in its folder and was stored at `since` (milliseconds since 1970, by
   * the storage's clock) or later; null when there is none. For sessions that never report the id.
   */
  locate(file: SessionFile, since: number, options: CallOptions): Promise<string | null>;
  /** Deletes the session; resolves also when it does not exist. */
  forget(sessionId: string, options: CallOptions): Promise<void>;
  /** Results by index. `files` are read one after another. */
  sendBatch(
    target: Target,
    manifest: readonly BatchEntry[],
    files: AsyncIterable<RelayedFile>,
    options: CallOptions,
  ): Promise<ReadonlyMap<number, BatchResult>>;
  /**
   * The token of a new lock on the file; null where the upstream has no locks. @throws HttpError 423 when it is locked.
   */
  lock(workspaceId: string, fileId: string, options: CallOptions): Promise<string | null>;
  /** Extends the lock; false when it has expired. @throws HttpError 423 when another user holds it. */
  keepLock(workspaceId: string, lock: FileLock, options: CallOptions): Promise<boolean>;
  /** Resolves also when the lock does not exist. */
  releaseLock(workspaceId: string, lock: FileLock, options: CallOptions): Promise<void>;
}

export type SessionFile = Pick<AdmittedFile, 'workspaceId' | 'folderId' | 'name' | 'size' | 'relativePath'>;

export interface FileLock {
  readonly fileId: string;
  readonly token: string;
}
