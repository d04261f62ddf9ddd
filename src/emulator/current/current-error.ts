/**
 * An error answer of the `/current/` API. Documented codes (the vendor's guides and client): 9992, 10011, 10522, 10545,
 * 10767, 10778, 10779, 205516; 1671 and 1688 are status classes in the newer guides and codes in the client. Codes from
 * 199000 are assumed, where no source has one.
 */

import { type ApiError, toApiError } from '../http/api-error.js';

export const CODES = {
  rateLimited: 1671,
  noPlan: 1688,
  noRoute: 9992,
  loginRequired: 10011,
  sizeMismatch: 10522,
  noMember: 10545,
  scopeTooNarrow: 10767,
  crcMismatch: 10778,
  crcConflict: 10779,
  lockTokenMissing: 205516,
  invalid: 199001,
  notFound: 199002,
  tooLarge: 199003,
  wrongState: 199004,
  tooManyChunks: 199005,
  tooManySessions: 199006,
  hashMismatch: 199007,
  locked: 199008,
  internal: 199099,
} as const;

/** One entry of `error.params`. */
export interface InvalidParam {
  readonly name: string;
  readonly kind: 'missing' | 'invalid';
  readonly message: string;
}

export interface CurrentErrorData {
  readonly params?: readonly InvalidParam[];
  /** Facts for `error.resource`, such as a lock and its holder. */
  readonly resource?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export class CurrentError extends Error {
  override readonly name = 'CurrentError';
  readonly status: number;
  readonly code: number;
  readonly data: CurrentErrorData;

  constructor(status: number, code: number, text: string, data: CurrentErrorData = {}) {
    super(text);
    this.status = status;
    this.code = code;
    this.data = data;
  }
}

/** A field that is missing or invalid: 406 as in the newer docs; the older ones have 400. */
export const invalidParam = (name: string, kind: InvalidParam['kind'], message: string, code: number = CODES.invalid) =>
  new CurrentError(406, code, `${name}: ${message}`, { params: [{ name, kind, message }] });

export const missing = (name: string, code?: number) => invalidParam(name, 'missing', 'This field is missing.', code);

export const invalid = (name: string, message: string) => invalidParam(name, 'invalid', message);

export const notFound = (what: string) => new CurrentError(404, CODES.notFound, `there is no such ${what}`);

export const tooLarge = (message: string) => new CurrentError(413, CODES.tooLarge, message);

export const wrongState = (message: string) => new CurrentError(406, CODES.wrongState, message);

const translate = ({ status, message }: ApiError): CurrentError =>
  new CurrentError(status, status === 413 ? CODES.tooLarge : CODES.internal, message);

export const toCurrentError = (error: unknown): CurrentError =>
  error instanceof CurrentError ? error : translate(toApiError(error));
