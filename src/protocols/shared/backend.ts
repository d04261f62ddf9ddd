/** The backend as protocols see it: resolves its URLs, adds the page's headers, turns refusals into errors. */

import { isObject, type JsonObject, parseJson, parseJsonObject } from '../../lib/json.js';
import type { Clock } from '../../ports/clock.js';
import { UploadError, type UploadErrorCode } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import type {
  ControlRequest,
  DataRequest,
  HeadersOption,
  SendOptions,
  Transport,
  WireResponse,
} from '../../ports/transport.js';
import { readErrorCode, readUserMessage } from '../../wire/gateway-error.js';
import { readBackoff } from '../../wire/headers.js';
import { IDEMPOTENCY_KEY_HEADER } from '../../wire/idempotency-key.js';
import { type HeaderRecord, PageHeaders } from './page-headers.js';
import { isGood, SeenOrigins } from './seen-origins.js';
import { expectReceipt, isHtmlPage } from './storage-answer.js';

export interface BackendInit {
  readonly transport: Transport;
  /** Absolute URL. */
  readonly endpoint: string;
  readonly credentials: RequestCredentials;
  readonly headers: HeadersOption;
  readonly clock: Clock;
  /** The answer of this origin was good, and says that the next request would come too soon for `ms`. */
  readonly onSpent?: (origin: string, ms: number) => void;
}

export interface Call extends Omit<ControlRequest, 'credentials'> {
  /** Sent to the page's own origin only: to another, CORS would have to permit the header. */
  readonly idempotencyKey?: string;
}

/** What a status means; any other is `http`. */
const CODES: ReadonlyMap<number, UploadErrorCode> = new Map([
  [401, 'unauthorized'],
  [402, 'payment-required'],
  [403, 'unauthorized'],
  [404, 'configuration'],
  [405, 'configuration'],
  [413, 'too-large'],
  [429, 'rate-limited'],
  [507, 'storage'],
]);

/** Statuses below 500 that time may heal, though their code does not say so; 499 is a proxy's own. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 499]);
/** Statuses from 500 that time does not heal. */
const PERMANENT: ReadonlySet<number> = new Set([501, 505, 507]);

const isTransient = (status: number): boolean => TRANSIENT.has(status) || (status >= 500 && !PERMANENT.has(status));

/** Smaller differences to a server's `Date` are the time on the way and whole seconds, and no wrong clock. */
const WAY_MS = 60_000;

export class Backend {
  readonly #init: BackendInit;
  readonly #seen: SeenOrigins;
  readonly #headers: PageHeaders;

  constructor(init: BackendInit, seen = new SeenOrigins(init.clock)) {
    this.#init = init;
    this.#seen = seen;
    this.#headers = new PageHeaders(init.headers, init.clock);
  }

  get endpoint(): string {
    return this.#init.endpoint;
  }

