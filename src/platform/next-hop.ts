/** The HTTP version of the connections to an origin, as far as the browser reports it. */

/**
 * ALPN name (`h2`, `h3`, `http/1.1`) from the last request to `origin` that reports it; empty when none does. Requests
 * to another origin report it only if that origin sends `Timing-Allow-Origin`.
 */
export const nextHopTo = (origin: string): string => {
  const entries = globalThis.performance?.getEntriesByType?.('resource') ?? [];
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index] as (PerformanceEntry & { readonly nextHopProtocol?: string }) | undefined;
    if (entry?.nextHopProtocol && entry.name.startsWith(`${origin}/`)) return entry.nextHopProtocol;
  }
  return '';
};
