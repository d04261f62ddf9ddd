/**
 * Sends requests to the upstream with key and deadline, refuses redirects, and keeps the upstream's text out of errors.
 */

import { type JsonObject, parseJsonObject } from '../../../lib/json.js';
import { Deadline } from '../../http/deadline.js';
import { HttpError, notFound } from '../../http/http-error.js';
import { passedHeaders } from '../../http/passed-headers.js';
import { readCappedAnswer } from '../../http/read-body.js';
import { CHUNK_TIMEOUT_MS, relayedBody } from '../../http/relayed-body.js';
import { strictestRedirect } from '../../http/strictest-redirect.js';
import { BoundedMap } from '../../limits/bounded-map.js';
import { Budget } from '../../limits/budget.js';
import { isKey } from '../../options/check.js';
import type { CallOptions, StorageCaller } from '../storage.js';

/** The state of a session of 10,000 parts takes about 1 MB. */
const MAX_ANSWER_BYTES = 4 * 2 ** 20;

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base URL; build it with `path`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as URL-encoded fields. */
  readonly form?: Readonly<Record<string, string>>;
  /**
   * Sent as a stream. The source may be slow; if it fails, the request fails with its error. The upstream has a minute
   * to accept each chunk, and the usual timeout to answer after the last one.
   */
  readonly bytes?: AsyncIterable<Uint8Array> | null;
}

export interface SendOptions extends CallOptions {
  /** Milliseconds. @default the client's timeout */
  readonly timeoutMs?: number;
  /** Whether the request is a long poll. @default false */
  readonly isPoll?: boolean;
  /** The rate limit that counts the request; batches have their own. @default 'calls' */
  readonly budget?: 'calls' | 'batch';
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly ok: boolean;
  /** May be passed on to the browser. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: JsonObject;
  /** The upstream's time in milliseconds since 1970; NaN when it sends none. */
  readonly date: number;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Joins literal segments with encoded values; a value cannot leave its segment. */
export const path = (literals: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: literals }, ...values.map(encodeSegment));

const LONE_SURROGATE = /\p{Surrogate}/u;

const encodeSegment = (value: string): string => {
  // URL parsers resolve `.` and `..` even when encoded, and a lone surrogate cannot be encoded.
  if (value === '' || value === '.' || value === '..' || LONE_SURROGATE.test(value)) {
    throw notFound('there is no such id');
  }
  return encodeURIComponent(value);
};

/** The bearer key, or a function that returns it before each call. */
export type ApiKey = string | ((caller: StorageCaller) => string | Promise<string>);

export interface UpstreamClientInit {
  /** Base URL, without a trailing slash. */
  readonly upstream: string;
  readonly apiKey: ApiKey;
  /** Timeout for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

interface Budgets {
  readonly calls: Budget;
  readonly batch: Budget;
}

/** Number of keys whose rate limits are kept, and for how long in milliseconds. */
const MAX_KEYS = 10_000;
const KEY_MS = 60 * 60 * 1000;

export class UpstreamClient {
  readonly #init: UpstreamClientInit;
  readonly #redirect = strictestRedirect();
  /** By key, because the upstream counts by key. */
  readonly #budgets = new BoundedMap<Budgets>(MAX_KEYS, KEY_MS);
  #isCrowded = (): boolean => false;

  constructor(init: UpstreamClientInit) {
    this.#init = init;
  }

  get upstream(): string {
    return this.#init.upstream;
  }

  /** Whether so many requests of the last used key wait that one user should not add many more. */
  get isCrowded(): boolean {
    return this.#isCrowded();
  }

  /**
   * Returns any answer except a redirect. When the upstream refuses a key that has been replaced meanwhile, the request
   * is sent again with the new key, unless it has bytes, which can be read only once.
   * @throws HttpError 502 without an answer, 504 after the timeout, 429 when the budget is used up for long.
   */
  async send(request: UpstreamRequest, options: SendOptions): Promise<UpstreamAnswer> {
    options.signal?.throwIfAborted();
    const key = await this.#key(options.caller);
    const answer = await this.#sendWithKey(key, request, options);
    if (answer.status !== 401 || request.bytes) return answer;
    const newer = await this.#key(options.caller);
    return newer === key ? answer : this.#sendWithKey(newer, request, options);
  }

  async #sendWithKey(key: string, request: UpstreamRequest, options: SendOptions): Promise<UpstreamAnswer> {
    const budget = this.#budgetsOf(key)[options.budget ?? 'calls'];
    const { status, headers, text } = await budget.run(() => this.#sendInTime(request, key, options), options);
    const ok = status >= 200 && status < 300;
    const date = headers.get('date') ?? '';
    return { status, ok, headers: passedHeaders(headers), text, json: parseJsonObject(text), date: Date.parse(date) };
  }

  #budgetsOf(key: string): Budgets {
    const budgets = this.#budgets.get(key) ?? { calls: new Budget(), batch: new Budget() };
    this.#budgets.set(key, budgets);
    this.#isCrowded = () => budgets.calls.isCrowded || budgets.batch.isCrowded;
    return budgets;
  }

  async #sendInTime(request: UpstreamRequest, key: string, options: SendOptions): Promise<RawAnswer> {
    const timeoutMs = options.timeoutMs ?? this.#init.timeoutMs;
    const deadline = new Deadline(options.signal);
    deadline.start(request.bytes ? CHUNK_TIMEOUT_MS : timeoutMs);
    const body = request.bytes ? relayedBody(request.bytes, deadline, timeoutMs) : null;
    try {
      return await this.#exchange(request, key, { body, signal: deadline.signal, fetch: options.fetch });
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      if (error instanceof HttpError) throw error;
      throw new HttpError(502, 'upstream', 'the storage service could not be reached', { cause: error });
    } finally {
      deadline.end();
    }
  }

  async #exchange(
    { method, path: target, headers, json, form }: UpstreamRequest,
    key: string,
    { body, signal, fetch }: { body: ReadableStream | null; signal: AbortSignal; fetch: CallOptions['fetch'] },
  ): Promise<RawAnswer> {
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: {
        ...headers,
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        Accept: 'application/json',
        Authorization: `Bearer ${key}`,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form !== undefined && { body: new URLSearchParams(form) }),
      ...(body && { body, duplex: 'half' }),
      redirect: this.#redirect,
      // With this and `redirect: 'error'`, Node's fetch sends the body itself; otherwise it tees the body for a redirect,
      // and the second branch buffers the whole part in memory.
      window: null,
      signal,
    };
    const response = await fetch(`${this.#init.upstream}${target}`, init);
    const answer = await readCappedAnswer(response, MAX_ANSWER_BYTES);
    if (answer === null) throw new HttpError(502, 'upstream', 'the answer of the storage service is too long');
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw new HttpError(502, 'upstream', 'the storage service redirected the request');
    }
    return { status: response.status, headers: response.headers, text: answer };
  }

  async #key(caller: StorageCaller): Promise<string> {
    const { apiKey } = this.#init;
    const key = typeof apiKey === 'string' ? apiKey : await apiKey(caller);
    if (!isKey(key)) throw new TypeError('apiKey() must return a string without spaces');
    return key;
  }
}
