/** Runs each request through log, faults, key check and handler, and turns every failure into an answer. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { NO_EFFECTS } from '../faults/effects.js';
import type { FaultLayer } from '../faults/fault-layer.js';
import { ApiError, toApiError } from './api-error.js';
import { checkBearer } from './bearer.js';
import { preflightHeaders } from './cors.js';
import type { Route } from './dialect.js';
import { Disconnected, Exchange } from './exchange.js';
import { interrupt } from './interrupt.js';
import { readPartNumber } from './part-number.js';
import type { LogDraft, RequestLog } from './request-log.js';
import { type Matched, pickMethod, routesAt } from './router.js';

export interface RequestServerParts {
  readonly routes: readonly Route[];
  readonly apiKey: string;
  readonly faults: FaultLayer;
  readonly log: RequestLog;
}

/** Admin routes are never subject to faults, so a test can always clear a script. */
const isAdminPath = (path: string): boolean => path.startsWith('/emulator/');

const firstSegmentOf = (path: string): string => path.split('/', 2).join('/');

export class RequestServer {
  readonly #parts: RequestServerParts;
  /** First path segments of the routes, such as `/v1`. */
  readonly #prefixes: ReadonlySet<string>;
  readonly #connections = new WeakMap<Socket, number>();
  readonly #running = new Map<Exchange, Promise<void>>();
  #connectionCount = 0;

  constructor(parts: RequestServerParts) {
    this.#parts = parts;
    this.#prefixes = new Set(parts.routes.map(({ path }) => firstSegmentOf(path)));
  }

  handlesPath(path: string): boolean {
    return path.split('/').length > 2 && this.#prefixes.has(firstSegmentOf(path));
  }

  /** Handles the request. Returns false, and leaves the request untouched, when no route has the path's prefix. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (!this.handlesPath(path)) return false;
    const query = new URLSearchParams((request.url ?? '').slice(path.length));
    const exchange = new Exchange(request, response, { path, query, entry: this.#openEntry(request, path) });
    const running = this.#run(exchange).finally(() => this.#running.delete(exchange));
    this.#running.set(exchange, running);
    return true;
  }

  /** Cuts the running requests and waits until their handlers have cleaned up. */
  async close(): Promise<void> {
    for (const exchange of this.#running.keys()) exchange.request.socket.destroy();
    await Promise.all(this.#running.values());
  }

  #openEntry(request: IncomingMessage, path: string): LogDraft {
    const entry: LogDraft = {
      method: request.method ?? 'GET',
      path,
      status: 0,
      bytes: 0,
      startedAt: Date.now(),
      endedAt: null,
      connection: this.#numberOf(request.socket),
      aborted: false,
      part: null,
      name: null,
      origin: request.headers.origin ?? null,
      faults: [],
      error: null,
    };
    if (!isAdminPath(path)) this.#parts.log.add(entry);
    return entry;
  }

  #numberOf(socket: Socket): number {
    const number = this.#connections.get(socket) ?? ++this.#connectionCount;
    this.#connections.set(socket, number);
    return number;
  }

  async #run(exchange: Exchange): Promise<void> {
    try {
      await this.#answer(exchange);
    } catch (error) {
      await this.#refuse(exchange, error);
    }
  }

  async #answer(exchange: Exchange): Promise<void> {
    const matches = routesAt(this.#parts.routes, exchange.path);
    const requested = exchange.method === 'OPTIONS' ? exchange.header('access-control-request-method') : null;
    const matched = pickMethod(matches, requested ?? exchange.method);
    this.#applyFaults(exchange, matched, requested);
    if (exchange.effects.interruption !== null && (await interrupt(exchange, exchange.effects.interruption))) return;
    if (requested !== null && exchange.cors !== null) {
      return exchange.send(204, { headers: preflightHeaders(exchange.cors) });
    }
    if (matched === undefined || requested !== null) throw notFound(matches);
    if (matched.route.needsKey) checkBearer(exchange.header('authorization'), this.#parts.apiKey);
    await matched.route.handle(exchange, matched.params);
  }

  /** Sets the exchange's faults and its CORS policy, which a `no-cors` fault removes. */
  #applyFaults(exchange: Exchange, matched: Matched | undefined, requestedMethod: string | null): void {
    const { method, path, entry } = exchange;
    entry.part = matched?.route.partOf?.(exchange.query) ?? readPartNumber((name) => exchange.header(name));
    entry.name = matched?.route.nameOf?.(matched.params) ?? null;
    const { part, name } = entry;
    const pattern = matched?.route.path ?? path;
    const facts = { method, path, pattern, part, name, requestedMethod };
    exchange.effects = isAdminPath(path) ? NO_EFFECTS : this.#parts.faults.decide(facts);
    entry.faults = exchange.effects.fired;
    if (exchange.effects.allowsCors) exchange.cors = matched?.route.cors ?? null;
  }

  /** Answers with the error, unless the client has disconnected. */
  async #refuse(exchange: Exchange, error: unknown): Promise<void> {
    if (error instanceof Disconnected || exchange.signal.aborted || exchange.isAnswered) return;
    const refusal = toApiError(error);
    const reason = refusal.cause instanceof Error ? ` (${refusal.cause.message})` : '';
    exchange.entry.error = `${refusal.code}: ${refusal.message}${reason}`;
    const { status, headers } = refusal;
    // A fault may cut this answer too; that is not a failure of the emulator.
    await exchange.send(status, { headers, json: refusal.toJson() }).catch(() => {});
  }
}

const notFound = (matches: readonly Matched[]): ApiError => {
  if (matches.length === 0) return new ApiError(404, 'not-found', 'no such path');
  const allowed = matches.map(({ route }) => route.method).join(', ');
  return new ApiError(405, 'method-not-allowed', 'the path does not take this method', { headers: { Allow: allowed } });
};
