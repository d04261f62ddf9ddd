/** The stored parts of a session, as servers answer in `chunked` and `multipart`. */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readPositive, readString } from '../lib/json.js';
import { normalizeEtag } from './etag.js';

/** The parsed state of a session. */
export interface PartList {
  readonly parts: readonly { readonly number: number; readonly size: number; readonly etag?: string }[];
  readonly fileId?: string;
}

/** Null when the answer is not a session state. */
export const parsePartList = (value: JsonObject): PartList | null => {
  if (!Array.isArray(value.parts)) return null;
  const parts = value.parts.flatMap((part: unknown) => {
    if (!isObject(part)) return [];
    const number = readPositive(part.part_number);
    const size = readNumber(part.size);
    const etag = normalizeEtag(readString(part.etag));
    return number === undefined || size === undefined ? [] : [{ number, size, ...defined({ etag }) }];
  });
  return { parts, ...defined({ fileId: readString(value.file_id) }) };
};
