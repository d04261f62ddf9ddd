/**
 * The envelope of every answer of the `/current/` API. Success is `true` or `"yes"`, with the payload beside it or
 * under `response`; failure is `false` or `"no"`, with an `error` of several shapes (source: the vendor's client, which
 * accepts them all).
 */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, parseJson, readNumber, readString } from '../lib/json.js';

export interface ApiFailure {
  /** Five or six digits identify the error; four (16xx) only its class. Absent when the server sends none. */
  readonly code?: number;
  /** The server's message; may be empty. */
  readonly text: string;
  /** The `error` object as received. */
  readonly details: JsonObject;
}

export type Envelope =
  | { readonly ok: true; readonly payload: JsonObject }
  | { readonly ok: false; readonly failure: ApiFailure };

const YES: ReadonlySet<unknown> = new Set([true, 'yes', 'true', 1]);

/** Null when the text is not a JSON object. */
export const parseEnvelope = (text: string): Envelope | null => {
  const value = parseJson(text);
  if (!isObject(value)) return null;
  if (!YES.has(value.result)) return { ok: false, failure: readFailure(value) };
  return { ok: true, payload: isObject(value.response) ? value.response : value };
};

const readFailure = (value: JsonObject): ApiFailure => {
  const details = isObject(value.error) ? value.error : {};
  const code = readNumber(details.code) ?? readNumber(details.error_code) ?? readNumber(value.error_id);
  const text = readString(details.text) ?? readString(details.message) ?? readString(value.error_message) ?? '';
  return { text, details, ...defined({ code }) };
};

/** Error codes that uploads handle (sources: the vendor's client and agent guide). */
export const API_CODE = {
  /** No such path; a missing session is a 404 with another code, or none. */
  noRoute: 9992,
  loginRequired: 10011,
  /** The chunks do not add up to the declared size; the session cannot continue. */
  sizeMismatch: 10522,
  notMember: 10545,
  /** The bytes do not have the CRC-32C that was declared for the whole file; nothing was stored. */
  fileChecksumMismatch: 10778,
  /** An earlier request declared another CRC-32C for the whole file. */
  fileChecksumConflict: 10779,
  noAccess: 115069,
} as const;

/** Whether the code means that the credential's scope does not include the request. */
export const isScopeRefusal = (code: number | undefined): boolean =>
  code !== undefined && code >= 10767 && code <= 10770;
