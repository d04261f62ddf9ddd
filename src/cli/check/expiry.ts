/** Checks the expiry of signed URLs and grants. */

import type { Inspection } from './inspection.js';

/** A shorter lifetime, in milliseconds, may end before a page on a slow line has sent its first byte. */
const MIN_LIFE_MS = 60_000;

/** Expiry of a signed URL in milliseconds since 1970 (source: Signature Version 4, `20260131T120000Z`). */
const signedUntil = (url: URL): number | undefined => {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(url.searchParams.get('X-Amz-Date') ?? '') ?? [];
  const seconds = Number(url.searchParams.get('X-Amz-Expires') ?? Number.NaN);
  const from = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(from + seconds) ? undefined : from + seconds * 1000;
};

/** Reports a permission that has expired or expires too soon. */
export const checkExpiry = (
  inspection: Inspection,
  step: string,
  { expiresAt, url }: { readonly expiresAt?: number | undefined; readonly url?: URL },
): void => {
  const ends = [expiresAt, url && signedUntil(url)].filter((end) => end !== undefined);
  const lifeMs = Math.min(...ends) - Date.now();
  if (lifeMs >= MIN_LIFE_MS) return;
  const seconds = Math.round(Math.abs(lifeMs) / 1000);
  inspection.report('expired-url', step, lifeMs < 0 ? `it expired ${seconds} s ago` : `it expires in ${seconds} s`);
};
