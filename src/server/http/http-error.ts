/** Errors of the gateway, and the only place where they become answers. */

import { MultipartError } from '../../lib/read-multipart.js';
import type { GatewayErrorBody, GatewayErrorCode } from '../../wire/gateway-error.js';
import { jsonAnswer } from './json-answer.js';

type ErrorDetails = Omit<GatewayErrorBody['error'], 'code' | 'message'>;

export interface HttpErrorData {
  /** Headers of the answer, for example `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the answer's `error` object, on which the browser acts. */
  readonly details?: ErrorDetails;
  /** For `onError`; never sent. */
  readonly cause?: unknown;
}

/** `message` is sent to the browser, so it must not contain a key, a grant URL or text of the upstream. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: GatewayErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: ErrorDetails;

  constructor(status: number, code: GatewayErrorCode, message: string, data: HttpErrorData = {}) {
    super(message, { cause: data.cause });
    this.status = status;
    this.code = code;
    this.headers = data.headers ?? {};
    this.details = data.details ?? {};
  }

  /** Whether to report the error to the gateway's operator: a failure, or a refusal of the gateway's key. */
  get isOurs(): boolean {
    return this.status >= 500 || this.code === 'upstream';
  }

  toBody(): GatewayErrorBody {
    const { code, message, details } = this;
    return { error: { code, message, ...details } };
  }

  toResponse(): Response {
    return jsonAnswer(this.toBody(), { status: this.status, headers: this.headers });
  }
}

/** Any other error is a bug in the gateway or a hook, so its message is not sent to the browser. */
export const toHttpError = (error: unknown): HttpError => {
  if (error instanceof HttpError) return error;
  if (error instanceof MultipartError) return badRequest(error.message);
  return new HttpError(500, 'internal', 'the gateway failed', { cause: error });
};

export const badRequest = (message: string): HttpError => new HttpError(400, 'bad-request', message);

export const upstreamTimeout = (): HttpError =>
  new HttpError(504, 'upstream-timeout', 'the storage service did not answer in time');

export const notFound = (message: string): HttpError => new HttpError(404, 'not-found', message);
