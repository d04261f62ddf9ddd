/** Capabilities of a backend: `GET {endpoint}`. */

import { defined } from '../lib/defined.js';
import { isObject, parseJson, readNumber, readPositive, readString } from '../lib/json.js';

export interface Capabilities {
  readonly version: 1;
  readonly protocols: readonly string[];
  /** Relative to the endpoint or absolute. */
  readonly urls: Readonly<Record<string, string>>;
  /** Files above this many bytes are sent in parts. */
  readonly chunkedAbove: number;
  /** Maximum number of grants in one request for grants. @default 1 */
  readonly mintBatch?: number;
  /** Largest body, in bytes, that the backend's host accepts. */
  readonly maxPartSize?: number;
  /** Opaque id of the signed-in user, the same for all requests of the user. */
  readonly user?: string;
  readonly limits: { readonly maxFileSize?: number; readonly maxFiles?: number; readonly accept?: string };
}

export const DEFAULT_CHUNKED_ABOVE = 8 * 2 ** 20;

/** The form of the `accept` attribute; a list is joined. */
const readAccept = (value: unknown): string | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(',') : readString(value);

/** Null when the text is not a capabilities document. */
export const parseCapabilities = (text: string): Capabilities | null => {
  const value = parseJson(text);
  if (!isObject(value) || !Array.isArray(value.protocols) || !isObject(value.urls)) return null;
  const limits = isObject(value.limits) ? value.limits : {};
  const urls = Object.entries(value.urls).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    version: 1,
    protocols: value.protocols.filter((name) => typeof name === 'string'),
    urls: Object.fromEntries(urls),
    chunkedAbove: readNumber(value.chunkedAbove) ?? DEFAULT_CHUNKED_ABOVE,
    ...defined({
      mintBatch: readNumber(value.mintBatch),
      maxPartSize: readPositive(value.maxPartSize),
      user: readString(value.user),
    }),
    limits: defined({
      maxFileSize: readNumber(limits.maxFileSize),
      maxFiles: readNumber(limits.maxFiles),
      accept: readAccept(limits.accept),
    }),
  };
};
