/** The gateway's error body: `{error: {code, message}}`. */

import { isObject, type JsonObject, parseJsonObject, readString } from '../lib/json.js';

export type GatewayErrorCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'too-large'
  | 'type-not-allowed'
  | 'rate-limited'
  | 'locked'
  | 'rejected'
  | 'upstream'
  | 'upstream-timeout'
  | 'internal';

export interface GatewayErrorBody {
  readonly error: {
    readonly code: GatewayErrorCode;
    readonly message: string;
    /** Text for the user, if the backend has one. */
    readonly userMessage?: string;
    /** Error code of the `/current/` API; only in answers that are relayed from it. */
    readonly error_code?: number;
    /** Expiry of the file's lock, in seconds since 1970, under the API's own name. */
    readonly lock_info?: { readonly expires_at: number };
  };
}

/** Maximum length of a backend's text for the user. */
const MAX_CHARACTERS = 200;

/** A ticket, a token or a signed URL, which must not be shown to the user; they all contain digits, unlike long words. */
const SECRET = /(?=\S*\d)[\w.+/=%&?~-]{40}/;

/** The text for the user in an error answer, as plain text; undefined when there is none. */
export const readUserMessage = ({ error }: JsonObject): string | undefined => {
  const text = isObject(error) ? (error.userMessage ?? error.message) : null;
  if (typeof text !== 'string' || SECRET.test(text)) return undefined;
  return readString(
    text
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, MAX_CHARACTERS),
  );
};

/** The code of an error answer, from any backend; undefined when it has none. */
export const readErrorCode = (text: string): string | undefined => {
  const { error } = parseJsonObject(text);
  return isObject(error) ? readString(error.code) : readString(error);
};
