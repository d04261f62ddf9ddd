/** Sends single requests: URLs, headers and bodies, independent of files, uploads and protocols. */

/** `RequestCredentials`, a name that only the types of pages have. */
export type Credentials = 'omit' | 'same-origin' | 'include';

/** A small JSON request to the backend. */
export interface ControlRequest {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute URL. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; without `json` and `form` the request has no body. */
  readonly json?: unknown;
  /** Sent URL-encoded instead of `json`, for dialects with forms; may be empty. */
  readonly form?: Readonly<Record<string, string>>;
  readonly credentials?: Credentials;
  /** Timeout for the whole answer, in milliseconds. @default 30000 */
  readonly timeoutMs?: number;
  /** Whether the request continues after the page is closed (bodies together at most 64 KiB). @default false */
  readonly keepalive?: boolean;
}

/** One request that carries file bytes. */
export interface DataRequest {
  readonly method: 'PUT' | 'POST' | 'PATCH';
  /** Absolute URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Blob | ArrayBuffer | FormData;
  /** `include` sends cookies to another origin. A browser always sends them to its own. @default 'same-origin' */
  readonly credentials?: Credentials;
}

export interface SendOptions {
  /** Aborting it rejects with its reason. */
  readonly signal: AbortSignal;
  /**
   * Called with the body's bytes given to the network so far. Never called when a service worker hides the progress.
   */
  readonly onProgress?: (sentBytes: number) => void;
}

/** An answer of any status; a transport rejects only without an answer. */
export interface WireResponse {
  readonly status: number;
  /** Final URL without query. */
  readonly url: string;
  /** Null when the header is absent or hidden by CORS. */
  header(name: string): string | null;
  readonly text: string;
}

/**
 * Both methods reject with the signal's reason when it is aborted, otherwise with an `UploadError`: `network` without
 * an answer, `timeout` after the timeout, `cors` when CORS hides the answer, `protocol` for a redirect.
 */
export interface Transport {
  control(request: ControlRequest, options: { readonly signal: AbortSignal }): Promise<WireResponse>;
  send(request: DataRequest, options: SendOptions): Promise<WireResponse>;
}

/** A plain object, `Headers` or pairs; an entry with an undefined value is left out. */
export type HeaderValues = Readonly<Record<string, string | undefined>> | Iterable<readonly [string, string]>;

/** Headers of a page's requests to its endpoint; a function is called before each request. */
export type HeadersOption = HeaderValues | (() => HeaderValues | Promise<HeaderValues>);
