/** Control requests by `fetch` on every platform: they send JSON or a form and return text. */

import type { ControlRequest, WireResponse } from '../ports/transport.js';
import { buildRequest } from './build-request.js';
import { exchangeByFetch, type FetchTools } from './fetch-exchange.js';

export const controlByFetch = async (
  {
    method,
    url,
    headers = {},
    json,
    form,
    credentials = 'same-origin',
    timeoutMs = 30_000,
    keepalive = false,
  }: ControlRequest,
  { signal }: { readonly signal: AbortSignal },
  tools: FetchTools,
): Promise<WireResponse> => {
  const [type, body] = encode(json, form);
  // For reading only: without the cache Chromium sends a preflight before each request, and one that is never answered
  // keeps its connection even when the request is aborted.
  const cache = /GET|HEAD/.test(method) ? 'no-store' : 'default';
  const code = 'configuration';
  const all = buildRequest(() => new Headers(headers), code);
  if (body !== null) all.set('content-type', type);
  // Without it some frameworks redirect to a page instead of answering with an error status.
  if (!all.has('accept')) all.set('accept', 'application/json');
  const init = { method, headers: all, body, credentials, keepalive, cache } as const;
  return exchangeByFetch({ url, init, signal, timeoutMs, code }, tools);
};

const encode = (json: unknown, form: ControlRequest['form']): [type: string, body: string | null] => {
  if (form !== undefined) return ['application/x-www-form-urlencoded', new URLSearchParams(form).toString()];
  return ['application/json', json === undefined ? null : JSON.stringify(json)];
};
