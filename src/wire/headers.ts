/** Names and parsers of headers that browser and gateway share. */

import { readString } from '../lib/json.js';

/** Part number of a chunked session, from 1 (source: the chunked upload article). */
export const PART_NUMBER_HEADER = 'Fastio-Part-Number';

/** Maximum wait that a server can ask for, in milliseconds; longer ones are shortened. */
export const MAX_RETRY_AFTER_MS = 300_000;

type ReadHeader = (name: string) => string | null;

/** `Retry-After` in milliseconds, from seconds or a date; undefined when absent, unreadable or negative. */
export const parseRetryAfter = (value: string | null, wallNow: number): number | undefined => {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - wallNow : seconds * 1000;
  return Number.isNaN(ms) || ms < 0 ? undefined : Math.min(ms, MAX_RETRY_AFTER_MS);
};

/** Largest value of a `Date` (source: ECMA-262, time values). */
const LATEST_DATE = 8.64e15;

/**
 * Milliseconds since 1970 from epoch seconds, epoch milliseconds or a date string; undefined for any other value.
 * WebKit parses the API's `2026-04-24 23:49:04 UTC` only with a `Z` instead of `UTC`.
 */
export const parseInstant = (value: unknown): number | undefined => {
  const text = readString(value)?.replace(' UTC', 'Z');
  if (text === undefined) return undefined;
  const number = Number(text);
  // Seconds stay below 1e11 until the year 5138; milliseconds passed it in 1973.
  const instant = Number.isNaN(number) ? Date.parse(text) : number < 1e11 ? number * 1000 : number;
  return Math.abs(instant) <= LATEST_DATE ? instant : undefined;
};

/**
 * How long to wait before the next request, in milliseconds, from the first of the three families in the answer:
 * `Retry-After`, then `x-ve-limit-*`, then `X-Rate-Limit-*` (sources: the concurrency article, the vendor's client).
 * Undefined when none of them reports that the limit is reached.
 */
export const readBackoff = (header: ReadHeader, wallNow: number): number | undefined => {
  const retryAfter = parseRetryAfter(header('retry-after'), wallNow);
  if (retryAfter !== undefined) return retryAfter;
  const available = header('x-ve-limit-avail') ?? header('x-rate-limit-available');
  if (available === null || Number(available) > 0) return undefined;
  const expires = parseInstant(header('x-ve-limit-expires') ?? header('x-rate-limit-expiry'));
  return expires === undefined ? undefined : Math.min(Math.max(expires - wallNow, 0), MAX_RETRY_AFTER_MS);
};

/** The headers without `Content-Type` in any spelling, because the browser would join it to the body's own type. */
export const withoutContentType = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...headers }).filter(([name]) => name.toLowerCase() !== 'content-type'));
