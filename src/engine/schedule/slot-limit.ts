/** How many data requests may run to one origin. */

import type { EngineOptions } from '../options.js';

/** Browsers open so many to an origin over HTTP/1.1. */
const CONNECTIONS = 6;

/** What the user chose; else all connections but one that stays free where requests for JSON share the origin. */
export const slotLimit = ({ parallel, endpoint }: EngineOptions, origin: string | null): number => {
  if (parallel !== 'auto' && parallel >= 1) return parallel;
  return origin === originOf(endpoint) ? CONNECTIONS - 1 : CONNECTIONS;
};

/** Null where there is no endpoint, because a protocol of the page's own knows its backend. */
const originOf = (endpoint: string): string | null => {
  const base = globalThis.location?.href;
  return endpoint !== '' && URL.canParse(endpoint, base) ? new URL(endpoint, base).origin : null;
};