  get origin(): string {
    return new URL(this.#init.endpoint).origin;
  }

  get clock(): Clock {
    return this.#init.clock;
  }

  /** The same backend at another of its URLs. */
  at(endpoint: string): Backend {
    return new Backend({ ...this.#init, endpoint }, this.#seen);
  }

  /** `path` below the endpoint, whether that ends in a slash or not; a query of the endpoint is kept. */
  url(path: string): string {
    const url = new URL(this.#init.endpoint);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
    return url.href;
  }

  /** A URL from an answer, relative to the endpoint. */
  resolve(url: string): string {
    return new URL(url, this.#init.endpoint).href;
  }

  /**
   * The absolute URL of a storage that the backend names.
   * @throws UploadError `configuration` for one that must not be trusted with the file.
   */
  storageUrl(text: string): string {
    const { endpoint } = this.#init;
    const url = URL.canParse(text, endpoint) ? new URL(text, endpoint) : null;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && !endpoint.startsWith('https:'));
    if (isSafe && url.username === '') return url.href;
    const where = url === null ? 'what is not a valid URL' : `${url.protocol}//${url.host}, which is refused`;
    throw new UploadError('configuration', `the backend grants an upload to ${where}`);
  }

  /** Any answer, whatever its status. */
  async ask({ idempotencyKey, headers: own, ...call }: Call, { signal }: CallOptions): Promise<WireResponse> {
    const { transport, credentials } = this.#init;
    const named = idempotencyKey !== undefined && this.#isOfPage() && { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey };
    const request = (headers: HeaderRecord) =>
      transport.control({ ...call, credentials, headers: { ...named, ...headers, ...own } }, { signal });
    return this.#seen.watch(call.url, () => this.#withHeaders(request, { signal }));
  }

  /** @throws UploadError unless the answer is 2xx and a JSON object. */
  async call(call: Call, options: CallOptions): Promise<JsonObject> {
    return this.readJson(await this.ask(call, options));
  }

  /** Sends bytes to the backend itself, with its headers. @throws UploadError unless the answer is 2xx. */
  async send(request: Omit<DataRequest, 'credentials'>, options: SendOptions): Promise<WireResponse> {
    return this.expectOk(await this.askWithBytes(request, options));
  }

  /** As `send`, but with any answer, whatever its status. */
  async askWithBytes(request: Omit<DataRequest, 'credentials'>, options: SendOptions): Promise<WireResponse> {
    const { transport, credentials } = this.#init;
    const send = (headers: HeaderRecord) =>
      transport.send({ ...request, headers: { ...headers, ...request.headers }, credentials }, options);
    const { url } = request;
    return this.#heed(url, await this.#seen.watch(url, () => this.#withHeaders(send, options)));
  }

  /**
   * Sends bytes to storage: no cookies, none of the endpoint's headers. Any answer, whatever its status, but a page; it
   * names the origin only, because the path of a grant may be its secret.
   * @throws UploadError `network` when a page answers in the place of the storage.
   */
  async sendToStorage(request: Omit<DataRequest, 'credentials'>, options: SendOptions): Promise<WireResponse> {
    const { url } = request;
    const sent = { ...request, credentials: 'omit' } as const;
    const response = await this.#seen.watch(url, () => this.#init.transport.send(sent, options));
    return expectReceipt({ ...this.#heed(url, response), url: new URL(url).origin });
  }

  /** Asks a storage: no cookies, none of the endpoint's headers. Any answer, whatever its status. */
  async askStorage(call: Omit<Call, 'idempotencyKey'>, { signal }: CallOptions): Promise<WireResponse> {
    const response = await this.#init.transport.control({ ...call, credentials: 'omit' }, { signal });
    return { ...response, url: new URL(call.url).origin };
  }

  /**
   * How far the page's clock is ahead of the server's, in milliseconds; 0 where the answer does not tell. Of another origin
   * it tells where CORS exposes `Date`.
   */
  clockAhead(response: WireResponse): number {
    const ahead = this.#init.clock.wallNow() - Date.parse(response.header('date') ?? '');
    return Math.abs(ahead) > WAY_MS ? ahead : 0;
  }

  expectOk(response: WireResponse): WireResponse {
    if (isGood(response)) return response;
    throw this.errorOf(response);
  }

  readJson(response: WireResponse): JsonObject {
    const { text, url, status } = this.expectOk(response);
    const value = parseJson(text);
    if (isObject(value)) return value;
    // A page instead of JSON is the wrong URL; JSON cut short is a broken line; anything else will not change.
    const isCutShort = value === null && text.trimStart().startsWith('{');
    const code = isHtmlPage(text) ? 'configuration' : isCutShort ? 'network' : 'protocol';
    throw new UploadError(code, `the answer of ${new URL(url).origin} is no JSON object`, { status });
  }

  /** Names the endpoint and not the URL, whose path may hold the ticket of a session. */
  errorOf(response: WireResponse): UploadError {
    const { status, url } = response;
    const { origin, pathname } = new URL(this.#init.endpoint);
    const place = url.startsWith(origin) ? origin + pathname : new URL(url).origin;
    const code = readErrorCode(response.text) ?? '';
    const message = `${place} answered ${status}${/^[\w-]{1,40}$/.test(code) ? ` (${code})` : ''}`;
    return new UploadError(CODES.get(status) ?? 'http', message, {
      status,
      retryAfterMs: this.#readBackoff(response),
      // The URL of a storage's answer is its origin only.
      ...(status < 500 &&
        url !== new URL(url).origin && { userMessage: readUserMessage(parseJsonObject(response.text)) }),
      ...(isTransient(status) && { retriable: true }),
    });
  }

  /** A refusal says itself when to come again. */
  #heed(url: string, response: WireResponse): WireResponse {
    const ms = isGood(response) ? this.#readBackoff(response) : undefined;
    if (ms !== undefined) this.#init.onSpent?.(new URL(url).origin, ms);
    return response;
  }

  #readBackoff(response: WireResponse): number | undefined {
    return readBackoff((name) => response.header(name), this.#init.clock.wallNow() - this.clockAhead(response));
  }

  /** There is no CORS outside a page. */
  #isOfPage(): boolean {
    const page: string | undefined = globalThis.location?.origin;
    return page === undefined || page === this.origin;
  }

  /** Asks for the headers once more after a 401, because a token may have been replaced while the request was on its way. */
  async #withHeaders(
    request: (headers: HeaderRecord) => Promise<WireResponse>,
    options: CallOptions,
  ): Promise<WireResponse> {
    const headers = await this.#headers.read(options);
    const response = await request(headers);
    const renewed = response.status === 401 ? await this.#headers.renewed(headers, options) : null;
    return renewed === null ? response : request(renewed);
  }
}
