/** How many data requests may run to one origin. */

import type { EngineOptions } from '../options.js';

/** Browsers open so many to an origin over HTTP/1.1. */
const CONNECTIONS = 6;

/** What the user chose; else all connections but one that stays free where requests for JSON share the origin. */
export const slotLimit = ({ parallel, endpoint }: EngineOptions, origin: string | null): number => {
  if (parallel !== 'auto' && parallel >= 1) return parallel;
  return origin === new URL(endpoint, globalThis.location?.href).origin ? CONNECTIONS - 1 : CONNECTIONS;
};
