/** Sends requests like a page, and checks what all dialects have in common. */

import { isObject, type JsonObject, parseJsonObject } from '../../lib/json.js';
import { allowsOrigin, preflightedHeaders, preflightFault } from './cors.js';
import { bucketFix, type Finding, type FindingCode, findingOf } from './finding.js';

export interface InspectionOptions {
  /** Origin of the page that uploads. */
  readonly pageOrigin: string;
  /** Sent only to the endpoint, like the element's `headers`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Timeout for an answer, in milliseconds; it grows with the size of the body. */
  readonly timeoutMs: number;
}

export interface CheckRequest {
  /** Protocol and step, for the report. */
  readonly step: string;
  readonly method: string;
  readonly url: URL;
  readonly json?: unknown;
  readonly body?: Uint8Array<ArrayBuffer> | FormData;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * `endpoint` sends `options.headers`; `storage` and `anonymous` (the endpoint without login) do not. @default
   * 'endpoint'
   */
  readonly as?: 'endpoint' | 'storage' | 'anonymous';
}

export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly json: JsonObject;
  /** The code of S3's error, such as `SignatureDoesNotMatch`. */
  readonly storageCode?: string;
}

/** A larger error of the clock, in milliseconds, may invalidate signatures. */
const MAX_CLOCK_ERROR_MS = 60_000;
/** Bytes per millisecond; a slower line is not the backend's fault. */
const SLOWEST_LINE = 50;

export class Inspection {
  readonly findings: Finding[] = [];
  readonly options: InspectionOptions;
  /** Number of requests, including preflights. */
  requests = 0;
  /** Actions for the report. */
  readonly notes = new Set<string>();
  #isQuiet = false;
  readonly #preflights = new Set<string>();

  constructor(options: InspectionOptions) {
    this.options = options;
  }

  /** Adds a finding, once per code and step. */
  report(code: FindingCode, step: string, message: string, details?: Partial<Pick<Finding, 'level' | 'fix'>>): void {
    if (this.#isQuiet) return;
    const isKnown = this.findings.some(
      (finding) => finding.code === code && (code === 'clock' || finding.step === step),
    );
    if (!isKnown) this.findings.push(findingOf(code, step, message, details));
  }

  /** Runs requests that may fail, without reporting findings. */
  async quietly<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#isQuiet = true;
    try {
      return await act();
    } finally {
      this.#isQuiet = false;
    }
  }

  /** Sends a request; reports the reason and returns null when a page could not read the answer. */
  async send(request: CheckRequest): Promise<Answer | null> {
    const { step, method, url, json } = request;
    const headers = this.#headersOf(request);
    await this.#preflight(request, headers);
    const body = json === undefined ? request.body : JSON.stringify(json);
    headers.set('origin', this.options.pageOrigin);
    // Behind a proxy that changes the Host header, only this tells the backend that the page is its own.
    if (!this.#isCross(url)) headers.set('sec-fetch-site', 'same-origin');
    const asked = { method, headers, ...(body !== undefined && { body }) };
    const bytes = body instanceof Uint8Array ? body.byteLength : 0;
    const response = await this.#fetch(step, url, asked, this.options.timeoutMs + Math.ceil(bytes / SLOWEST_LINE));
    if (response === null) return null;
    const { text, ...answer } = response;
    if (this.#isCross(url) && !allowsOrigin(answer.headers, this.options.pageOrigin)) {
      const message = `the answer (${answer.status}) to ${method} does not allow ${this.options.pageOrigin}`;
      this.#reportCors(request, message);
    }
    const [, storageCode] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
    return { ...answer, json: parseJsonObject(text), ...(storageCode !== undefined && { storageCode }) };
  }

  /** Sends a request that must succeed; otherwise reports the reason and returns null. */
  async expect(request: CheckRequest): Promise<Answer | null> {
    const answer = await this.send(request);
    if (answer === null) return null;
    const { error } = answer.json;
    if (!answer.ok) {
      const message = `${request.method} is answered ${answer.status}${reasonIn(answer)}`;
      this.report('wrong-status', request.step, message, fixOf(answer));
      return null;
    }
    if (error !== undefined && error !== null) {
      this.report('wrong-status', request.step, `an error is answered with status ${answer.status}`);
      return null;
    }
    return answer;
  }

  /** Sends a request that must be refused with one of the statuses, by default any 4xx; returns whether it was. */
  async expectRefusal(
    request: CheckRequest,
    { code = 'wrong-status', what, statuses }: { code?: FindingCode; what: string; statuses?: readonly number[] },
  ): Promise<boolean> {
    const answer = await this.send(request);
    if (answer === null) return false;
    const { status } = answer;
    const isRefused = statuses?.includes(status) ?? (status >= 400 && status < 500);
    if (isRefused) return true;
    const isServerFault = status >= 500 && code !== 'wrong-status';
    this.report(isServerFault ? 'wrong-status' : code, request.step, `${what} is answered ${status}`);
    return false;
  }

  /** Sends the request without credentials; reports it and returns the answer when it succeeds. */
  async checkAuth(request: CheckRequest): Promise<Answer | null> {
    if (Object.keys(this.options.headers).length === 0) return null;
    const answer = await this.send({ ...request, as: 'anonymous' });
    if (answer === null || !answer.ok) return null;
    this.report(
      'no-auth',
      request.step,
      `without ${Object.keys(this.options.headers).join(', ')} it is answered ${answer.status}`,
    );
    return answer;
  }

  #headersOf({ json, headers, as = 'endpoint' }: CheckRequest): Headers {
    return new Headers({
      ...(as === 'endpoint' && this.options.headers),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    });
  }

