/**
 * The gateway between the browser, which must not have the key, and the storage, which has no users. It is a `(Request)
 * => Promise<Response>` on web standards, so that it runs in every runtime that has them. This module owns the order of
 * the checks (origin, route, user) and the shape of every failure; the operations are in `routes/`, the storages in
 * `storage/`. The gateway stores no sessions: tickets contain them.
 */

import { Gateway } from './gateway.js';
import { Guard } from './http/guard.js';
import { HttpError, toHttpError } from './http/http-error.js';
import { type Caller, identify } from './options/authorize.js';
import type { GatewayProtocol } from './options/gateway-protocol.js';
import type { GatewayOptions, UploadHandlerOptions } from './options/options.js';
import { resolveOptions } from './options/resolve-options.js';
import { report, reportTo } from './report.js';
import { addReportHeaders, RequestMeter } from './request-meter.js';
import { type Call, matchRoute, type Route } from './route.js';
import { capabilities, served } from './routes/capabilities.js';
import { CHUNKED_ROUTES } from './routes/chunked.js';
import { confirm } from './routes/confirm.js';
import { FASTIO_ROUTES } from './routes/fastio/index.js';
import { FILE_ROUTES } from './routes/files.js';
import { form } from './routes/form.js';
import { MULTIPART_ROUTES } from './routes/multipart.js';
import { grant } from './routes/presigned.js';
import type { Target } from './storage/storage.js';

export type UploadHandler = (request: Request) => Promise<Response>;

const ROUTES: Readonly<Record<GatewayProtocol, readonly Route[]>> = {
  presigned: [grant, confirm],
  chunked: CHUNKED_ROUTES,
  multipart: MULTIPART_ROUTES,
  fastio: FASTIO_ROUTES,
  form: [form],
};

const TOP: Target = { workspaceId: '', folderId: 'root' };

/** Requests of one user that may be in flight while many requests wait for the storage. */
const MAX_IN_FLIGHT_WHEN_CROWDED = 16;
/** Status for logs when the client has closed the connection, as in nginx. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Creates the gateway. The handler answers every request and never rejects.
 * @throws TypeError that names the option which is missing or invalid.
 * @example
 * const handler = createUploadHandler({
 *   storage: fastio({ apiKey: process.env.FASTIO_API_KEY, workspaceId: '1234567890123456789' }),
 *   ticketSecret: process.env.TICKET_SECRET,
 *   authorize: async (request) => userOf(request),
 * });
 */
export const createUploadHandler = (options: UploadHandlerOptions): UploadHandler => {
  const resolved = resolveOptions(options);
  const { grantTtlSeconds, upstreamTimeoutMs: timeoutMs } = resolved;
  const gateway = new Gateway(resolved, resolved.storage({ grantTtlSeconds, timeoutMs }));
  const guard = new Guard(resolved.allowedOrigins);
  const routes = [
    capabilities,
    ...protocolsOf(gateway).flatMap((name) => ROUTES[name]),
    ...(resolved.files && gateway.storage.library !== undefined ? FILE_ROUTES : []),
  ];

  const answer = async (request: Request, meter: RequestMeter): Promise<Response> => {
    guard.checkOrigin(request);
    if (request.method === 'OPTIONS') return guard.preflight(request);
    const { route, id } = matchRoute(routes, request, resolved.basePath);
    meter.route = route.path;
    const caller = await identify(request, resolved, gateway.storage.target ?? TOP);
    if (caller instanceof Response) return caller;
    meter.userId = caller.userId;
    await checkRate(caller, request, resolved);
    const key = `${route.isPoll ? 'poll' : 'call'} ${caller.userId}`;
    const permit = gateway.userRequests.acquire(key, maxInFlight(gateway));
    try {
      return await route.handle(toCall(request, caller, id, meter, resolved), gateway);
    } finally {
      permit.release();
    }
  };

  return async (request) => {
    const meter = new RequestMeter(request);
    const response = await answer(request, meter).catch((error: unknown) => {
      if (request.signal.aborted) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
      const failure = toHttpError(error);
      if (failure.isOurs) void report(failure, request, resolved);
      return failure.toResponse();
    });
    const requestReport = meter.report(response.status);
    void reportTo(resolved.onRequest, requestReport);
    const complete = guard.addCorsHeaders(request, addReportHeaders(response, requestReport));
    return request.method === 'HEAD' ? new Response(null, complete) : complete;
  };
};

/** @throws TypeError when the options name a dialect that the storage does not serve. */
const protocolsOf = ({ options: { protocols }, storage }: Gateway): readonly GatewayProtocol[] => {
  const possible = served(storage);
  const missing = protocols?.find((name) => !possible.includes(name));
  if (missing !== undefined) {
    throw new TypeError(`protocols: the storage does not serve ${missing}, only ${possible.join(', ')}`);
  }
  return protocols ?? possible;
};

const maxInFlight = ({ storage, options: { perUser } }: Gateway): number =>
  storage.isCrowded ? Math.min(perUser.requestsInFlight, MAX_IN_FLIGHT_WHEN_CROWDED) : perUser.requestsInFlight;

const toCall = (request: Request, caller: Caller, id: string, meter: RequestMeter, options: GatewayOptions): Call => {
  const detached = { caller, fetch: meter.counted(options.fetch) };
  return { request, caller, id, calls: { ...detached, signal: request.signal }, detached };
};

/** @throws HttpError 429 */
const checkRate = async ({ userId }: Caller, request: Request, { rateLimit }: GatewayOptions): Promise<void> => {
  const seconds = (await rateLimit?.(userId, request)) ?? 0;
  if (seconds <= 0) return;
  if (!Number.isFinite(seconds)) throw new TypeError('rateLimit() must return seconds or null');
  const headers = { 'Retry-After': String(Math.ceil(seconds)) };
  throw new HttpError(429, 'rate-limited', 'too many requests of this user', { headers });
};
