/** Parses the fields that a browser may send; other fields are not passed to the upstream. */

import { isObject, parseJson } from '../../../lib/json.js';
import type { FormPart } from '../../../lib/read-multipart.js';
import { badRequest } from '../../http/http-error.js';
import { readText } from '../../http/multipart/read-form.js';
import { tooLong } from '../../http/read-body.js';

/** The fields of a query or a form; the first of a repeated name counts. */
export type FormFields = Pick<URLSearchParams, 'get'>;

/** Maximum size of the fields of one file; the manifest of a batch has another maximum. */
export const FIELD_BYTES = 64 * 2 ** 10;

/** Counted for each field besides its name and value, for its header and its memory. */
const FIELD_OVERHEAD = 64;

/** @throws HttpError 400 */
export const readSize = (fields: FormFields): number => {
  const text = fields.get('size') ?? '';
  const size = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw badRequest('size must be a whole number of bytes');
  return size;
};

/** `metadata` is a JSON object as text. @throws HttpError 400 */
export const readMetadata = (fields: FormFields): Readonly<Record<string, unknown>> | undefined => {
  const text = fields.get('metadata');
  if (text === null || text === '') return undefined;
  const value = parseJson(text);
  if (!isObject(value)) throw badRequest('metadata must be a JSON object');
  return value;
};

/** `hash` and `hash_algo`: both or neither. @throws HttpError 400 */
export const readChecksum = (fields: FormFields): Readonly<Record<string, string>> => {
  const hash = fields.get('hash');
  const algorithm = fields.get('hash_algo');
  if (hash === null && algorithm === null) return {};
  if (hash === null || !/^[0-9a-f]{8,128}$/i.test(hash)) throw badRequest('hash must be a digest in hex');
  if (algorithm === null || !/^[a-z0-9]{1,16}$/i.test(algorithm))
    throw badRequest('hash_algo must be the name of an algorithm');
  return { hash, hash_algo: algorithm };
};

/**
 * Reads the plain fields of a form into `fields`, up to the first file, which it returns; null without a file. Names
 * and values of all fields, also unknown ones, count towards `maxBytes`.
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
