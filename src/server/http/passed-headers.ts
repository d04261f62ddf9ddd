/** Headers of the upstream's answers that are passed on to the browser and exposed to pages of allowed origins. */
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

/** The headers of an answer that may be passed on. */
export const passedHeaders = (headers: Headers): Record<string, string> => {
  const passed: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = headers.get(name);
    if (value !== null) passed[name] = value;
  }
  return passed;
};
