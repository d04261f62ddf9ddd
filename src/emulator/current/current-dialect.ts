/**
 * The `/current/` API: sessions, single requests, batches, chunks, streams, placing, locks. Each module states which of
 * its behaviour is documented (the vendor's references, guides and articles), which is taken from the vendor's own
 * client, and which is assumed because there is no source. Error codes from 199000 are always assumed.
 *
 * This module handles every call from its key to its envelope. Documented: bearer tokens, paths that end in a slash,
 * 404 with 9992 for an unknown path, a request id in `x-ve-reqid`. Assumed: 404 with 9992 also for a known path with
 * another method; the order of the checks; no CORS unless it is switched on, since no source documents it.
 */

import { randomUUID } from 'node:crypto';
import type { Disk } from '../disk/disk.js';
import type { ObjectStore } from '../disk/object-store.js';
import type { CorsPolicy } from '../http/cors.js';
import type { Dialect, Route } from '../http/dialect.js';
import { Disconnected, type Exchange } from '../http/exchange.js';
import { Access, type Caller } from './access.js';
import { CODES, CurrentError, toCurrentError } from './current-error.js';
import { type CurrentOptions, DEFAULT_ALGORITHMS, DEFAULT_STAGES, type Generation } from './current-options.js';
import { Envelope } from './envelope.js';
import { Nodes } from './nodes.js';
import { PLANS, type Plan, type PlanLimits } from './plans.js';
import { RateLimiter } from './rate-limiter.js';
import { createBatchRoutes } from './routes/batch.js';
import { createChunkRoutes } from './routes/chunks.js';
import { createGuestRoutes } from './routes/guests.js';
import { createLimitRoutes } from './routes/limits.js';
import { createLockRoutes } from './routes/locks.js';
import { createSessionRoutes } from './routes/sessions.js';
import { createStorageRoutes } from './routes/storage.js';
import { createStreamRoutes } from './routes/stream.js';
import type { CurrentRoute, Params, Reply, Services } from './services.js';
import { Locks } from './sessions/locks.js';
import { SessionAssembler } from './sessions/session-assembler.js';
import { Sessions } from './sessions/sessions.js';
import { contextPath } from './storage-context.js';

export interface CurrentContext {
  readonly disk: Disk;
  readonly store: ObjectStore;
  readonly apiKey: string;
  /** Workspaces that the key may write to; undefined for all. */
  readonly workspaces: readonly string[] | undefined;
  /** Bytes. */
  readonly maxFileSize: number;
  readonly sessionTtlMs: number;
  readonly plan: Plan;
  readonly limits: Partial<PlanLimits>;
  readonly options: CurrentOptions;
  readonly generation: Generation;
  readonly now: () => number;
}

const ROOT = '/current/';

const CORS: CorsPolicy = { methods: ['GET', 'POST', 'DELETE'], headers: ['Authorization', 'Content-Type'] };

const GUEST: Caller = { userId: 'guest', targets: new Set(), isGuest: true };

const UNROUTED: Pick<CurrentRoute, 'isPublic' | 'handle'> = {
  isPublic: true,
  handle: async () => {
    throw new CurrentError(404, CODES.noRoute, 'the path does not route');
  },
};

const createServices = (context: CurrentContext): Services => {
  const { disk, store, options, plan, now } = context;
  const { apiKey, workspaces, sessionTtlMs: ttlMs } = context;
  const allowed = { ...PLANS[plan], ...context.limits };
  const limits = { ...allowed, size: Math.min(allowed.size, context.maxFileSize) };
  const nodes = new Nodes(store);
  return {
    disk,
    nodes,
    plan,
    limits,
    options,
    now,
    algorithms: options.algorithms ?? DEFAULT_ALGORITHMS,
    access: new Access({ apiKey, workspaces, options, now }),
    sessions: new Sessions({ disk, limits, ttlMs, now }),
    assembler: new SessionAssembler({
      disk,
      nodes,
      stages: { ...DEFAULT_STAGES, ...options.stages },
      failing: options,
      generation: context.generation,
      hidesNodes: context.generation === 'complete' && options.tellsNodes === false,
    }),
  };
};

