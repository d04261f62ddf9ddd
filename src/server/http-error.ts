/** Every refusal of the gateway, and the one place where it becomes an answer. */

import type { GatewayErrorBody, GatewayErrorCode } from '../wire/gateway-error.js';
import { jsonAnswer } from './json-answer.js';

export interface HttpErrorData {
  /** Sent along, for example `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Number by which the upstream's API names what is wrong, where the browser's side acts on it. */
  readonly apiCode?: number | undefined;
  /** For `onError`; never sent. */
  readonly cause?: unknown;
}

/** `message` is sent to the browser: it names no key, no grant URL and nothing that the upstream said. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: GatewayErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly apiCode: number | undefined;

  constructor(status: number, code: GatewayErrorCode, message: string, data: HttpErrorData = {}) {
    super(message, { cause: data.cause });
    this.status = status;
    this.code = code;
    this.headers = data.headers ?? {};
    this.apiCode = data.apiCode;
  }

  toBody(): GatewayErrorBody {
    const { code, message, apiCode } = this;
    return { error: { code, message, ...(apiCode !== undefined && { error_code: apiCode }) } };
  }

  toResponse(): Response {
    return jsonAnswer(this.toBody(), { status: this.status, headers: this.headers });
  }
}

/** Anything that is not ours is a bug, here or in a hook: its text stays on the server. */
export const toHttpError = (error: unknown): HttpError =>
  error instanceof HttpError ? error : new HttpError(500, 'internal', 'the gateway failed', { cause: error });

export const badRequest = (message: string): HttpError => new HttpError(400, 'bad-request', message);

export const notFound = (message: string): HttpError => new HttpError(404, 'not-found', message);
