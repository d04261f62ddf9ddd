/** A route is one operation of the gateway: a method, a path below the base path, and a handler. */

import type { Gateway } from './gateway.js';
import { HttpError, notFound } from './http/http-error.js';
import type { Caller } from './options/authorize.js';
import type { CallOptions } from './storage/storage.js';

export interface Call {
  readonly request: Request;
  readonly caller: Caller;
  /** The value of the path's `:id`; empty without one. */
  readonly id: string;
  /** For requests to the storage that are aborted when the browser disconnects. */
  readonly calls: CallOptions;
  /** For requests that are not aborted, because they undo something or other calls wait for the same answer. */
  readonly detached: CallOptions;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments below the base path; `:id` matches any one segment. */
  readonly path: string;
  /** A long poll, which is counted apart from the user's other requests. @default false */
  readonly isPoll?: boolean;
  readonly handle: (call: Call, gateway: Gateway) => Promise<Response>;
}

export interface Match {
  readonly route: Route;
  readonly id: string;
}

/** `HEAD` matches `GET` routes, and a trailing slash is ignored. @throws HttpError 404 or 405. */
export const matchRoute = (routes: readonly Route[], request: Request, basePath: string): Match => {
  const { pathname } = new URL(request.url);
  const below = pathname.replace(/\/$/, '');
  if (below !== basePath && !below.startsWith(`${basePath}/`)) throw notFound('there is no such route');
  const segments = below.slice(basePath.length + 1).split('/');
  const matches = routes.flatMap((route) => matchPath(route, segments));
  if (matches.length === 0) throw notFound('there is no such route');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const match = matches.find(({ route }) => route.method === method);
  if (match !== undefined) return match;
  const allowed = matches.map(({ route }) => route.method).join(', ');
  throw new HttpError(405, 'bad-request', `only ${allowed} is allowed here`, { headers: { Allow: allowed } });
};

const matchPath = (route: Route, segments: readonly string[]): Match[] => {
  const wanted = route.path.split('/');
  const fits = wanted.length === segments.length && wanted.every((name, index) => isFit(name, segments[index]));
  return fits ? [{ route, id: segments[wanted.indexOf(':id')] ?? '' }] : [];
};

const isFit = (wanted: string, segment: string | undefined): boolean =>
  wanted === ':id' ? segment !== undefined && segment !== '' : wanted === segment;
