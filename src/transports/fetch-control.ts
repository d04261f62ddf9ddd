/** Control requests: JSON out, text in, by `fetch` wherever we run. */

import type { ControlRequest, WireResponse } from '../ports/transport.js';
import { exchangeByFetch, type FetchTools, type FixedInit } from './fetch-exchange.js';

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
  const build = (fixed: FixedInit) => {
    const request = new Request(url, { method, headers, body, credentials, keepalive, ...fixed });
    if (body !== null) request.headers.set('content-type', type);
    // Some frameworks answer those who do not ask for JSON with a redirect to a page, where a status would tell more.
    if (!request.headers.has('accept')) request.headers.set('accept', 'application/json');
    return request;
  };
  return exchangeByFetch(build, { signal, timeoutMs, blame: 'configuration' }, tools);
};

const encode = (json: unknown, form: ControlRequest['form']): [type: string, body: string | null] => {
  if (form !== undefined) return ['application/x-www-form-urlencoded', new URLSearchParams(form).toString()];
  return ['application/json', json === undefined ? null : JSON.stringify(json)];
};
