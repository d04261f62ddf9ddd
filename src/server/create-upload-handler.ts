/**
 * The gateway: stands between the browser, which must not have the key, and the storage API, which knows no users.
 * `(Request) => Promise<Response>` on web standards, so that it runs wherever those do. It owns the order of the checks
 * (origin, route, user) and the shape of every failure; what an operation does is in `routes/`, how the storage API is
 * spoken to in `upstream.ts`. It keeps no sessions: tickets carry them.
 */

import { type Caller, Gateway } from './gateway.js';
import { Guard } from './http/guard.js';
import { HttpError, toHttpError } from './http/http-error.js';
import type { UploadLimits } from './limits/limits.js';
import {
  checkLimits,
  type GatewayOptions,
  type GatewayProtocol,
  resolveOptions,
  type UploadHandlerOptions,
} from './options.js';
import { report } from './report.js';
import { matchRoute, type Route } from './route.js';
import { capabilities } from './routes/capabilities.js';
import { chunkedCancel } from './routes/chunked-cancel.js';
import { chunkedComplete } from './routes/chunked-complete.js';
import { chunkedInit } from './routes/chunked-init.js';
import { chunkedInspect } from './routes/chunked-inspect.js';
import { chunkedPart } from './routes/chunked-part.js';
import { confirm } from './routes/confirm.js';
import { FASTIO_ROUTES } from './routes/fastio/index.js';
import { mint } from './routes/mint.js';
import { CurrentUpstream } from './storage/fastio/current-upstream.js';
import { UpstreamClient } from './storage/upstream-client.js';
import { createV1Upstream } from './storage/v1-upstream.js';

export type UploadHandler = (request: Request) => Promise<Response>;

const ROUTES: Readonly<Record<GatewayProtocol, readonly Route[]>> = {
  presigned: [mint, confirm],
  chunked: [chunkedInit, chunkedPart, chunkedInspect, chunkedComplete, chunkedCancel],
  fastio: FASTIO_ROUTES,
};

/** Requests at once while many wait for the upstream; a page has some twenty at most. */
const MOST_OF_ONE_USER = 64;
/** A client that has left reads no answer; servers' logs know this number. */
const CLIENT_LEFT = 499;

/**
 * The handler answers every request and never rejects.
 * @throws TypeError at once, naming the option, when an option is missing or wrong.
 * @example
 * const handler = createUploadHandler({
 *   apiKey: process.env.FASTIO_API_KEY,
 *   workspaceId: 'ws_123',
 *   ticketSecret: process.env.TICKET_SECRET,
 *   authorize: async (request) => (await sessionOf(request))?.user ?? null,
 * });
 */
export const createUploadHandler = (options: UploadHandlerOptions): UploadHandler => {
  const resolved = resolveOptions(options);
  const client = new UpstreamClient(resolved);
  const gateway = new Gateway(resolved, {
    ...createV1Upstream(client, resolved.grantTtlSeconds),
    fastio: new CurrentUpstream(client),
  });
  const guard = new Guard(resolved.allowedOrigins);
  const routes = [capabilities, ...resolved.protocols.flatMap((name) => ROUTES[name])];

  if (resolved.protocols.includes('fastio')) {
    resolved.onNotice?.({
      code: 'metadata-dropped',
      message: 'protocol fastio: the /current/ API has no place for the metadata that browsers send; it is dropped',
    });
  }

  const answer = async (request: Request): Promise<Response> => {
    guard.admit(request);
    if (request.method === 'OPTIONS') return guard.preflight(request);
    const { route, id } = matchRoute(routes, request, resolved.basePath);
    const caller = await identify(request, resolved);
    if (caller instanceof Response) return caller;
    await checkRate(caller, request, resolved);
    const most = client.isCrowded ? MOST_OF_ONE_USER : Number.POSITIVE_INFINITY;
    const place = gateway.userPlaces.take(caller.userId, most);
    try {
      return await route.handle({ request, caller, id }, gateway);
    } finally {
      place.leave();
    }
  };

  return async (request) => {
    try {
      return guard.stamp(request, bodiless(request, await answer(request)));
    } catch (error) {
      if (request.signal.aborted) return new Response(null, { status: CLIENT_LEFT });
      const failure = toHttpError(error);
      if (failure.status >= 500) void report(failure, request, resolved);
      return guard.stamp(request, bodiless(request, failure.toResponse()));
    }
  };
};

const identify = async (request: Request, options: GatewayOptions): Promise<Caller | Response> => {
  const who = await options.authorize(request);
  // A hook in JavaScript may answer nothing at all.
  if (who === null || who === undefined) throw new HttpError(401, 'unauthorized', 'sign in to upload');
  if (who instanceof Response) return who;
  const { userId, workspaceId = options.workspaceId, folderId = options.folderId, mayReplace = () => false } = who;
  const limits = { ...options.limits, ...definedOf(who.limits) };
  if (![userId, workspaceId, folderId].every((id) => typeof id === 'string' && id !== '')) {
    throw new TypeError('authorize() has to answer {userId}, and ids are strings that are not empty');
  }
  checkLimits(limits, 'authorize().limits');
  return { userId, workspaceId, folderId, limits, mayReplace };
};

/** A hook that has nothing to say of a limit must not lift it. */
const definedOf = (limits: UploadLimits = {}): UploadLimits =>
  Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));

/** @throws HttpError 429 */
const checkRate = async ({ userId }: Caller, request: Request, { rateLimit }: GatewayOptions): Promise<void> => {
  const seconds = (await rateLimit?.(userId, request)) ?? 0;
  if (seconds <= 0) return;
  if (!Number.isFinite(seconds)) throw new TypeError('rateLimit() has to answer seconds or null');
  const headers = { 'Retry-After': String(Math.ceil(seconds)) };
  throw new HttpError(429, 'rate-limited', 'too many requests of this user', { headers });
};

const bodiless = (request: Request, response: Response): Response =>
  request.method === 'HEAD' ? new Response(null, response) : response;
