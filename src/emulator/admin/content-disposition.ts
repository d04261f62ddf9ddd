/** File name of a download: an ASCII fallback for old clients and the real name in UTF-8 (RFC 6266, RFC 8187). */
export const contentDisposition = (name: string): string => {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  // encodeURIComponent does not encode these characters, and RFC 8187 does not allow them.
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
};
