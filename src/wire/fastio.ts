/**
 * Upload sessions of the `/current/` API: fields of requests and payloads of answers (sources: the official upload
 * reference and the vendor's client; where they differ, the client is followed).
 */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readPositive, readString } from '../lib/json.js';

/**
 * Files below this many bytes can be sent in one request. The reference also allows the size itself, in one of two
 * places.
 */
export const SINGLE_REQUEST_BELOW = 4 * 2 ** 20;
/** Minimum size of every chunk but the last, in bytes. */
export const MIN_CHUNK_SIZE = 2 ** 20;
/** Maximum number of chunk requests of one session in flight. */
export const MAX_CHUNKS_IN_FLIGHT = 3;
/** Maximum length of a name, in characters. */
export const MAX_NAME_LENGTH = 255;

declare const isSessionId: unique symbol;

/**
 * Id of a session, never empty and never a path: `DELETE upload//` and `DELETE upload/../` would delete more than one
 * session. Only `parseSessionId` creates it.
 */
export type SessionId = string & { readonly [isSessionId]: true };

/** Null when the value is not a valid path segment. A gateway may send a ticket instead of the bare id. */
export const parseSessionId = (value: unknown): SessionId | null => {
  const text = readString(value);
  return text !== undefined && /^[\w.~-]{1,2048}$/.test(text) && /\w/.test(text) ? (text as SessionId) : null;
};

/** Target of a file. Empty strings leave the choice to the backend. */
export interface Target {
  /** Workspace or share, for `instance_id`. */
  readonly instanceId: string;
  readonly folderId: string;
  /** @default 'workspace' */
  readonly profileType?: 'workspace' | 'share';
}

/** `123` and `workspace/123` are a workspace, `share/123` is a share, as in the paths of the API. */
export const parseTarget = (text: string, folderId: string): Target => {
  const [, kind, instanceId = ''] = /^(?:(workspace|share)\/)?(.*)$/.exec(text) ?? [];
  return { instanceId, folderId, profileType: kind === 'share' ? 'share' : 'workspace' };
};

/** A file as `POST upload/` declares it. */
export interface DeclaredFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Folder path and name. */
  readonly relativePath: string;
  /** Id of the file that it replaces; absent for a new file. */
  readonly replaces?: string;
}

/** Fields of `POST upload/`, for a session and for a single request. */
export const createFields = (file: DeclaredFile, target: Target): Record<string, string> => {
  const folder = folderOf(file.relativePath);
  return {
    name: clipName(file.name),
    size: String(file.size),
    ...(file.replaces === undefined ? { action: 'create' } : { action: 'update', file_id: file.replaces }),
    ...(target.instanceId !== '' && {
      instance_id: target.instanceId,
      profile_type: target.profileType ?? 'workspace',
    }),
    ...(target.folderId !== '' && { folder_id: target.folderId }),
    ...(folder !== '' && { relative_path: folder }),
  };
};

/** Folders of a relative path, with a trailing and without a leading slash; empty without folders. */
export const folderOf = (relativePath: string): string => {
  const folders = relativePath.split('/').slice(0, -1);
  const named = folders.filter((name) => name !== '' && name !== '.' && name !== '..');
  return named.map((name) => `${name}/`).join('');
};

/** The name shortened to the server's limit, with its extension kept. */
export const clipName = (name: string): string => {
  const letters = Array.from(name);
  if (letters.length <= MAX_NAME_LENGTH) return name;
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? '';
  return letters.slice(0, MAX_NAME_LENGTH - extension.length).join('') + extension;
};

/** A digest for the fields `hash` and `hash_algo`. */
export interface Checksum {
  readonly algorithm: string;
  /** Lower-case hex. */
  readonly value: string;
}

export const checksumFields = (checksum: Checksum | null): Record<string, string> =>
  checksum === null ? {} : { hash_algo: checksum.algorithm, hash: checksum.value };

