/**
 * Port to the storage API: what the gateway asks of it, one interface for each dialect that the browser may speak. All
 * methods reject with an `HttpError` that is fit to be sent, and with the signal's reason when it is aborted.
 */

import type { JsonObject } from '../../lib/json.js';
import type { CompleteRequest, InitAnswer, SessionState } from '../../wire/chunked.js';
import type { Created, SessionDetails } from '../../wire/fastio.js';
import type { BatchResult } from '../../wire/fastio-batch.js';
import type { Grant } from '../../wire/presigned.js';

/** A file that the gateway has let in, and where it goes. Names and paths are clean. */
export interface AdmittedFile {
  readonly workspaceId: string;
  readonly folderId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly relativePath?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface OpenOptions extends CallOptions {
  /** Asking again under the same key opens nothing twice, if the upstream knows the field. */
  readonly idempotencyKey?: string;
}

/** What the upstream tells of a stored file. */
export interface FileRecord {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface PresignedUpstream {
  mint(file: AdmittedFile, options: CallOptions): Promise<Grant>;
  /** `absent` when no such file is stored, `unknown` when the upstream has no way to tell. */
  findFile(workspaceId: string, fileId: string, options: CallOptions): Promise<FileRecord | 'absent' | 'unknown'>;
}

export interface RelayedPart {
  /** From 1. */
  readonly number: number;
  /** Null when there are none. */
  readonly bytes: AsyncIterable<Uint8Array> | null;
  readonly type: string;
  /** Bytes, where the browser said so. */
  readonly length?: number;
}

export interface RelayedReceipt {
  readonly etag: string;
  /** For the browser: pacing and the ETag as received. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ChunkedUpstream {
  open(file: AdmittedFile, options: OpenOptions): Promise<InitAnswer>;
  sendPart(sessionId: string, part: RelayedPart, options: CallOptions): Promise<RelayedReceipt>;
  inspect(sessionId: string, options: CallOptions): Promise<SessionState>;
  /** Answers the file id; again the same for a session that is already complete. @throws HttpError 409 for a wrong manifest. */
  complete(sessionId: string, manifest: CompleteRequest, options: CallOptions): Promise<string>;
  /** A session that is gone already is no error. */
  cancel(sessionId: string, options: CallOptions): Promise<void>;
}

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

/** What opens a session beside the file itself. */
export interface OpenExtras {
  /** `hash` and `hash_algo`, or nothing. */
  readonly checksum: Readonly<Record<string, string>>;
  /** The file whose content this is to become. */
  readonly replaces?: string | undefined;
}

/** Where files go. */
export type Place = Pick<AdmittedFile, 'workspaceId' | 'folderId'>;

/** The upload part of the `/current/` API. */
export interface FastioUpstream {
  limits(place: Place, options: CallOptions): Promise<JsonObject>;
  /** @throws HttpError 501 where the upstream has no such API. */
  algorithms(options: CallOptions): Promise<readonly string[]>;
  /** Opens a session, or stores the whole file at once when there is a `body`. */
  open(file: AdmittedFile, extras: OpenExtras, body: RelayedBytes | null, options: CallOptions): Promise<Created>;
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
  /** A session that is gone already is no error. */
  forget(sessionId: string, options: CallOptions): Promise<void>;
  /** Results by index. `files` are asked for one after another. */
  sendBatch(
    place: Place,
    manifest: readonly BatchEntry[],
    files: AsyncIterable<RelayedFile>,
    options: CallOptions,
  ): Promise<ReadonlyMap<number, BatchResult>>;
  /** The token of a lock on a file, or null where the upstream knows no locks. @throws HttpError 423 when it is held. */
  lock(workspaceId: string, fileId: string, options: CallOptions): Promise<string | null>;
  /** False when it has run out. @throws HttpError 423 when somebody else holds it. */
  keepLock(workspaceId: string, lock: FileLock, options: CallOptions): Promise<boolean>;
  /** One that is gone already is no error. */
  releaseLock(workspaceId: string, lock: FileLock, options: CallOptions): Promise<void>;
}

export interface FileLock {
  readonly fileId: string;
  readonly token: string;
}

export interface Upstream {
  readonly presigned: PresignedUpstream;
  readonly chunked: ChunkedUpstream;
  readonly fastio: FastioUpstream;
}
