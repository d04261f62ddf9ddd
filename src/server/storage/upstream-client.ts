/** One request to the upstream: key, deadline, no redirects, and failures as errors that say nothing of its answer. */

import { type JsonObject, parseJsonObject } from '../../lib/json.js';
import { HttpError, notFound, toHttpError } from '../http/http-error.js';
import { toStream } from '../http/multipart/write-multipart.js';
import { passedHeaders } from '../http/passed-headers.js';
import { readCappedAnswer } from '../http/read-body.js';
import { Budget } from '../limits/budget.js';
import { type GatewayOptions, isKey } from '../options.js';

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

export interface SendOptions {
  /** Aborting ends the request and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. @default the `upstreamTimeoutMs` option */
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

export class UpstreamClient {
  readonly #options: GatewayOptions;
  readonly #redirect = strictestRedirect();
  readonly #budgets = { calls: new Budget(), batch: new Budget() };

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  get isCrowded(): boolean {
    return Object.values(this.#budgets).some(({ isCrowded }) => isCrowded);
  }

  /**
   * Any answer but a redirect.
   * @throws HttpError 502 when none came, 504 when it came too late, 429 when the budget is used up for long.
   */
  async send(request: UpstreamRequest, options: SendOptions): Promise<UpstreamAnswer> {
    options.signal?.throwIfAborted();
    const key = await this.#key();
    const budget = this.#budgets[options.budget ?? 'calls'];
    const { status, headers, text } = await budget.run(() => this.#sendInTime(request, key, options), options);
    const ok = status >= 200 && status < 300;
    return { status, ok, headers: passedHeaders(headers), text, json: parseJsonObject(text) };
  }

  async #sendInTime(request: UpstreamRequest, key: string, options: SendOptions): Promise<RawAnswer> {
    const timeoutMs = options.timeoutMs ?? this.#options.upstreamTimeoutMs;
    const deadline = new Deadline(options.signal);
    deadline.start(request.bytes ? TAKING_TIMEOUT_MS : timeoutMs);
    const body = request.bytes ? toStream(paced(request.bytes, deadline, timeoutMs)) : null;
    try {
      return await this.#exchange(request, key, { body, signal: deadline.signal });
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
    { body, signal }: { readonly body: ReadableStream | null; readonly signal: AbortSignal },
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
      // Following would carry the key and the bytes to a host nobody chose.
      redirect: this.#redirect,
      // With it and `redirect: 'error'`, Node's fetch sends the body itself; else it sends one of two branches of it, and
      // the other one, kept for a redirect, gathers the whole part in memory.
      window: null,
      signal,
    };
    const response = await this.#options.fetch(`${this.#options.upstream}${target}`, init);
    const answer = await readCappedAnswer(response, MAX_ANSWER_BYTES);
    if (answer === null) throw new HttpError(502, 'upstream', 'the storage service answered too much');
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw new HttpError(502, 'upstream', 'the storage service redirected the request');
    }
    return { status: response.status, headers: response.headers, text: answer };
  }

  async #key(): Promise<string> {
    const { apiKey } = this.#options;
    const key = typeof apiKey === 'string' ? apiKey : await apiKey();
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

/** A signal that ends with the caller's or after a while, and leaves no timer and no listener behind. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(parent: AbortSignal | undefined) {
    this.#parent = parent;
    parent?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on, whether it ran before or not. */
  start(ms: number): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.fail(new HttpError(504, 'upstream-timeout', 'the storage service did not answer in time'));
    }, ms);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the request, which then rejects with `reason`. */
  fail(reason: HttpError): void {
    this.#controller.abort(reason);
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#parent?.reason);
}
