/** What of the upstream's answers goes on to the browser, and what a page of an allowed origin may read. */
export const PASSED_HEADERS: readonly string[] = [
  'ETag',
  'Retry-After',
  'x-ve-limit-avail',
  'x-ve-limit-max',
  'x-ve-limit-expires',
  'X-Rate-Limit-Available',
  'X-Rate-Limit-Max',
  'X-Rate-Limit-Expiry',
];

/** Those of `headers` that may be passed on. */
export const passedHeaders = (headers: Headers): Record<string, string> => {
  const passed: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = headers.get(name);
    if (value !== null) passed[name] = value;
  }
  return passed;
};
