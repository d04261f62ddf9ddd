/**
 * Protection against cross-site requests: pages may call from the gateway's own origin and from the origins in the
 * options. Other requests of browsers are refused before the session cookie is read.
 */

import { HttpError } from './http-error.js';
import { PASSED_HEADERS } from './passed-headers.js';

/** How long a browser may cache a preflight, in seconds. Chromium's own maximum is two hours. */
const PREFLIGHT_SECONDS = 7200;

/** `Date` lets a page correct its own clock. */
const EXPOSED_HEADERS = ['Date', ...PASSED_HEADERS].join(', ');

const METHODS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';

export class Guard {
  readonly #allowedOrigins: ReadonlySet<string>;

  constructor(allowedOrigins: readonly string[]) {
    this.#allowedOrigins = new Set(allowedOrigins);
  }

  /** @throws HttpError 403 for a request from a page of another site. */
  checkOrigin(request: Request): void {
    if (this.#allowedOrigin(request) === null && !isOwnOrigin(request)) {
      throw new HttpError(403, 'forbidden', 'calls from another origin are not allowed');
    }
  }

  /**
   * The answer to `OPTIONS`, after `checkOrigin`. Every requested header is allowed, because pages may add their own.
   */
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

  /** Adds the headers by which a page of an allowed origin can read the answer. */
  addCorsHeaders(request: Request, response: Response): Response {
    if (this.#allowedOrigins.size === 0) return response;
    // The headers of a hook's own answer may be immutable.
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
 * `Sec-Fetch-Site` decides where a browser sends it. Over plain `http:` to another machine browsers omit it; then
 * `Origin` decides, which all browsers send with every request that changes state. Its host is compared, not its
 * scheme, because a proxy may terminate TLS. A request with neither header comes from a program, not from a page.
 */
const isOwnOrigin = (request: Request): boolean => {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = request.headers.get('origin');
  return origin === null || hostOf(origin) === new URL(request.url).host;
};

/** Null for `Origin: null` and for an invalid origin. */
const hostOf = (origin: string): string | null => {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
};
