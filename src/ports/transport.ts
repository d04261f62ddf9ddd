/** Moves the bytes of one request. Knows URLs, headers and bodies; knows nothing of files, uploads or protocols. */

/** A small JSON request to the backend. */
export interface ControlRequest {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute URL. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; without it and `form` the request has no body. */
  readonly json?: unknown;
  /** Sent URL-encoded instead of `json`, for dialects that want forms; may be empty. */
  readonly form?: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials;
  /** Longest wait for the whole answer, in milliseconds. @default 30000 */
  readonly timeoutMs?: number;
  /** Let the request outlive the page (bodies together at most 64 KiB). @default false */
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
  readonly credentials?: RequestCredentials;
}

export interface SendOptions {
  /** Aborting rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Bytes of the body given to the network so far. May never be called: a service worker of the page hides them. */
  readonly onProgress?: (sentBytes: number) => void;
}

/** An answer of any status; only a missing answer is an error. */
export interface WireResponse {
  readonly status: number;
  /** Final URL without query. */
  readonly url: string;
  /** Null when the header is absent or hidden from the page by CORS. */
  header(name: string): string | null;
  readonly text: string;
}

/**
 * Both methods reject with the signal's reason when aborted, else with an `UploadError`: `network` when no answer came,
 * `timeout` when it came too late, `cors` when the server answers but the browser may not read it, `protocol` when
 * it was redirected.
 */
export interface Transport {
  control(request: ControlRequest, options: { readonly signal: AbortSignal }): Promise<WireResponse>;
  send(request: DataRequest, options: SendOptions): Promise<WireResponse>;
}

/** A plain object, `Headers` or pairs; an entry without a value is left out. */
export type HeaderValues = Readonly<Record<string, string | undefined>> | Iterable<readonly [string, string]>;

/** Headers of a page's requests to its endpoint; a function is called before each request. */
export type HeadersOption = HeaderValues | (() => HeaderValues | Promise<HeaderValues>);
