/** Every refusal of the gateway, and the one place where it becomes an answer. */

import { MultipartError } from '../../lib/read-multipart.js';
import type { GatewayErrorBody, GatewayErrorCode } from '../../wire/gateway-error.js';
import { jsonAnswer } from './json-answer.js';

type ErrorDetails = Omit<GatewayErrorBody['error'], 'code' | 'message'>;

export interface HttpErrorData {
  /** Sent along, for example `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What else of the refusal the browser's side acts on. */
  readonly details?: ErrorDetails;
  /** For `onError`; never sent. */
  readonly cause?: unknown;
}

/** `message` is sent to the browser: it names no key, no grant URL and nothing that the upstream said. */
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

  /** Something that the operator of the gateway has to know of: a failure, or a refusal of its key. */
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

/** Anything that is not ours is a bug, here or in a hook: its text stays on the server. */
export const toHttpError = (error: unknown): HttpError => {
  if (error instanceof HttpError) return error;
  if (error instanceof MultipartError) return badRequest(error.message);
  return new HttpError(500, 'internal', 'the gateway failed', { cause: error });
};

export const badRequest = (message: string): HttpError => new HttpError(400, 'bad-request', message);

export const notFound = (message: string): HttpError => new HttpError(404, 'not-found', message);
