/** The `/current/` API as sessions see it: its paths, envelopes, budget and errors in one place. */

import type { JsonObject } from '../../lib/json.js';
import type { Clock } from '../../ports/clock.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions, ProgressOptions } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { parseSessionId, type SessionId } from '../../wire/fastio.js';
import { API_CODE, type ApiFailure, parseEnvelope } from '../../wire/fastio-envelope.js';
import type { Backend } from '../shared/backend.js';
import { toFastioError } from './failure.js';
import { RateLimiter, type TurnOptions } from './rate-limiter.js';

type Fields = Readonly<Record<string, string>>;

export interface Call {
  /** Below the endpoint, with a slash at its end as every path of the API. */
  readonly path: string;
  readonly query?: Fields;
  /** The path names a session: 404 and 410 mean that it is gone. @default false */
  readonly ofSession?: boolean;
}

export interface ControlCall extends Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly form?: Fields;
  readonly timeoutMs?: number;
  readonly keepalive?: boolean;
}

export interface DataCall extends Call {
  readonly form: FormData;
  /** Bytes of the files in the form; what else the form holds does not count as progress. */
  readonly size: number;
  /** The batch endpoint has a budget of its own. @default false */
  readonly isBatch?: boolean;
}

/** The server knows nothing of the session. */
const GONE: ReadonlySet<number> = new Set([404, 410]);

/** A session that cannot be deleted within this time, in milliseconds, is left. */
const FORGET_MS = 60_000;

export class FastioApi {
  readonly #backend: Backend;
  readonly #clock: Clock;
  /** What the API's clock said last, in milliseconds since 1970, and when, on the page's clock that never jumps. */
  #dated: { readonly at: number; readonly since: number } | null = null;
  readonly #limiters: { readonly batch: RateLimiter; readonly rest: RateLimiter };

  constructor(backend: Backend, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
    this.#limiters = { batch: new RateLimiter(clock), rest: new RateLimiter(clock) };
  }

  get origin(): string {
    return this.#backend.origin;
  }

  /** In whole seconds by the API's clock, at most some seconds late; null where the page may not read it. */
  get wallNow(): number | null {
    if (this.#dated === null) return null;
    return Math.floor((this.#dated.at + this.#clock.now() - this.#dated.since) / 1000) * 1000;
  }

  /** The payload. @throws FastioError */
  async control(call: ControlCall, options: TurnOptions): Promise<JsonObject> {
    const { path, query, ofSession: _, ...request } = call;
    const ask = () => this.#backend.ask({ ...request, url: this.#url(path, query) }, options);
    return this.#read(call, await this.#limiters.rest.run(ask, options));
  }

  /** The payload. @throws FastioError */
  async send(call: DataCall, { signal, onProgress }: ProgressOptions): Promise<JsonObject> {
    const { path, query, form, size, isBatch = false } = call;
    const request = { method: 'POST', url: this.#url(path, query), headers: {}, body: form } as const;
    const options = { signal, onProgress: (sentBytes: number) => onProgress(Math.min(sentBytes, size)) };
    const limiter = isBatch ? this.#limiters.batch : this.#limiters.rest;
    return this.#read(call, await limiter.run(() => this.#backend.askWithBytes(request, options), { signal }));
  }

  /** Cancels a session, or clears up after one that is stored. Checked once more: without an id it would end them all. */
  async forget(id: SessionId, { signal }: CallOptions): Promise<void> {
    if (parseSessionId(id) === null) throw new UploadError('internal', 'a session without an id cannot be deleted');
    const call = { method: 'DELETE', path: `upload/${id}/`, keepalive: true } as const;
    await this.control(call, { signal, isPatient: true });
  }

  /** As `forget`, in the background: the server lets a session end by itself as well. */
  forgetSoon(id: SessionId): void {
    this.forget(id, { signal: AbortSignal.timeout(FORGET_MS) }).catch(() => {});
  }

  #url(path: string, query: Fields = {}): string {
    const url = new URL(this.#backend.url(path));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  #read({ ofSession = false }: Call, response: WireResponse): JsonObject {
    const at = Date.parse(response.header('date') ?? '');
    if (at > 0) this.#dated = { at, since: this.#clock.now() };
    const envelope = parseEnvelope(response.text);
    const isOk = response.status >= 200 && response.status < 300;
    if (isOk && envelope?.ok) return envelope.payload;
    // Not the API's answer: a page, or one cut short.
    if (isOk && envelope === null) return this.#backend.readJson(response);
    const failure: Partial<ApiFailure> = envelope?.ok === false ? envelope.failure : {};
    if (ofSession && GONE.has(response.status) && failure.code !== API_CODE.noRoute) {
      throw new UploadError('session-lost', 'the server no longer knows the session', { status: response.status });
    }
    throw toFastioError(this.#backend.errorOf(response), failure);
  }
}
