/**
 * How long a signed URL lives, as the URL itself says. A storage may answer an expired one without CORS headers, and then
 * the page sees no status at all (source: Signature Version 4 in AWS's S3 reference; its older `Expires`; Google's and
 * Azure's own names for the same).
 */

import { isUploadError } from '../../ports/errors.js';

/** A URL is renewed this long before its end, in milliseconds: the request has to arrive before it. */
const MARGIN_MS = 5_000;

/** A URL that does not tell may be used up after this time, in milliseconds: backends sign for 15 minutes and less. */
const UNKNOWN_LIFE_MS = 5 * 60_000;

/** Milliseconds from signing to expiry; undefined where the URL does not say. */
export const signedLifeMs = (url: string): number | undefined => {
  const query = new Map(Array.from(new URL(url).searchParams, ([name, value]) => [name.toLowerCase(), value]));
  const seconds = query.get('x-amz-expires') ?? query.get('x-goog-expires');
  return seconds !== undefined && Number(seconds) > 0 ? Number(seconds) * 1000 : undefined;
};

/**
 * Whether a URL that came `ageMs` ago is over or will soon be. It is taken for as young as it came: a page's clock may be
 * wrong, and the storage has the last word.
 */
export const isEndingUrl = (url: string, ageMs: number): boolean => {
  const lifeMs = signedLifeMs(url);
  return lifeMs !== undefined && ageMs > 0 && ageMs > lifeMs - Math.min(MARGIN_MS, lifeMs / 2);
};

/**
 * Whether a request that got no readable answer may have failed because its URL had expired. What looks like a refusal
 * by CORS is taken for that first: the rules of the bucket may be right.
 */
export const mayHaveExpired = (error: unknown, url: string, ageMs: number): boolean => {
  if (!isUploadError(error)) return false;
  if (error.code === 'cors') return true;
  return error.code === 'network' && ageMs > (signedLifeMs(url) ?? UNKNOWN_LIFE_MS) - MARGIN_MS;
};
