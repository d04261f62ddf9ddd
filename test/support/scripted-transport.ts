/**
 * A transport that the test answers itself, so that a test reads as a conversation: wait for the next request, look at
 * it, answer it, wait for the next.
 */

import assert from 'node:assert/strict';
import { UploadError, type UploadErrorCode } from '../../src/ports/errors.js';
import type { ControlRequest, DataRequest, SendOptions, Transport, WireResponse } from '../../src/ports/transport.js';
import { settle } from './fake-clock.js';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

export const wireResponse = (url: string, { status = 200, headers = {}, json, text }: Answer): WireResponse => {
  const { origin, pathname } = new URL(url);
  const known = new Headers(headers);
  return {
    status,
    url: origin + pathname,
    header: (name) => known.get(name),
    text: text ?? (json === undefined ? '' : JSON.stringify(json)),
  };
};

/** A request on its way, until it is answered or given up. */
export class Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: RequestCredentials | undefined;
  /** Body of a control request. */
  readonly json: unknown;
  /** Body of a data request; null for a control request. */
  readonly body: Blob | null;
  /** Body of a data request that sends a form. */
  readonly form: FormData | null;
  readonly signal: AbortSignal;
  readonly #onProgress: SendOptions['onProgress'];
  readonly #resolve: (response: WireResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort = () => this.#end(() => this.#reject(this.signal.reason));
  #isOpen = true;

  constructor(
    request: ControlRequest | DataRequest,
    { signal, onProgress }: SendOptions,
    settlers: { resolve: (response: WireResponse) => void; reject: (error: unknown) => void },
  ) {
    this.method = request.method;
    this.url = new URL(request.url);
    this.headers = request.headers ?? {};
    this.credentials = request.credentials;
    this.json = 'json' in request ? request.json : undefined;
    this.body = 'body' in request && request.body instanceof Blob ? request.body : null;
    this.form = 'body' in request && request.body instanceof FormData ? request.body : null;
    this.signal = signal;
    this.#onProgress = onProgress;
    this.#resolve = settlers.resolve;
    this.#reject = settlers.reject;
    signal.addEventListener('abort', this.#onAbort);
  }

  /** Neither answered nor aborted. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get partNumber(): number {
    return Number(this.headers['Fastio-Part-Number']);
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array((await this.body?.arrayBuffer()) ?? new ArrayBuffer(0));
  }

  progress(sentBytes: number): void {
    this.#onProgress?.(sentBytes);
  }

  async answer(answer: Answer): Promise<void> {
    assert.ok(this.#isOpen, `${this.method} ${this.url.pathname} is not open any more`);
    this.#end(() => this.#resolve(wireResponse(this.url.href, answer)));
    await settle();
  }

  /** No answer comes. */
  async fail(code: UploadErrorCode = 'network'): Promise<void> {
    this.#end(() => this.#reject(new UploadError(code, 'no answer')));
    await settle();
  }

  /** It ends as no code of `fail` says. */
  async reject(error: UploadError): Promise<void> {
    this.#end(() => this.#reject(error));
    await settle();
  }

  #end(then: () => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.signal.removeEventListener('abort', this.#onAbort);
    then();
  }
}

export class ScriptedTransport implements Transport {
  /** All requests so far, in order. */
  readonly exchanges: Exchange[] = [];
  #taken = new Set<Exchange>();

  control(request: ControlRequest, options: { readonly signal: AbortSignal }): Promise<WireResponse> {
    return this.#begin(request, options);
  }

  send(request: DataRequest, options: SendOptions): Promise<WireResponse> {
    return this.#begin(request, options);
  }

  /** Requests that wait for their answer. */
  get open(): Exchange[] {
    return this.exchanges.filter(({ isOpen }) => isOpen);
  }

  /** The next request that the test has not seen; it must be this one. */
  async next(method: string, pathname: string): Promise<Exchange> {
    await settle();
    const exchange = this.exchanges.find((candidate) => !this.#taken.has(candidate) && candidate.isOpen);
    assert.ok(exchange, `expected ${method} ${pathname}, but nothing is being asked`);
    assert.equal(`${exchange.method} ${exchange.url.pathname}`, `${method} ${pathname}`);
    this.#taken.add(exchange);
    return exchange;
  }

  /** Asserts that nothing is being asked that the test has not seen. */
  async quiet(): Promise<void> {
    await settle();
    const unseen = this.exchanges.filter((exchange) => !this.#taken.has(exchange) && exchange.isOpen);
    assert.deepEqual(
      unseen.map(({ method, url }) => `${method} ${url.pathname}`),
      [],
    );
  }

  #begin(request: ControlRequest | DataRequest, options: SendOptions): Promise<WireResponse> {
    return new Promise((resolve, reject) => {
      if (options.signal.aborted) {
        reject(options.signal.reason);
        return;
      }
      this.exchanges.push(new Exchange(request, options, { resolve, reject }));
    });
  }
}
