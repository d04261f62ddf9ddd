/** The way of every request: log, faults, key, handler, and one place where failures become answers. */

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

/** Doors stay usable under any script. */
const isDoor = (path: string): boolean => path.startsWith('/emulator/');

const houseOf = (path: string): string => path.split('/', 2).join('/');

export class RequestServer {
  readonly #parts: RequestServerParts;
  /** First segments that are ours, such as `/v1`. */
  readonly #houses: ReadonlySet<string>;
  readonly #connections = new WeakMap<Socket, number>();
  readonly #running = new Map<Exchange, Promise<void>>();
  #connectionCount = 0;

  constructor(parts: RequestServerParts) {
    this.#parts = parts;
    this.#houses = new Set(parts.routes.map(({ path }) => houseOf(path)));
  }

  handlesPath(path: string): boolean {
    return path.split('/').length > 2 && this.#houses.has(houseOf(path));
  }

  /** False, and nothing is touched, when the path is not ours. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (!this.handlesPath(path)) return false;
    const query = new URLSearchParams((request.url ?? '').slice(path.length));
    const exchange = new Exchange(request, response, { path, query, entry: this.#openEntry(request, path) });
    const running = this.#run(exchange).finally(() => this.#running.delete(exchange));
    this.#running.set(exchange, running);
    return true;
  }

  /** Cuts what is running and waits until it has cleaned up. */
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
    if (!isDoor(path)) this.#parts.log.add(entry);
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
    this.#admit(exchange, matched, requested);
    if (exchange.effects.interruption !== null && (await interrupt(exchange, exchange.effects.interruption))) return;
    if (requested !== null && exchange.cors !== null) {
      return exchange.send(204, { headers: preflightHeaders(exchange.cors) });
    }
    if (matched === undefined || requested !== null) throw notFound(matches);
    if (matched.route.needsKey) checkBearer(exchange.header('authorization'), this.#parts.apiKey);
    await matched.route.handle(exchange, matched.params);
  }

  /** Lets the faults decide, and CORS hang on what they decide. */
  #admit(exchange: Exchange, matched: Matched | undefined, requestedMethod: string | null): void {
    const { method, path, entry } = exchange;
    entry.part = matched?.route.partOf?.(exchange.query) ?? readPartNumber((name) => exchange.header(name));
    entry.name = matched?.route.nameOf?.(matched.params) ?? null;
    const { part, name } = entry;
    const pattern = matched?.route.path ?? path;
    const facts = { method, path, pattern, part, name, requestedMethod };
    exchange.effects = isDoor(path) ? NO_EFFECTS : this.#parts.faults.decide(facts);
    entry.faults = exchange.effects.fired;
    if (exchange.effects.allowsCors) exchange.cors = matched?.route.cors ?? null;
  }

  /** Answers a failure, unless the client is gone. */
  async #refuse(exchange: Exchange, error: unknown): Promise<void> {
    if (error instanceof Disconnected || exchange.signal.aborted || exchange.isAnswered) return;
    const refusal = toApiError(error);
    const reason = refusal.cause instanceof Error ? ` (${refusal.cause.message})` : '';
    exchange.entry.error = `${refusal.code}: ${refusal.message}${reason}`;
    const { status, headers } = refusal;
    // A fault may still cut this answer, and then there is nothing more to say.
    await exchange.send(status, { headers, json: refusal.toJson() }).catch(() => {});
  }
}

const notFound = (matches: readonly Matched[]): ApiError => {
  if (matches.length === 0) return new ApiError(404, 'not-found', 'no such path');
  const allowed = matches.map(({ route }) => route.method).join(', ');
  return new ApiError(405, 'method-not-allowed', 'the path does not take this method', { headers: { Allow: allowed } });
};
