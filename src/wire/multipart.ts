/**
 * Bodies of the `multipart` dialect: parts are sent to a storage such as S3 by URLs that the backend signs; the backend
 * creates, lists, completes and aborts the upload. `{endpoint}` is `…/multipart`.
 */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readPositive, readString, readStrings } from '../lib/json.js';
import { parseInstant } from './headers.js';

/** `POST {endpoint}`: opens a session, or returns a grant as in `presigned` where one request is enough. */
export interface MultipartOpenRequest {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly content_type: string;
  readonly relative_path?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Digest by which the storage checks each part. `md5` is sent in the part's `Content-MD5` header, which need not be
 * signed. `sha256` is sent with the request for the URL, whose answer contains the headers for the part.
 */
export type MultipartChecksum = 'md5' | 'sha256';

/** A URL for one part, as in answers. */
export interface MultipartPartUrl {
  readonly part_number: number;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answer to `POST {endpoint}`, unless it is a grant. */
export interface MultipartOpenAnswer {
  /** The backend's signed ticket. */
  readonly upload_id: string;
  /** Bytes of every part but the last; if present, the sizes below are ignored. */
  readonly part_size?: number;
  /** Bytes, for every part but the last. */
  readonly min_part_size?: number;
  /** Bytes. */
  readonly max_part_size?: number;
  readonly max_parts?: number;
  readonly max_parallel?: number;
  /**
   * Whether all parts but the last must have the same size, which the browser chooses within the limits. @default false
   */
  readonly uniform_parts?: boolean;
  readonly checksum?: MultipartChecksum;
  /** URLs of the first parts, if the answer has a `part_size`; may be empty. */
  readonly parts: readonly MultipartPartUrl[];
  /** A date, or seconds or milliseconds since 1970. */
  readonly expires_at?: string | number;
}

/** A part that needs a URL. The URL is valid only for this number of bytes. */
export interface MultipartSignPart {
  readonly part_number: number;
  /** Bytes. */
  readonly size: number;
  /** Base64 of the session's digest, unless that is `md5`. */
  readonly checksum?: string;
}

/** `POST {endpoint}/{upload_id}/sign`. */
export interface MultipartSignRequest {
  readonly parts: readonly MultipartSignPart[];
}

/** Answer to `POST {endpoint}/{upload_id}/sign`. */
export interface MultipartSignAnswer {
  readonly parts: readonly MultipartPartUrl[];
}

/** A stored part, as in answers. */
export interface MultipartStoredPart {
  readonly part_number: number;
  /** Bytes. */
  readonly size: number;
  readonly etag?: string;
}

/** Answer to `GET {endpoint}/{upload_id}`: all parts, also where the storage lists them in pages. */
export interface MultipartState {
  readonly parts: readonly MultipartStoredPart[];
  /** Set once the session is complete, so that a lost answer can be read again. */
  readonly file_id?: string;
}

/** `POST {endpoint}/{upload_id}/complete`, answered by `{file_id}`. ETags are absent where CORS hides them. */
export interface MultipartCompleteRequest {
  readonly parts: readonly { readonly part_number: number; readonly etag?: string }[];
}

/** A parsed URL for one part. */
export interface PartUrl {
  readonly number: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A session, parsed from the answer. */
export interface MultipartSession {
  readonly uploadId: string;
  readonly partSize?: number;
  readonly minPartSize?: number;
  readonly maxPartSize?: number;
  readonly maxParts?: number;
  readonly maxParallel?: number;
  readonly hasUniformParts: boolean;
  readonly checksum: MultipartChecksum | null;
  readonly parts: readonly PartUrl[];
  /** Milliseconds since 1970 on the server's clock. */
  readonly expiresAt?: number;
}

/** Null when the answer has no session id. */
export const parseMultipartOpenAnswer = (value: JsonObject): MultipartSession | null => {
  const uploadId = readString(value.upload_id);
  if (uploadId === undefined) return null;
  const { checksum } = value;
  return {
    uploadId,
    hasUniformParts: value.uniform_parts === true,
    checksum: checksum === 'md5' || checksum === 'sha256' ? checksum : null,
    parts: parsePartUrls(value.parts),
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

/** The URLs in a list of parts; invalid entries are left out. */
export const parsePartUrls = (value: unknown): PartUrl[] =>
  (Array.isArray(value) ? value : []).flatMap((part: unknown) => {
    if (!isObject(part)) return [];
    const number = readPositive(part.part_number);
    const url = readString(part.url);
    return number === undefined || url === undefined ? [] : [{ number, url, headers: readStrings(part.headers) }];
  });

/** Validates an open request for the gateway; null when it is invalid. */
export const parseMultipartOpenRequest = (value: unknown): MultipartOpenRequest | null => {
  if (!isObject(value)) return null;
  const filename = readString(value.filename);
  const size = typeof value.size === 'number' ? readNumber(value.size) : undefined;
  if (filename === undefined || size === undefined || !Number.isSafeInteger(size)) return null;
  return {
    filename,
    size,
    content_type: readString(value.content_type) ?? 'application/octet-stream',
    ...defined({ relative_path: readString(value.relative_path) }),
    ...(isObject(value.metadata) && { metadata: value.metadata }),
  };
};

const readPartNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined;

/** Validates a sign request for the gateway; null when it is invalid. */
export const parseMultipartSignRequest = (value: unknown): MultipartSignRequest | null => {
  if (!isObject(value) || !Array.isArray(value.parts)) return null;
  const parts = value.parts.map((part: unknown): MultipartSignPart | null => {
    if (!isObject(part)) return null;
    const number = readPartNumber(part.part_number);
    const { size } = part;
    if (number === undefined || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return null;
    return { part_number: number, size, ...defined({ checksum: readString(part.checksum) }) };
  });
  return parts.every((part) => part !== null) ? { parts } : null;
};

/** Validates a complete request for the gateway; null when it is invalid. */
export const parseMultipartCompleteRequest = (value: unknown): MultipartCompleteRequest | null => {
  if (!isObject(value) || !Array.isArray(value.parts)) return null;
  const parts = value.parts.map((part: unknown) => {
    const number = isObject(part) ? readPartNumber(part.part_number) : undefined;
    if (!isObject(part) || number === undefined) return null;
    return { part_number: number, ...defined({ etag: readString(part.etag) }) };
  });
  return parts.every((part) => part !== null) ? { parts } : null;
};
