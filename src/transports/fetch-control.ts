/** Control requests by `fetch` on every platform: they send JSON or a form and return text. */

import type { ControlRequest, WireResponse } from '../ports/transport.js';
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
  const build = () => {
    const request = new Request(url, { method, headers, body, credentials, keepalive, cache });
    if (body !== null) request.headers.set('content-type', type);
    // Without it some frameworks redirect to a page instead of answering with an error status.
    if (!request.headers.has('accept')) request.headers.set('accept', 'application/json');
    return request;
  };
  return exchangeByFetch(build, { signal, timeoutMs, code: 'configuration' }, tools);
};

const encode = (json: unknown, form: ControlRequest['form']): [type: string, body: string | null] => {
  if (form !== undefined) return ['application/x-www-form-urlencoded', new URLSearchParams(form).toString()];
  return ['application/json', json === undefined ? null : JSON.stringify(json)];
};
