/** Bodies of the presigned dialect (source: the presigned URL article, which does not define batches and confirm). */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readString, readStrings } from '../lib/json.js';
import { parseInstant } from './headers.js';

/** `POST {endpoint}`: requests a grant for one file. */
export interface GrantRequest {
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
  /** Form fields to send before the file, whose field is `file`, as for an S3 POST policy; absent for raw bytes. */
  readonly fields?: Readonly<Record<string, string>>;
  /**
   * Milliseconds since 1970 on the server's clock; the engine converts it to the page's clock if it knows the
   * difference.
   */
  readonly expiresAt?: number;
}

/** The error of one file of a batch. */
export interface GrantRefusal {
  readonly code: string;
  readonly message: string;
}

/** `POST {confirm}`: reports to the backend that the file is stored. */
export interface ConfirmRequest {
  readonly fileId: string;
  readonly filename: string;
  readonly size: number;
  readonly contentType: string;
}

/** Null when the value is not a grant. `url` is accepted for `uploadUrl`. */
export const parseGrant = (value: unknown): Grant | null => {
  if (!isObject(value)) return null;
  const uploadUrl = readString(value.uploadUrl) ?? readString(value.url);
  const fileId = readString(value.fileId) ?? readString(value.file_id);
  if (uploadUrl === undefined || fileId === undefined) return null;
  return {
    uploadUrl,
    fileId,
    method: /^post$/i.test(String(value.method)) || isObject(value.fields) ? 'POST' : 'PUT',
    headers: readStrings(value.headers),
    ...(isObject(value.fields) && { fields: readStrings(value.fields) }),
    ...defined({ expiresAt: parseInstant(value.expiresAt) }),
  };
};

/** A grant, or the error instead of it. */
export const parseGrantOrRefusal = (value: unknown): Grant | GrantRefusal => {
  const error = isObject(value) && isObject(value.error) ? value.error : {};
  return (
    parseGrant(value) ?? {
      code: readString(error.code) ?? 'protocol',
      message: readString(error.message) ?? 'the backend answered without a grant',
    }
  );
};

/** Validates a request for a grant for the gateway; null when it is invalid. */
export const parseGrantRequest = (value: unknown): GrantRequest | null => {
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

/** Validates a confirm request for the gateway, which needs only the id; null when it is invalid. */
export const parseConfirmRequest = (value: unknown): (Pick<ConfirmRequest, 'fileId'> & { size?: number }) | null => {
  if (!isObject(value)) return null;
  const fileId = readString(value.fileId);
  const size = readNumber(value.size);
  return fileId === undefined ? null : { fileId, ...defined({ size }) };
};