  #isCross(url: URL): boolean {
    return url.origin !== this.options.pageOrigin;
  }

  #reportCors({ step, url, as }: CheckRequest, message: string): void {
    const fix = as === 'storage' ? { fix: bucketFix(url.host, this.options.pageOrigin) } : {};
    this.report('cors', step, message, fix);
  }

  async #preflight(request: CheckRequest, headers: Headers): Promise<void> {
    const { step, method, url, body } = request;
    const names = preflightedHeaders(headers);
    const key = `${url.origin} ${method} ${names} ${step}`;
    const isSimple = (method === 'GET' || body instanceof FormData) && names.length === 0;
    if (!this.#isCross(url) || isSimple || this.#preflights.has(key)) return;
    this.#preflights.add(key);
    const origin = this.options.pageOrigin;
    const asked = {
      origin,
      'access-control-request-method': method,
      ...(names.length > 0 && { 'access-control-request-headers': names.join(',') }),
    };
    this.requests += 1;
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    const response = await fetch(url, { method: 'OPTIONS', headers: asked, redirect: 'manual', signal }).catch(
      () => null,
    );
    await response?.body?.cancel();
    const fault = response === null ? 'OPTIONS gets no answer' : preflightFault(response, { origin, method, headers });
    if (fault !== null) this.#reportCors(request, `${fault}, at ${url.origin}`);
  }

  async #fetch(step: string, url: URL, init: RequestInit, timeoutMs: number) {
    this.requests += 1;
    const sentAt = Date.now();
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      const text = await response.text();
      const { status, ok, headers } = response;
      this.#checkClock(step, headers, sentAt);
      if (status >= 300 && status < 400 && status !== 304) {
        const place = headers.get('location') ?? '';
        const target = URL.canParse(place, url.href) ? new URL(place, url).origin : 'nowhere';
        this.report('redirect', step, `${init.method} is answered ${status}, to ${target}`);
        return null;
      }
      return { status, ok, headers, text };
    } catch (error) {
      const isSlow = error instanceof DOMException && error.name === 'TimeoutError';
      if (isSlow) this.report('slow-answer', step, `no answer to ${init.method} within ${timeoutMs / 1000} s`);
      else this.report('unreachable', step, `${url.origin} gives no answer to ${init.method} (${reasonOf(error)})`);
      return null;
    }
  }

  #checkClock(step: string, headers: Headers, sentAt: number): void {
    const serverNow = Date.parse(headers.get('date') ?? '');
    const difference = serverNow - (sentAt + Date.now()) / 2;
    if (!(Math.abs(difference) > MAX_CLOCK_ERROR_MS)) return;
    const seconds = Math.round(Math.abs(difference) / 1000);
    this.report('clock', step, `its clock is ${seconds} s ${difference > 0 ? 'ahead of' : 'behind'} this computer's`);
  }
}

/** What the backend says of its error. */
export const reasonIn = ({ json: { error } }: Answer): string =>
  isObject(error) && typeof error.message === 'string' ? `: ${error.message}` : '';

/** Where the status says more about the cause than the contract does. */
export const fixOf = ({ status }: Answer): { readonly fix?: string } => {
  if (status === 404) return { fix: 'Name the URL that the attribute endpoint has, and mount the backend there.' };
  if (status >= 500) return { fix: "Look in the backend's log; the gateway gives the cause to its option onError." };
  return {};
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return isObject(cause) && typeof cause.code === 'string' ? cause.code : error.message;
};
