/** Resolves relative URLs as the page does. */

interface Page {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

/**
 * The absolute URL, or null when it is not valid. A relative URL is resolved against the document's base (`<base
 * href>`, or the embedding page for an `about:srcdoc` frame), in a worker against its script; in Node only absolute
 * URLs are valid.
 */
export const absoluteUrl = (url: string): string | null => {
  const { document, location } = globalThis as Page;
  try {
    return new URL(url, document?.baseURI ?? location?.href).href;
  } catch {
    return null;
  }
};