/** Query of `POST upload/{id}/chunk/`, as in the vendor's client; the guides have the same fields in the form. */
export const chunkQuery = (
  chunk: { readonly order: number; readonly size: number },
  checksum: Checksum | null,
  /** CRC-32C of the whole file; only with the chunk that completes it, otherwise null. */
  fileCrc32c: string | null,
): Record<string, string> => ({
  order: String(chunk.order),
  size: String(chunk.size),
  ...checksumFields(checksum),
  ...(fileCrc32c !== null && { file_crc32c: fileCrc32c }),
});

/** Answer to `POST upload/`. */
export interface Created {
  readonly id: SessionId;
  /** Present when the file is already stored. */
  readonly fileId?: string;
  /** What a gateway's hook returned for the stored file. */
  readonly result?: unknown;
}

/** Null when the payload has no session id. */
export const parseCreated = (payload: JsonObject): Created | null => {
  const id = parseSessionId(payload.id) ?? parseSessionId(payload.upload_id);
  const fileId = readString(payload.new_file_id);
  // The API itself uses the name `result`.
  return id === null ? null : { id, ...defined({ fileId, result: payload.stored_result }) };
};

/** Answer to `GET upload/limits/`, in bytes and counts; absent means unlimited. */
export interface UploadLimits {
  readonly maxFileSize?: number;
  readonly maxChunkSize?: number;
  readonly maxChunks?: number;
}

export const parseUploadLimits = (payload: JsonObject): UploadLimits => {
  const source = isObject(payload.limits) ? payload.limits : payload;
  return defined({
    maxFileSize: readPositive(source.size),
    maxChunkSize: readPositive(source.chunk_size),
    maxChunks: readPositive(source.chunks),
  });
};

/** Names of the digests that the server checks, in lower case: `GET upload/algos/`. */
export const parseAlgorithms = (payload: JsonObject): readonly string[] =>
  Array.isArray(payload.algos)
    ? payload.algos.filter((name): name is string => typeof name === 'string').map((name) => name.toLowerCase())
    : [];

/** Answer to `GET upload/{id}/details/`. */
export interface SessionDetails {
  /** May also be a status that is not listed below. */
  readonly status: string;
  /** The server's message about a failure; may be empty. */
  readonly statusMessage: string;
  readonly fileId?: string;
  /** What a gateway's hook returned for the stored file. */
  readonly result?: unknown;
  /** Bytes of each stored chunk, by number from 1. */
  readonly chunks: ReadonlyMap<number, number>;
  /** Whether the bytes did not match the declared CRC-32C. */
  readonly isCorrupt: boolean;
}

/** Null when the payload has no status. */
export const parseSessionDetails = (payload: JsonObject): SessionDetails | null => {
  const session = isObject(payload.session) ? payload.session : payload;
  const status = readString(session.status);
  if (status === undefined) return null;
  const fileId = readString(session.new_file_id);
  return {
    status: status.toLowerCase(),
    statusMessage: readString(session.status_message) ?? '',
    chunks: parseChunks(session.chunks),
    isCorrupt: isObject(session.integrity_failure),
    // Without a session of its own the payload's `result` is the API's.
    ...defined({ fileId, result: session === payload ? undefined : session.result }),
  };
};

const parseChunks = (value: unknown): ReadonlyMap<number, number> => {
  const chunks = new Map<number, number>();
  for (const [order, entry] of isObject(value) ? Object.entries(value) : []) {
    const number = Number(order);
    const size = readNumber(isObject(entry) ? entry.size : entry);
    if (Number.isSafeInteger(number) && number >= 1 && size !== undefined) chunks.set(number, size);
  }
  return chunks;
};

/** Statuses in which the server accepts chunks. */
export const TAKING_STATUSES: ReadonlySet<string> = new Set(['ready', 'uploading']);
/** Statuses in which the file is stored, once the session has its id. */
export const STORED_STATUSES: ReadonlySet<string> = new Set(['stored', 'complete']);
/** Final statuses of failed sessions. */
export const FAILED_STATUSES: ReadonlySet<string> = new Set(['assembly_failed', 'store_failed']);
