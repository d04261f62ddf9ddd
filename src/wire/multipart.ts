/**
 * Bodies of the `multipart` dialect: parts go to a storage such as S3 by URLs that the backend signs; creating, listing,
 * completing and aborting happen at the backend. `{endpoint}` stands for `…/multipart`.
 */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readPositive, readString, readStrings } from '../lib/json.js';
import { normalizeEtag } from './etag.js';
import { parseInstant } from './headers.js';

/** `POST {endpoint}`: asks for a session, or for a grant as in `presigned` where one request is enough. */
export interface MultipartOpenRequest {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly content_type: string;
  readonly relative_path?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Digest that the storage compares with each part. `md5` goes in the part's `Content-MD5` header, which need not be
 * signed. `sha256` goes with the request for the URL, whose answer names the headers that carry it.
 */
export type MultipartChecksum = 'md5' | 'sha256';

/** A URL for one part, as it stands in answers. */
export interface MultipartPartUrl {
  readonly part_number: number;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answer to `POST {endpoint}`, unless it is a grant. */
export interface MultipartOpenAnswer {
  /** The backend's signed ticket. */
  readonly upload_id: string;
  /** Bytes of every part but the last; the sizes below are ignored then. */
  readonly part_size?: number;
  /** Bytes; holds for every part but the last. */
  readonly min_part_size?: number;
  /** Bytes. */
  readonly max_part_size?: number;
  readonly max_parts?: number;
  readonly max_parallel?: number;
  /** All parts but the last have one size, which the browser chooses within the limits. @default false */
  readonly uniform_parts?: boolean;
  readonly checksum?: MultipartChecksum;
  /** URLs of the first parts, where the answer fixes `part_size`; may be empty. */
  readonly parts: readonly MultipartPartUrl[];
  /** Date, or seconds or milliseconds since 1970. */
  readonly expires_at?: string | number;
}

/** A part whose URL is asked for. The URL is good for exactly these bytes. */
export interface MultipartSignPart {
  readonly part_number: number;
  /** Bytes. */
  readonly size: number;
  /** Base64 of the digest that the session asks for, unless that is `md5`. */
  readonly checksum?: string;
}

/** `POST {endpoint}/{upload_id}/sign`. */
export interface MultipartSignRequest {
  readonly parts: readonly MultipartSignPart[];
}

/** Answer to it. */
export interface MultipartSignAnswer {
  readonly parts: readonly MultipartPartUrl[];
}

/** A part that the storage has, as it stands in answers. */
export interface MultipartStoredPart {
  readonly part_number: number;
  /** Bytes. */
  readonly size: number;
  readonly etag?: string;
}

/** Answer to `GET {endpoint}/{upload_id}`: all parts, however many pages the storage tells them in. */
export interface MultipartState {
  readonly parts: readonly MultipartStoredPart[];
  /** Set once the session became a file, so that a lost answer to the completion can be read again. */
  readonly file_id?: string;
}

/** `POST {endpoint}/{upload_id}/complete`, answered by `{file_id}`. ETags are absent where CORS hides them. */
export interface MultipartCompleteRequest {
  readonly parts: readonly { readonly part_number: number; readonly etag?: string }[];
}

/** A URL for one part, read. */
export interface PartUrl {
  readonly number: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A session as the browser reads it from the answer. */
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

/** Null when the answer names no session. */
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

/** The URLs in a list of parts; entries that are none are left out. */
export const parsePartUrls = (value: unknown): PartUrl[] =>
  (Array.isArray(value) ? value : []).flatMap((part: unknown) => {
    if (!isObject(part)) return [];
    const number = readPositive(part.part_number);
    const url = readString(part.url);
    return number === undefined || url === undefined ? [] : [{ number, url, headers: readStrings(part.headers) }];
  });

/** What the storage has of a session, read. */
export interface MultipartParts {
  readonly parts: readonly { readonly number: number; readonly size: number; readonly etag?: string }[];
  readonly fileId?: string;
}

/** Null when the answer is no session state. */
export const parseMultipartState = (value: JsonObject): MultipartParts | null => {
  if (!Array.isArray(value.parts)) return null;
  const parts = value.parts.flatMap((part: unknown) => {
    if (!isObject(part)) return [];
    const number = readPositive(part.part_number);
    const size = readNumber(part.size);
    const etag = normalizeEtag(readString(part.etag));
    return number === undefined || size === undefined ? [] : [{ number, size, ...defined({ etag }) }];
  });
  return { parts, ...defined({ fileId: readString(value.file_id) }) };
};

/** An open request from outside, or null. For the gateway. */
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

/** A sign request from outside, or null. For the gateway. */
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

/** A completion request from outside, or null. For the gateway. */
export const parseMultipartCompleteRequest = (value: unknown): MultipartCompleteRequest | null => {
  if (!isObject(value) || !Array.isArray(value.parts)) return null;
  const parts = value.parts.map((part: unknown) => {
    const number = isObject(part) ? readPartNumber(part.part_number) : undefined;
    if (!isObject(part) || number === undefined) return null;
    return { part_number: number, ...defined({ etag: readString(part.etag) }) };
  });
  return parts.every((part) => part !== null) ? { parts } : null;
};