/** Checks rate limit and key, calls the handler, and sends what it returns or throws as an answer. */
class CallServer {
  readonly #access: Access;
  readonly #envelope: Envelope;
  readonly #limiter: RateLimiter;

  constructor({ access, options, now }: Services) {
    this.#access = access;
    this.#envelope = new Envelope(options.envelope ?? 'flat');
    this.#limiter = new RateLimiter(options.rateLimit, now);
  }

  async serve(route: Pick<CurrentRoute, 'isPublic' | 'bucket' | 'handle'>, exchange: Exchange, params: Params) {
    try {
      const { status = 200, payload } = await this.#call(route, exchange, params);
      await exchange.send(status, { json: this.#envelope.accept(payload) });
    } catch (error) {
      await this.refuse(exchange, error);
    }
  }

  async refuse(exchange: Exchange, error: unknown): Promise<void> {
    if (error instanceof Disconnected || exchange.signal.aborted || exchange.isAnswered) throw error;
    const refusal = toCurrentError(error);
    exchange.entry.error = `${refusal.code}: ${refusal.message}`;
    const headers = refusal.data.headers ?? {};
    await exchange.send(refusal.status, { headers, json: this.#envelope.refuse(refusal) });
  }

  async #call(
    { isPublic = false, bucket = 'calls', handle }: Omit<CurrentRoute, 'method' | 'path'>,
    exchange: Exchange,
    params: Params,
  ): Promise<Reply> {
    const authorization = exchange.header('authorization');
    const { headers, refusal } = this.#limiter.count(`${bucket} ${authorization ?? ''}`);
    const added = { 'x-ve-reqid': randomUUID(), ...headers, ...exchange.effects.headers };
    exchange.effects = { ...exchange.effects, headers: added };
    if (refusal !== null) throw refusal;
    const caller = isPublic ? GUEST : this.#access.identify(authorization);
    return handle({ exchange, caller }, params);
  }
}

export const createCurrentDialect = (context: CurrentContext): Dialect => {
  const services = createServices(context);
  const { access, sessions, nodes, now } = services;
  const locks = new Locks(now);
  const server = new CallServer(services);
  const shared = { needsKey: false, ...(context.options.cors === true && { cors: CORS }) };
  const toRoute = ({ method, path, partOf, ...route }: CurrentRoute): Route => ({
    ...shared,
    method,
    path: ROOT + path,
    ...(partOf !== undefined && { partOf }),
    nameOf: ({ id = '' }) => sessions.peek(id)?.request.name,
    handle: (exchange, params) => server.serve(route, exchange, params),
  });
  const storage = createStorageRoutes(services, locks);
  const routes = [
    ...createLimitRoutes(services),
    ...createBatchRoutes(services),
    ...createSessionRoutes(services),
    ...createChunkRoutes(services),
    ...createStreamRoutes(services),
    ...createGuestRoutes(services),
    ...createLockRoutes(services, locks),
    ...storage.calls,
  ];
  // It answers with the bytes, without an envelope.
  const readRoute: Route = {
    ...shared,
    method: 'GET',
    path: ROOT + contextPath('read/'),
    handle: (exchange, params) =>
      storage.read(exchange, params).catch((error: unknown) => server.refuse(exchange, error)),
  };
  const unrouted: Route = {
    ...shared,
    method: '*',
    path: `${ROOT}*`,
    handle: (exchange, params) => server.serve(UNROUTED, exchange, params),
  };
  return {
    routes: [...routes.map(toRoute), readRoute, unrouted],
    clear: async () => {
      await sessions.clear();
      access.clear();
      locks.clear();
      nodes.clear();
    },
    close: () => sessions.clear(),
  };
};
