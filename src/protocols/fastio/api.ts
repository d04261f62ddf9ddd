/** The client of the `/current/` API: its paths, envelopes, rate limits and errors. */

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
  /** Below the endpoint, with a trailing slash as all paths of the API. */
  readonly path: string;
  readonly query?: Fields;
  /** True when the path contains a session, so that 404 and 410 mean that it no longer exists. @default false */
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
  /** Bytes of the files in the form; its other fields do not count as progress. */
  readonly size: number;
  /** The batch endpoint has its own rate limit. @default false */
  readonly isBatch?: boolean;
}

/** The session does not exist on the server. */
const GONE: ReadonlySet<number> = new Set([404, 410]);

/** Time limit for deleting a session in the background, in milliseconds. */
const FORGET_MS = 60_000;

export class FastioApi {
  readonly #backend: Backend;
  readonly #clock: Clock;
  /** The last `Date` of an answer, in milliseconds since 1970, and when it was read, by `clock.now()`. */
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

  /** The API's clock in whole seconds, up to some seconds late; null where CORS hides `Date`. */
  get wallNow(): number | null {
    if (this.#dated === null) return null;
    return Math.floor((this.#dated.at + this.#clock.now() - this.#dated.since) / 1000) * 1000;
  }

  /** Resolves with the payload. @throws FastioError */
  async control(call: ControlCall, options: TurnOptions): Promise<JsonObject> {
    const { path, query, ofSession: _, ...request } = call;
    const ask = () => this.#backend.ask({ ...request, url: this.#url(path, query) }, options);
    return this.#read(call, await this.#limiters.rest.run(ask, options));
  }

  /** Resolves with the payload. @throws FastioError */
  async send(call: DataCall, { signal, onProgress }: ProgressOptions): Promise<JsonObject> {
    const { path, query, form, size, isBatch = false } = call;
    const request = { method: 'POST', url: this.#url(path, query), headers: {}, body: form } as const;
    const options = { signal, onProgress: (sentBytes: number) => onProgress(Math.min(sentBytes, size)) };
    const limiter = isBatch ? this.#limiters.batch : this.#limiters.rest;
    return this.#read(call, await limiter.run(() => this.#backend.askWithBytes(request, options), { signal }));
  }

  /** Deletes a session, canceled or stored. The id is checked again: an empty one would delete all sessions. */
  async forget(id: SessionId, { signal }: CallOptions): Promise<void> {
    if (parseSessionId(id) === null) throw new UploadError('internal', 'a session without an id cannot be deleted');
    const call = { method: 'DELETE', path: `upload/${id}/`, keepalive: true } as const;
    await this.control(call, { signal, isPatient: true });
  }

  /** As `forget`, in the background; errors are ignored, because sessions expire anyway. */
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
    // Not an envelope: an HTML page, or truncated JSON.
    if (isOk && envelope === null) return this.#backend.readJson(response);
    const failure: Partial<ApiFailure> = envelope?.ok === false ? envelope.failure : {};
    if (ofSession && GONE.has(response.status) && failure.code !== API_CODE.noRoute) {
      throw new UploadError('session-lost', 'the server no longer knows the session', { status: response.status });
    }
    throw toFastioError(this.#backend.errorOf(response), failure);
  }
}
