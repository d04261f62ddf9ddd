/** An error answer of the v1 API: `{error: {code, message, …}}`. Assumed: the articles show no error bodies. */

import type { JsonObject } from '../../lib/json.js';
import { MultipartError } from '../../lib/read-multipart.js';

export interface ApiErrorData {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the `error` object. */
  readonly fields?: JsonObject;
  readonly cause?: unknown;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: JsonObject;

  constructor(status: number, code: string, message: string, data: ApiErrorData = {}) {
    super(message, { cause: data.cause });
    this.status = status;
    this.code = code;
    this.headers = data.headers ?? {};
    this.fields = data.fields ?? {};
  }

  toJson(): JsonObject {
    return { error: { code: this.code, message: this.message, ...this.fields } };
  }
}

const isDiskFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOSPC';

/** A full disk is 507, wherever the error comes from; an unexpected error is 500. */
export const toApiError = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error;
  if (error instanceof MultipartError) return new ApiError(400, 'bad-request', error.message);
  if (isDiskFull(error)) return new ApiError(507, 'disk-full', 'the storage is full', { cause: error });
  return new ApiError(500, 'internal', 'the emulator failed', { cause: error });
};
