/** Many small files in one request: `POST upload/batch/` (source: the vendor's client). */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readString } from '../lib/json.js';
import {
  type Checksum,
  checksumFields,
  clipName,
  type DeclaredFile,
  folderOf,
  parseSessionId,
  type SessionId,
} from './fastio.js';

export const BATCH_MAX_FILES = 200;
/** Maximum size of the whole request, in bytes. */
export const BATCH_MAX_BYTES = 100e6;
/** Characters; the server shortens longer names, but only in a batch. */
export const BATCH_MAX_NAME_LENGTH = 100;

/** An entry of the manifest; the bytes are in the field `file_{index}`. */
export interface ManifestEntry {
  readonly index: number;
  readonly filename: string;
  readonly relative_path?: string;
  readonly hash?: string;
  readonly hash_algo?: string;
}

export const manifestEntry = (
  index: number,
  { name, relativePath }: DeclaredFile,
  checksum: Checksum | null,
): ManifestEntry => {
  const folder = folderOf(relativePath);
  return {
    index,
    filename: clipName(name),
    ...(folder !== '' && { relative_path: folder }),
    ...checksumFields(checksum),
  };
};

/** The result of one file. */
export type BatchResult =
  /** `fileId` is null while the file is being stored; the session's details have it later. */
  | { readonly ok: true; readonly id: SessionId | null; readonly fileId: string | null; readonly result?: unknown }
  | { readonly ok: false; readonly code?: number; readonly text: string };

/** Results by index; null when the answer has none. Its status is 200 even when every file failed. */
export const parseBatchResults = (payload: JsonObject): ReadonlyMap<number, BatchResult> | null => {
  if (!Array.isArray(payload.results)) return null;
  const results = new Map<number, BatchResult>();
  for (const entry of payload.results) {
    if (!isObject(entry)) continue;
    const index = readNumber(entry.index);
    if (index !== undefined) results.set(index, parseResult(entry));
  }
  return results;
};

const parseResult = (entry: JsonObject): BatchResult => {
  if (entry.status === 'ok') {
    const fileId = readString(entry.node_id) ?? null;
    return { ok: true, id: parseSessionId(entry.upload_id), fileId, ...defined({ result: entry.result }) };
  }
  const code = readNumber(entry.error_code);
  return { ok: false, text: readString(entry.error_message) ?? '', ...defined({ code }) };
};
