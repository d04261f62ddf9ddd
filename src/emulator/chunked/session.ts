import type { FileFacts } from '../disk/object-store.js';

/** One part as stored. */
export interface SessionPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** MD5 of the bytes, hex (source: the chunked upload article's samples). */
  readonly etag: string;
}

/** The request that opened a session; kept on disk. */
export interface SessionFacts extends Omit<FileFacts, 'fileId'> {
  readonly uploadId: string;
  readonly totalSize: number;
  /** Null when the request had none. */
  readonly idempotencyKey: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The answer to complete, the same for every repetition. */
export interface Completion {
  readonly file_id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Session {
  readonly facts: SessionFacts;
  readonly parts: Map<number, SessionPart>;
  /** Aborted when the session is deleted. */
  readonly ended: AbortController;
  /** Part requests that are being received. */
  inFlight: number;
  /** Set while the file is being assembled. */
  assembling: Promise<Completion> | null;
  completion: Completion | null;
}

export const createSession = (facts: SessionFacts, completion: Completion | null = null): Session => ({
  facts,
  parts: new Map(),
  ended: new AbortController(),
  inFlight: 0,
  assembling: null,
  completion,
});
