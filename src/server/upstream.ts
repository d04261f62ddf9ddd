/**
 * Port to the storage API: what the gateway asks of it, one interface for each dialect that the browser may speak. All
 * methods reject with an `HttpError` that is fit to be sent, and with the signal's reason when it is aborted.
 */

import type { CompleteRequest, InitAnswer, SessionState } from '../wire/chunked.js';
import type { Grant } from '../wire/presigned.js';

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
  readonly body: ReadableStream<Uint8Array> | null;
  readonly type: string;
  /** Bytes, where the browser said so. */
  readonly length?: number;
  /** The part may not be longer, in bytes. */
  readonly maxLength: number;
}

export interface RelayedReceipt {
  readonly etag: string;
  /** For the browser: pacing and the ETag as received. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ChunkedUpstream {
  open(file: AdmittedFile, options: CallOptions): Promise<InitAnswer>;
  sendPart(sessionId: string, part: RelayedPart, options: CallOptions): Promise<RelayedReceipt>;
  inspect(sessionId: string, options: CallOptions): Promise<SessionState>;
  /** Answers the file id; again the same for a session that is already complete. @throws HttpError 409 for a wrong manifest. */
  complete(sessionId: string, manifest: CompleteRequest, options: CallOptions): Promise<string>;
  /** A session that is gone already is no error. */
  cancel(sessionId: string, options: CallOptions): Promise<void>;
}

export interface Upstream {
  readonly presigned: PresignedUpstream;
  readonly chunked: ChunkedUpstream;
}
