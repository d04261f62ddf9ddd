/** Measures a request for `onRequest`, `X-Request-Id` and `Server-Timing`. */

import { receivedBytes } from './http/stall-timeout.js';
import type { CallOptions } from './storage/storage.js';

export interface RequestReport {
  /** Also sent as `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  /** Pattern of the path below the base, such as `chunked/:id/parts`; null for an unknown path. */
  readonly route: string | null;
  /** The `authorize` hook's user id; null when the request failed before it. */
  readonly userId: string | null;
  readonly status: number;
  readonly milliseconds: number;
  /** Bytes of the body that have been read. */
  readonly bytes: number;
  /** Number of requests to the storage, and their total time in milliseconds. */
  readonly upstreamCalls: number;
  readonly upstreamMilliseconds: number;
}

export class RequestMeter {
  readonly id = crypto.randomUUID();
  route: string | null = null;
  userId: string | null = null;
  readonly #request: Request;
  readonly #startedAt = performance.now();
  #upstreamCalls = 0;
  #upstreamMilliseconds = 0;

  constructor(request: Request) {
    this.#request = request;
  }

  /** Wraps `fetch` to count and time its calls. */
  counted(fetch: CallOptions['fetch']): CallOptions['fetch'] {
    return async (url, init) => {
      const startedAt = performance.now();
      this.#upstreamCalls += 1;
      try {
        return await fetch(url, init);
      } finally {
        this.#upstreamMilliseconds += performance.now() - startedAt;
      }
    };
  }

  report(status: number): RequestReport {
    return {
      id: this.id,
      method: this.#request.method,
      route: this.route,
      userId: this.userId,
      status,
      milliseconds: Math.round(performance.now() - this.#startedAt),
      bytes: this.#request.body === null ? 0 : receivedBytes(this.#request.body),
      upstreamCalls: this.#upstreamCalls,
      upstreamMilliseconds: Math.round(this.#upstreamMilliseconds),
    };
  }
}

/** Adds `X-Request-Id` and `Server-Timing`. */
export const addReportHeaders = (response: Response, report: RequestReport): Response => {
  // The headers of a hook's own answer may be immutable.
  const stamped = new Response(response.body, response);
  const { upstreamCalls, upstreamMilliseconds, milliseconds } = report;
  stamped.headers.set('X-Request-Id', report.id);
  const upstream = `upstream;dur=${upstreamMilliseconds};desc="${upstreamCalls} calls"`;
  stamped.headers.set('Server-Timing', `gateway;dur=${milliseconds}, ${upstream}`);
  return stamped;
};
