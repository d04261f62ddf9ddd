/** Data requests by `fetch`: their progress is unknown, so one deadline covers the whole request. */

import type { DataRequest, WireResponse } from '../ports/transport.js';
import { exchangeByFetch, type FetchTools } from './fetch-exchange.js';

export const dataByFetch = (
  { method, url, headers, body, credentials = 'same-origin' }: DataRequest,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  tools: FetchTools,
): Promise<WireResponse> => {
  const init = { method, headers, body, credentials };
  return exchangeByFetch({ url, init, signal, timeoutMs, code: 'protocol' }, tools);
};
