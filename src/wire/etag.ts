/** Normalises ETags, for all modules. */

/** The ETag without weak mark and quotes; undefined when empty. */
export const normalizeEtag = (value: string | null | undefined): string | undefined => {
  const etag = (value ?? '')
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
  return etag === '' ? undefined : etag;
};

/** Whether the ETag can be the MD5 of the part: 32 hex digits (source: the chunked upload article's samples). */
export const isMd5Etag = (etag: string): boolean => /^[0-9a-f]{32}$/i.test(etag);
