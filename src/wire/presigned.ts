/** Bodies of the presigned dialect (source: the presigned URL article; batches and confirm are ours). */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readString, readStrings } from '../lib/json.js';
import { parseInstant } from './headers.js';

/** `POST {endpoint}`: asks for permission to store one file. */
export interface MintRequest {
  readonly filename: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  readonly relativePath?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A short-lived permission to send one file to storage. */
export interface Grant {
  readonly uploadUrl: string;
  readonly fileId: string;
  readonly method: 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as a form, before the file in its field `file`, as an S3 POST policy asks; absent for the raw bytes. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970 on the server's clock; once it is minted on the page's, as far as the difference is known. */
  readonly expiresAt?: number;
}

/** One answer of a batch that failed. */
export interface GrantRefusal {
  readonly code: string;
  readonly message: string;
}

/** `POST {confirm}`: tells the backend that the file is stored. */
export interface ConfirmRequest {
  readonly fileId: string;
  readonly filename: string;
  readonly size: number;
  readonly contentType: string;
}

/** Null when the value is no grant. `url` is accepted for `uploadUrl`. */
export const parseGrant = (value: unknown): Grant | null => {
  if (!isObject(value)) return null;
  const uploadUrl = readString(value.uploadUrl) ?? readString(value.url);
  const fileId = readString(value.fileId) ?? readString(value.file_id);
  if (uploadUrl === undefined || fileId === undefined) return null;
  return {
    uploadUrl,
    fileId,
    method: value.method === 'POST' || isObject(value.fields) ? 'POST' : 'PUT',
    headers: readStrings(value.headers),
    ...(isObject(value.fields) && { fields: readStrings(value.fields) }),
    ...defined({ expiresAt: parseInstant(value.expiresAt) }),
  };
};

/** A grant, or why there is none. */
export const parseGrantOrRefusal = (value: unknown): Grant | GrantRefusal => {
  const error = isObject(value) && isObject(value.error) ? value.error : {};
  return (
    parseGrant(value) ?? {
      code: readString(error.code) ?? 'protocol',
      message: readString(error.message) ?? 'the backend answered without a grant',
    }
  );
};

/** A mint request from outside, or null. For the gateway. */
export const parseMintRequest = (value: unknown): MintRequest | null => {
  if (!isObject(value)) return null;
  const filename = readString(value.filename);
  const size = typeof value.size === 'number' ? readNumber(value.size) : undefined;
  if (filename === undefined || size === undefined || !Number.isSafeInteger(size)) return null;
  const relativePath = readString(value.relativePath);
  const metadata: JsonObject | undefined = isObject(value.metadata) ? value.metadata : undefined;
  return {
    filename,
    contentType: readString(value.contentType) ?? 'application/octet-stream',
    size,
    ...defined({ relativePath, metadata }),
  };
};

/** A confirm request from outside, or null. For the gateway; only the id is needed to find the file. */
export const parseConfirmRequest = (value: unknown): (Pick<ConfirmRequest, 'fileId'> & { size?: number }) | null => {
  if (!isObject(value)) return null;
  const fileId = readString(value.fileId);
  const size = readNumber(value.size);
  return fileId === undefined ? null : { fileId, ...defined({ size }) };
};
