/**
 * Bodies of the chunked dialect (source: the chunked upload article, which does not define state, limits and cancel).
 */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readPositive, readString } from '../lib/json.js';
import { parseInstant } from './headers.js';
import { parsePartList } from './part-list.js';

/** `POST {endpoint}/init`. */
export interface InitRequest {
  readonly filename: string;
  /** Bytes. */
  readonly total_size: number;
  readonly mime_type: string;
  readonly workspace_id?: string;
  readonly folder_id?: string;
  readonly relative_path?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface InitAnswer {
  readonly uploadId: string;
  readonly partSize?: number;
  readonly minPartSize?: number;
  readonly maxPartSize?: number;
  readonly maxParts?: number;
  readonly maxParallel?: number;
  /** Milliseconds since 1970 on the server's clock. */
  readonly expiresAt?: number;
}

/** `POST {endpoint}/{upload_id}/complete`: parts in order. */
export interface CompleteRequest {
  readonly parts: readonly { readonly part_number: number; readonly etag: string }[];
}

/** A stored part. */
export interface StoredPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

export interface SessionState {
  readonly parts: readonly StoredPart[];
  /** Set once the session is complete, so that a lost answer can be read again. */
  readonly fileId?: string;
}

/** Null when the answer has no session id. */
export const parseInitAnswer = (value: JsonObject): InitAnswer | null => {
  const uploadId = readString(value.upload_id);
  if (uploadId === undefined) return null;
  return {
    uploadId,
    ...defined({
      partSize: readPositive(value.part_size),
      minPartSize: readPositive(value.min_part_size),
      maxPartSize: readPositive(value.max_part_size),
      maxParts: readPositive(value.max_parts),
      maxParallel: readPositive(value.max_parallel),
      expiresAt: parseInstant(value.expires_at),
    }),
  };
};

/** Null when the answer is not a session state. Leaves out parts without an etag, which cannot be completed. */
export const parseSessionState = (value: JsonObject): SessionState | null => {
  const list = parsePartList(value);
  if (list === null) return null;
  const parts = list.parts.flatMap(({ number, size, etag }) => (etag === undefined ? [] : [{ number, size, etag }]));
  return { ...list, parts };
};

/** Validates an init request for the gateway; null when it is invalid. */
export const parseInitRequest = (value: unknown): InitRequest | null => {
  if (!isObject(value)) return null;
  const filename = readString(value.filename);
  const size = typeof value.total_size === 'number' ? readNumber(value.total_size) : undefined;
  if (filename === undefined || size === undefined || !Number.isSafeInteger(size)) return null;
  const relativePath = readString(value.relative_path);
  return {
    filename,
    total_size: size,
    mime_type: readString(value.mime_type) ?? 'application/octet-stream',
    ...defined({ relative_path: relativePath }),
    ...(isObject(value.metadata) && { metadata: value.metadata }),
  };
};

/** Validates a complete request for the gateway; null when it is invalid. */
export const parseCompleteRequest = (value: unknown): CompleteRequest | null => {
  if (!isObject(value) || !Array.isArray(value.parts)) return null;
  const parts = value.parts.map((part: unknown) => {
    if (!isObject(part)) return null;
    const number = readNumber(part.part_number);
    const etag = readString(part.etag);
    return number === undefined || etag === undefined ? null : { part_number: number, etag };
  });
  return parts.every((part) => part !== null) ? { parts } : null;
};
