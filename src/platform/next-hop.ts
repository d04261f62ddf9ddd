/** Which protocol the connections to an origin speak, as far as the browser tells. */

/**
 * Name as in ALPN (`h2`, `h3`, `http/1.1`) of the last request to `origin` that says it; empty when none does. Another
 * origin's requests say it only where it sends `Timing-Allow-Origin`.
 */
export const nextHopTo = (origin: string): string => {
  const entries = globalThis.performance?.getEntriesByType?.('resource') ?? [];
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index] as (PerformanceEntry & { readonly nextHopProtocol?: string }) | undefined;
    if (entry?.nextHopProtocol && entry.name.startsWith(`${origin}/`)) return entry.nextHopProtocol;
  }
  return '';
};
