/**
 * Who may call from a browser: pages of the gateway's own origin, and the origins that the options name. Everything
 * else that a browser sends is refused before the session cookie is looked at.
 */

import { HttpError } from './http-error.js';
import { PASSED_HEADERS } from './passed-headers.js';

/** How long a browser may remember a preflight, in seconds. Chromium's own cap is two hours. */
const PREFLIGHT_SECONDS = 7200;

/** By `Date` a page learns that its own clock is wrong. */
const EXPOSED_HEADERS = ['Date', ...PASSED_HEADERS].join(', ');

const METHODS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';

export class Guard {
  readonly #allowedOrigins: ReadonlySet<string>;

  constructor(allowedOrigins: readonly string[]) {
    this.#allowedOrigins = new Set(allowedOrigins);
  }

  /** @throws HttpError 403 for a request that a page of another site caused. */
  admit(request: Request): void {
    if (this.#allowedOrigin(request) === null && !isOwnOrigin(request)) {
      throw new HttpError(403, 'forbidden', 'calls from another origin are not allowed');
    }
  }

  /** The answer to `OPTIONS`, after `admit`. Any header may be asked for: the developer's page chooses its own. */
  preflight(request: Request): Response {
    const wanted = request.headers.get('access-control-request-headers');
    return new Response(null, {
      status: 204,
      headers: {
        Allow: METHODS,
        ...(this.#allowedOrigin(request) !== null && {
          'Access-Control-Allow-Methods': METHODS,
          'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
          ...(wanted !== null && { 'Access-Control-Allow-Headers': wanted }),
        }),
      },
    });
  }

  /** Adds what lets a page of an allowed origin read the answer. */
  stamp(request: Request, response: Response): Response {
    if (this.#allowedOrigins.size === 0) return response;
    // A hook's answer may have headers that cannot be changed.
    const stamped = new Response(response.body, response);
    stamped.headers.append('Vary', 'Origin');
    const origin = this.#allowedOrigin(request);
    if (origin === null) return stamped;
    stamped.headers.set('Access-Control-Allow-Origin', origin);
    stamped.headers.set('Access-Control-Allow-Credentials', 'true');
    stamped.headers.set('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    return stamped;
  }

  #allowedOrigin(request: Request): string | null {
    const origin = request.headers.get('origin');
    return origin !== null && this.#allowedOrigins.has(origin) ? origin : null;
  }
}

/**
 * `Sec-Fetch-Site` tells the truth wherever a browser sends it. Over plain `http:` to another machine it sends none;
 * then `Origin` decides, which all browsers send with whatever changes anything. Its host is compared, not its scheme,
 * because a proxy may have ended TLS before us. A request with neither comes from a program, not from a page.
 */
const isOwnOrigin = (request: Request): boolean => {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = request.headers.get('origin');
  return origin === null || hostOf(origin) === new URL(request.url).host;
};

/** Null for `Origin: null` and for what is no origin. */
const hostOf = (origin: string): string | null => {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
};
