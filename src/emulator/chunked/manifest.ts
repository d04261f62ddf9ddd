/** Checks the manifest against the stored parts before the file is assembled. */

import { isObject } from '../../lib/json.js';
import { normalizeEtag } from '../../wire/etag.js';
import { ApiError } from '../http/api-error.js';
import type { PartRules } from '../options.js';
import type { Session, SessionPart } from './session.js';

export interface ManifestEntry {
  readonly number: number;
  readonly etag: string;
}

/** `{parts: [{part_number, etag}, …]}`. @throws ApiError 400 */
export const readManifest = (body: { readonly parts?: unknown }): ManifestEntry[] => {
  const entries: unknown = body.parts;
  if (!Array.isArray(entries)) throw new ApiError(400, 'bad-request', 'parts is not a list');
  return entries.map((entry: unknown) => {
    const { part_number: number, etag } = isObject(entry) ? entry : {};
    const clean = typeof etag === 'string' ? normalizeEtag(etag) : undefined;
    if (typeof number !== 'number' || clean === undefined) {
      throw new ApiError(400, 'bad-request', 'each part needs part_number and etag');
    }
    return { number, etag: clean };
  });
};

const conflict = (code: string, message: string, partNumber?: number): ApiError =>
  new ApiError(409, code, message, partNumber === undefined ? {} : { fields: { part_number: partNumber } });

/**
 * The stored parts in the manifest's order.
 * @throws ApiError 409 that names the first wrong part.
 */
export const checkManifest = (
  { facts, parts }: Session,
  manifest: readonly ManifestEntry[],
  rules: PartRules,
): SessionPart[] => {
  const checked = manifest.map(({ number, etag }, index) => {
    if (number !== index + 1)
      throw conflict('part-order', 'the part numbers do not run from 1 without gaps', index + 1);
    const part = parts.get(number);
    if (part === undefined) throw conflict('part-missing', `part ${number} has not been received`, number);
    if (part.etag !== etag.toLowerCase()) throw conflict('part-mismatch', `part ${number} has another etag`, number);
    if (index < manifest.length - 1 && part.size < rules.minPartSize) {
      throw conflict('part-too-small', `part ${number} is too small`, number);
    }
    return part;
  });
  const size = checked.reduce((sum, part) => sum + part.size, 0);
  if (checked.length === 0 || size !== facts.totalSize) {
    throw conflict('size-mismatch', `the parts have ${size} of ${facts.totalSize} bytes`);
  }
  return checked;
};
