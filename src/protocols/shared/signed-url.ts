/**
 * Reads the lifetime of a signed URL from its query. A storage may answer an expired URL without CORS headers, and then
 * the page receives no status (source: Signature Version 4 in AWS's S3 reference, and Google's name for the same).
 */

import { isUploadError } from '../../ports/errors.js';

/** A URL is renewed this long before it expires, in milliseconds, so that the request arrives in time. */
const MARGIN_MS = 5_000;

/** Age at which a URL without a lifetime may have expired, in milliseconds: backends sign for 15 minutes or less. */
const UNKNOWN_LIFE_MS = 5 * 60_000;

/** Milliseconds from signing to expiry; undefined where the URL does not contain it. */
export const signedLifeMs = (url: string): number | undefined => {
  const [, seconds] = /[?&]x-(?:amz|goog)-expires=(\d+)/i.exec(url) ?? [];
  return Number(seconds) > 0 ? Number(seconds) * 1000 : undefined;
};

/**
 * True when a URL that arrived `ageMs` ago has expired or is about to. The lifetime counts from its arrival and not
 * from the signing date in the URL, because the page's clock may be wrong.
 */
export const isEndingUrl = (url: string, ageMs: number): boolean => {
  const lifeMs = signedLifeMs(url);
  return lifeMs !== undefined && ageMs > 0 && ageMs > lifeMs - Math.min(MARGIN_MS, lifeMs / 2);
};

/**
 * True when a request without a readable answer may have failed because its URL had expired. A CORS error counts as
 * that, because the CORS rules of the bucket may be correct and missing only from the answer to an expired URL.
 */
export const mayHaveExpired = (error: unknown, url: string, ageMs: number): boolean => {
  if (!isUploadError(error)) return false;
  if (error.code === 'cors') return true;
  return error.code === 'network' && ageMs > (signedLifeMs(url) ?? UNKNOWN_LIFE_MS) - MARGIN_MS;
};
