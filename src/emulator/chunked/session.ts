import type { FileFacts } from '../disk/object-store.js';

/** One part as stored. */
export interface SessionPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** MD5 of the bytes, hex (source: the chunked upload article's samples). */
  readonly etag: string;
}

/** What a session was opened with; kept on disk. */
export interface SessionFacts extends Omit<FileFacts, 'fileId'> {
  readonly uploadId: string;
  readonly totalSize: number;
  /** Null when its opener gave none. */
  readonly idempotencyKey: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What completion answers, every time that it is asked. */
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
  /** Set while the file is being put together. */
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
