/** One request to the upstream: key, deadline, no redirects, and failures as errors that say nothing of its answer. */

import { type JsonObject, parseJsonObject } from '../../../lib/json.js';
import { Deadline } from '../../http/deadline.js';
import { HttpError, notFound, toHttpError } from '../../http/http-error.js';
import { toStream } from '../../http/multipart/write-multipart.js';
import { passedHeaders } from '../../http/passed-headers.js';
import { readCappedAnswer } from '../../http/read-body.js';
import { BoundedMap } from '../../limits/bounded-map.js';
import { Budget } from '../../limits/budget.js';
import type { CallOptions, StorageCaller } from '../storage.js';

/** The state of a session of 10,000 parts takes about 1 MB. */
const MAX_ANSWER_BYTES = 4 * 2 ** 20;
/** For some kilobytes to be taken, in milliseconds. */
const TAKING_TIMEOUT_MS = 60_000;

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
   * Sent as they come. Where they come from may take its time, or fail, which ends the request with that failure. The
   * upstream has a minute to take each chunk, and its usual time to answer after the last one.
   */
  readonly bytes?: AsyncIterable<Uint8Array> | null;
}

export interface SendOptions extends CallOptions {
  /** Milliseconds. @default that of the client */
  readonly timeoutMs?: number;
  /** Held back by the upstream on purpose. @default false */
  readonly isPoll?: boolean;
  /** Some requests are counted by themselves. @default 'calls' */
  readonly budget?: 'calls' | 'batch';
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly ok: boolean;
  /** May be passed on to the browser. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: JsonObject;
  /** By the upstream's clock, in milliseconds since 1970; NaN where it does not tell. */
  readonly date: number;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Joins literal segments with values from outside, none of which can leave its segment. */
export const path = (literals: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: literals }, ...values.map(encodeSegment));

const LONE_SURROGATE = /\p{Surrogate}/u;

const encodeSegment = (value: string): string => {
  // URL parsers walk up on these two, encoded or not; and half a surrogate pair stands for no character.
  if (value === '' || value === '.' || value === '..' || LONE_SURROGATE.test(value)) {
    throw notFound('there is no such id');
  }
  return encodeURIComponent(value);
};

/** The bearer key, or a function that yields it before each call. */
export type ApiKey = string | ((caller: StorageCaller) => string | Promise<string>);

/** A visible-ASCII key: anything else cannot stand in a header, a stray line break of a key file for example. */
export const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);

export interface UpstreamClientInit {
  /** Base URL, without a slash at its end. */
  readonly upstream: string;
  readonly apiKey: ApiKey;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
}

interface Budgets {
  readonly calls: Budget;
  readonly batch: Budget;
}

/** Keys whose rate limits are remembered, and for how long, in milliseconds. */
const MAX_KEYS = 10_000;
const KEY_MS = 60 * 60 * 1000;

export class UpstreamClient {
  readonly #init: UpstreamClientInit;
  readonly #redirect = strictestRedirect();
  /** By key, since the upstream counts by key. */
  readonly #budgets = new BoundedMap<Budgets>(MAX_KEYS, KEY_MS);
  #isCrowded = (): boolean => false;

  constructor(init: UpstreamClientInit) {
    this.#init = init;
  }

  get upstream(): string {
    return this.#init.upstream;
  }

  /** So many requests wait, under the key that was used last, that no user should add many more. */
  get isCrowded(): boolean {
    return this.#isCrowded();
  }

  /**
   * Any answer but a redirect. A refusal of a key that has been replaced meanwhile is not one: the request goes again with
   * the new key, unless it has bytes, which can be read once only.
   * @throws HttpError 502 when none came, 504 when it came too late, 429 when the budget is used up for long.
   */
  async send(request: UpstreamRequest, options: SendOptions): Promise<UpstreamAnswer> {
    options.signal?.throwIfAborted();
    const key = await this.#key(options.caller);
    const answer = await this.#sendUnder(key, request, options);
    if (answer.status !== 401 || request.bytes) return answer;
    const newer = await this.#key(options.caller);
    return newer === key ? answer : this.#sendUnder(newer, request, options);
  }

  async #sendUnder(key: string, request: UpstreamRequest, options: SendOptions): Promise<UpstreamAnswer> {
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
    deadline.start(request.bytes ? TAKING_TIMEOUT_MS : timeoutMs);
    const body = request.bytes ? toStream(paced(request.bytes, deadline, timeoutMs)) : null;
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
      // Following would carry the key and the bytes to a host that was not chosen.
      redirect: this.#redirect,
      // With it and `redirect: 'error'`, Node's fetch sends the body itself; else it sends one of two branches of it, and
      // the other one, kept for a redirect, gathers the whole part in memory.
      window: null,
      signal,
    };
    const response = await fetch(`${this.#init.upstream}${target}`, init);
    const answer = await readCappedAnswer(response, MAX_ANSWER_BYTES);
    if (answer === null) throw new HttpError(502, 'upstream', 'the storage service answered too much');
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw new HttpError(502, 'upstream', 'the storage service redirected the request');
    }
    return { status: response.status, headers: response.headers, text: answer };
  }

  async #key(caller: StorageCaller): Promise<string> {
    const { apiKey } = this.#init;
    const key = typeof apiKey === 'string' ? apiKey : await apiKey(caller);
    if (!isKey(key)) throw new TypeError('apiKey() has to yield a string without blanks');
    return key;
  }
}

/** Whether a stream that fails also ends the request is not the same in all runtimes; the deadline's signal is. */
const paced = async function* (bytes: AsyncIterable<Uint8Array>, deadline: Deadline, timeoutMs: number) {
  deadline.pause();
  try {
    for await (const chunk of bytes) {
      deadline.start(TAKING_TIMEOUT_MS);
      yield chunk;
      deadline.pause();
    }
  } catch (error) {
    deadline.fail(toHttpError(error));
    throw error;
  }
  deadline.start(timeoutMs);
};

/** Workers know no `error`; there a redirect comes as an answer, and is refused as one. */
const strictestRedirect = (): RequestRedirect => {
  try {
    return new Request('https://upstream.invalid', { redirect: 'error' }).redirect;
  } catch {
    return 'manual';
  }
};
