/** The backend as protocols use it: resolves its URLs, adds the page's headers, turns refusals into errors. */

import { isObject, type JsonObject, parseJson, parseJsonObject } from '../../lib/json.js';
import type { Clock } from '../../ports/clock.js';
import { UploadError, type UploadErrorCode } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import type {
  ControlRequest,
  Credentials,
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
  readonly credentials: Credentials;
  readonly headers: HeadersOption;
  readonly clock: Clock;
  /** Called when a successful answer of this origin asks for a pause of `ms` milliseconds. */
  readonly onBackoff?: (origin: string, ms: number) => void;
}

export interface Call extends Omit<ControlRequest, 'credentials'> {
  /** Sent to the page's own origin only, because another origin would have to allow the header by CORS. */
  readonly idempotencyKey?: string | undefined;
}

/** Error codes by status; any other status is `http`. */
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

/** Retriable statuses below 500 whose error code is not; proxies send 499. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 499]);
/** Statuses from 500 that are not retriable. */
const PERMANENT: ReadonlySet<number> = new Set([501, 505, 507]);

const isTransient = (status: number): boolean => TRANSIENT.has(status) || (status >= 500 && !PERMANENT.has(status));

/** Smaller differences to a server's `Date` come from latency and rounding, not from a wrong clock. */
const CLOCK_TOLERANCE_MS = 60_000;

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

  /** The same backend with another endpoint. */
  at(endpoint: string): Backend {
    return new Backend({ ...this.#init, endpoint }, this.#seen);
  }

  /** The URL of `path` below the endpoint, with or without a trailing slash; keeps the endpoint's query. */
  url(path: string): string {
    const url = new URL(this.#init.endpoint);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
    return url.href;
  }

  /** Resolves a URL of an answer against the endpoint. */
  resolve(url: string): string {
    return new URL(url, this.#init.endpoint).href;
  }

  /**
   * The absolute URL of a storage from an answer.
   * @throws UploadError `configuration` for an invalid URL, other schemes than HTTP, a downgrade from HTTPS, or
   * credentials.
   */
  storageUrl(text: string): string {
    const { endpoint } = this.#init;
    const url = URL.canParse(text, endpoint) ? new URL(text, endpoint) : null;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && !endpoint.startsWith('https:'));
    if (isSafe && url.username === '') return url.href;
    const where = url === null ? 'an invalid URL' : `${url.protocol}//${url.host}, which is refused`;
    throw new UploadError('configuration', `the backend grants an upload to ${where}`);
  }

  /** Resolves with the answer, whatever its status. */
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

  /** As `send`, but resolves with the answer whatever its status. */
  async askWithBytes(request: Omit<DataRequest, 'credentials'>, options: SendOptions): Promise<WireResponse> {
    const { transport, credentials } = this.#init;
    const send = (headers: HeaderRecord) =>
      transport.send({ ...request, headers: { ...headers, ...request.headers }, credentials }, options);
    const { url } = request;
    return this.#reportBackoff(url, await this.#seen.watch(url, () => this.#withHeaders(send, options)));
  }

  /**
   * Sends bytes to storage, without cookies or the endpoint's headers. Resolves with the answer, whatever its status;
   * its `url` is the origin only, because the path of a grant may be secret.
   * @throws UploadError `network` when the answer is an HTML page.
   */
  async sendToStorage(request: Omit<DataRequest, 'credentials'>, options: SendOptions): Promise<WireResponse> {
    const { url } = request;
    const sent = { ...request, credentials: 'omit' } as const;
    const response = await this.#seen.watch(url, () => this.#init.transport.send(sent, options));
    return expectReceipt({ ...this.#reportBackoff(url, response), url: new URL(url).origin });
  }

  /** A request without a body to storage, as `sendToStorage`. */
  async askStorage(call: Omit<Call, 'idempotencyKey'>, { signal }: CallOptions): Promise<WireResponse> {
    const response = await this.#init.transport.control({ ...call, credentials: 'omit' }, { signal });
    return { ...response, url: new URL(call.url).origin };
  }

  /**
   * How far the page's clock is ahead of the server's, in milliseconds; 0 where `Date` cannot be read, as on another
   * origin whose CORS headers do not expose it.
   */
  clockAhead(response: WireResponse): number {
    const ahead = this.#init.clock.wallNow() - Date.parse(response.header('date') ?? '');
    return Math.abs(ahead) > CLOCK_TOLERANCE_MS ? ahead : 0;
  }

  expectOk(response: WireResponse): WireResponse {
    if (isGood(response)) return response;
    throw this.errorOf(response);
  }

  readJson(response: WireResponse): JsonObject {
    const { text, url, status } = this.expectOk(response);
    const value = parseJson(text);
    if (isObject(value)) return value;
    // A page means a wrong URL; truncated JSON means a broken connection; anything else is a fault of the backend.
    const isCutShort = value === null && text.trimStart().startsWith('{');
    const code = isHtmlPage(text) ? 'configuration' : isCutShort ? 'network' : 'protocol';
    throw new UploadError(code, `the answer of ${new URL(url).origin} is no JSON object`, { status });
  }

  /** The message contains the endpoint instead of the URL, whose path may hold the ticket of a session. */
  errorOf(response: WireResponse): UploadError {
    const { status, url } = response;
    const { origin, pathname } = new URL(this.#init.endpoint);
    const place = url.startsWith(origin) ? origin + pathname : new URL(url).origin;
    const code = readErrorCode(response.text) ?? '';
    const message = `${place} answered ${status}${/^[\w-]{1,40}$/.test(code) ? ` (${code})` : ''}`;
    return new UploadError(CODES.get(status) ?? 'http', message, {
      status,
      retryAfterMs: this.#readBackoff(response),
      // Answers of storages, whose `url` is an origin, contain no message for users.
      ...(status < 500 &&
        url !== new URL(url).origin && { userMessage: readUserMessage(parseJsonObject(response.text)) }),
      ...(isTransient(status) && { retriable: true }),
    });
  }

  /** Successful answers only: the delay of a refusal is in its error. */
  #reportBackoff(url: string, response: WireResponse): WireResponse {
    const ms = isGood(response) ? this.#readBackoff(response) : undefined;
    if (ms !== undefined) this.#init.onBackoff?.(new URL(url).origin, ms);
    return response;
  }

  #readBackoff(response: WireResponse): number | undefined {
    return readBackoff((name) => response.header(name), this.#init.clock.wallNow() - this.clockAhead(response));
  }

  /** True outside of pages as well, where there is no CORS. */
  #isOfPage(): boolean {
    const page: string | undefined = globalThis.location?.origin;
    return page === undefined || page === this.origin;
  }

  /** Reads the headers again after a 401, because the token may have been replaced while the request was in flight. */
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
