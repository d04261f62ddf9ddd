/** The error body that the gateway sends: `{error: {code, message}}`. */

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
    /** What may be shown to the person, where the backend has something to say to them. */
    readonly userMessage?: string;
    /** Number by which the `/current/` API names what is wrong; only in answers that are relayed from it. */
    readonly error_code?: number;
    /** When the lock of the file ends, in seconds since 1970, under the API's name for what is known of a lock. */
    readonly lock_info?: { readonly expires_at: number };
  };
}

/** Longest words of a backend that are shown. */
const MOST_CHARACTERS = 200;

/** A ticket, a token or a signed URL, which no text for people may hold. */
const SECRET = /[\w.+/=%&?~-]{40}/;

/** What an error answer says for people, as plain text; undefined where it says nothing. */
export const readUserMessage = ({ error }: JsonObject): string | undefined => {
  const text = isObject(error) ? (error.userMessage ?? error.message) : null;
  if (typeof text !== 'string' || SECRET.test(text)) return undefined;
  return readString(
    text
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, MOST_CHARACTERS),
  );
};

/** The code of an error answer, from any backend; undefined when it names none. */
export const readErrorCode = (text: string): string | undefined => {
  const { error } = parseJsonObject(text);
  return isObject(error) ? readString(error.code) : readString(error);
};
