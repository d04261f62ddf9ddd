/** Data requests by `fetch`: no progress is known, so one deadline by size stands for stall and answer. */

import type { DataRequest, WireResponse } from '../ports/transport.js';
import { dataTimeouts } from './data-timeouts.js';
import { exchangeByFetch, type FetchTools, type FixedInit } from './fetch-exchange.js';
import type { TransportOptions } from './transport-options.js';

export const dataByFetch = (
  { method, url, headers, body, credentials = 'same-origin' }: DataRequest,
  { signal }: { readonly signal: AbortSignal },
  { options, ...tools }: FetchTools & { readonly options: TransportOptions },
): Promise<WireResponse> => {
  const build = (fixed: FixedInit) => new Request(url, { method, headers, body, credentials, ...fixed });
  const { wholeMs: timeoutMs } = dataTimeouts(body, options);
  return exchangeByFetch(build, { signal, timeoutMs, blame: 'protocol' }, tools);
};
