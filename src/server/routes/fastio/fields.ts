/** Fields that a browser may send; whatever is not read here does not reach the upstream. */

import { isObject, parseJson } from '../../../lib/json.js';
import type { FormPart } from '../../../lib/read-multipart.js';
import { badRequest } from '../../http/http-error.js';
import { readText } from '../../http/multipart/read-form.js';
import { tooLong } from '../../http/read-body.js';

/** Names of fields, then values; the first of a name counts. */
export type FormFields = Pick<URLSearchParams, 'get'>;

/** Fields of one file; the manifest of a batch has a cap of its own. */
export const FIELD_BYTES = 64 * 2 ** 10;

/** What a field costs beside its name and value: memory here, and a head on the way. */
const FIELD_OVERHEAD = 64;

/** @throws HttpError 400 */
export const readSize = (fields: FormFields): number => {
  const text = fields.get('size') ?? '';
  const size = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw badRequest('size is a whole number of bytes');
  return size;
};

/** `metadata` is a JSON object in text. @throws HttpError 400 */
export const readMetadata = (fields: FormFields): Readonly<Record<string, unknown>> | undefined => {
  const text = fields.get('metadata');
  if (text === null || text === '') return undefined;
  const value = parseJson(text);
  if (!isObject(value)) throw badRequest('metadata is a JSON object');
  return value;
};

/** `hash` and `hash_algo`: both or neither. @throws HttpError 400 */
export const readChecksum = (fields: FormFields): Readonly<Record<string, string>> => {
  const hash = fields.get('hash');
  const algorithm = fields.get('hash_algo');
  if (hash === null && algorithm === null) return {};
  if (hash === null || !/^[0-9a-f]{8,128}$/i.test(hash)) throw badRequest('hash is a digest in hex');
  if (algorithm === null || !/^[a-z0-9]{1,16}$/i.test(algorithm)) throw badRequest('hash_algo names an algorithm');
  return { hash, hash_algo: algorithm };
};

/**
 * Reads the plain fields of a form up to its first file, which it answers; null when there is none. Every field counts
 * against `maxBytes`, wanted or not, and so does its name.
 * @throws HttpError 400 or 413.
 */
export const readToFirstFile = async (
  parts: AsyncGenerator<FormPart>,
  fields: URLSearchParams,
  maxBytes: number,
): Promise<FormPart | null> => {
  let left = maxBytes;
  for (;;) {
    const { done, value: part } = await parts.next();
    if (done) return null;
    if (part.fileName !== null) return part;
    left -= part.name.length + FIELD_OVERHEAD;
    if (left < 0) throw tooLong(maxBytes);
    const text = await readText(part.bytes, left);
    left -= text.length;
    fields.append(part.name, text);
  }
};
