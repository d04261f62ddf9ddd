/** The options of the gateway, their defaults, and what makes them wrong. */

import { DEFAULT_CHUNKED_ABOVE } from '../wire/capabilities.js';
import type { UploadLimits } from './limits/limits.js';

/** The dialects that this gateway can speak to the browser. */
export const GATEWAY_PROTOCOLS = ['presigned', 'chunked', 'fastio'] as const;
export type GatewayProtocol = (typeof GATEWAY_PROTOCOLS)[number];

/** Who calls, and what that user may do. */
export interface Authorization {
  /** Your stable id of the user. Sessions belong to it; it is never sent to the browser or the upstream. */
  readonly userId: string;
  /** Instead of the option of this name. */
  readonly workspaceId?: string;
  readonly folderId?: string;
  /** Each field replaces the option's field of this name, for this user: wider or narrower. */
  readonly limits?: UploadLimits;
  /**
   * Whether this user may put a new version in the place of a file (`fastio` only). The browser names the file, so check
   * that it is the user's. @default never
   */
  readonly mayReplace?: (fileId: string) => boolean | Promise<boolean>;
}

/** Something to know when the gateway starts. Not an error: it works, but not in every respect. */
export interface GatewayNotice {
  /** The `/current/` API has no place for key-value metadata: what the element sends of it ends at the browser. */
  readonly code: 'metadata-dropped';
  /** For the log, in English. */
  readonly message: string;
}

/** A file that the upstream is known to hold, whole. */
export interface StoredFile {
  readonly fileId: string;
  /** As the `authorize` hook named it. */
  readonly userId: string;
  readonly workspaceId: string;
  readonly folderId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** As the browser declared it: not proven. */
  readonly type: string;
  /** Folder path and name, where the file came with one. */
  readonly relativePath?: string;
  readonly protocol: GatewayProtocol;
}

export interface UploadHandlerOptions {
  /** The upstream's bearer key, or a function that yields it before each call, for keys that rotate. Never sent to the browser. */
  readonly apiKey: string | (() => string | Promise<string>);
  /** Workspace that files go to, unless `authorize` names another. The browser has no say in it. */
  readonly workspaceId: string;
  /**
   * Folder in it, unless `authorize` names another. Through `fastio`, a file becomes the next version of one that has its
   * name in the same place, whoever stored that: where users must not meet, let `authorize` give each a folder.
   * @default 'root'
   */
  readonly folderId?: string;
  /** Base URL of the storage API, without `/v1` or `/current`. @default 'https://api.fast.io' */
  readonly upstream?: string;
  /** Path where the handler is mounted, as the browser sees it. @default '/api/uploads' */
  readonly basePath?: string;
  /**
   * Says who calls: called for every request but preflights, after the check of its origin. `null` is answered with
   * 401; a `Response` is sent as it is. It must not read the body.
   */
  readonly authorize: (request: Request) => AuthorizeAnswer | Promise<AuthorizeAnswer>;
  /** At least 32 bytes (text counts in UTF-8), the same for all instances. Another secret ends all open sessions. */
  readonly ticketSecret: string | Uint8Array;
  /** @default none */
  readonly limits?: UploadLimits;
  /**
   * What is announced and answered. `fastio` relays the `/current/` upload API, the only one that the vendor's reference
   * knows; `presigned` and `chunked` are the dialects of its articles.
   * @default all that the upstream offers: `fastio` unless it knows no `/current/`, and the others, for which only an
   * upload could tell
   */
  readonly protocols?: readonly GatewayProtocol[];
  /** Files above this many bytes go in parts. @default 8 MiB */
  readonly chunkedAbove?: number;
  /** Most files in one mint request, 1 to 1000. @default 100 */
  readonly mintBatch?: number;
  /** Life of a presigned URL in seconds, 1 to 86400. Ask for no more than a slow start needs. @default 900 */
  readonly grantTtlSeconds?: number;
  /** Origins other than its own whose pages may call, for example `https://app.example`. @default none */
  readonly allowedOrigins?: readonly string[];
  /**
   * Called before the browser learns that a file is stored. If it throws, the browser is told of a failure and asks
   * again, and so is the hook; a second instance or a restart may also repeat it. Make it idempotent by `fileId`.
   */
  readonly onStored?: (file: StoredFile) => void | Promise<void>;
  /**
   * Where a webhook handler with the same option notes what is stored, for browsers that did not hear it. It decides where
   * the upstream cannot tell whether a file of a `presigned` upload is stored; without it, there the browser's word counts,
   * for files that were granted to its user.
   * @default none
   */
  readonly storedFiles?: { has(fileId: string): boolean | Promise<boolean> };
  /** Told of everything that is answered with a status of 500 or above; `error.cause` is the reason. @default nobody */
  readonly onError?: (error: Error, request: Request) => void | Promise<void>;
  /** Told, once and at once, of what the chosen protocols cannot do. @default nobody */
  readonly onNotice?: (notice: GatewayNotice) => void;
  /**
   * Your own limit on the requests of a user: seconds to keep away, which are answered with 429 and `Retry-After`, or
   * null or 0 to go on. Called after `authorize` for every request, so be quick. @default no limit
   */
  readonly rateLimit?: (userId: string, request: Request) => number | null | Promise<number | null>;
  /** Longest wait for one answer of the upstream in milliseconds; a part may take as long as its bytes flow. @default 30000 */
  readonly upstreamTimeoutMs?: number;
  /** Sends the requests to the upstream, for runtimes that reach it through a binding. @default the global `fetch` */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export type AuthorizeAnswer = Authorization | Response | null;

type HookName = 'onStored' | 'onError' | 'onNotice' | 'rateLimit' | 'storedFiles';

export type GatewayOptions = Required<Omit<UploadHandlerOptions, HookName>> &
  Pick<UploadHandlerOptions, HookName> & {
    /** Nobody chose the protocols: what the upstream does not offer is not announced. */
    readonly asksUpstream: boolean;
  };

/** @throws TypeError that names the option. */
export const resolveOptions = (options: UploadHandlerOptions): GatewayOptions => {
  check(typeof options === 'object' && options !== null, 'createUploadHandler needs an options object');
  const resolved: GatewayOptions = {
    ...options,
    folderId: options.folderId ?? 'root',
    upstream: readUpstream(options.upstream ?? 'https://api.fast.io'),
    basePath: readBasePath(options.basePath ?? '/api/uploads'),
    limits: options.limits ?? {},
    protocols: options.protocols ?? GATEWAY_PROTOCOLS,
    asksUpstream: options.protocols === undefined,
    chunkedAbove: options.chunkedAbove ?? DEFAULT_CHUNKED_ABOVE,
    mintBatch: options.mintBatch ?? 100,
    grantTtlSeconds: options.grantTtlSeconds ?? 900,
    allowedOrigins: options.allowedOrigins ?? [],
    upstreamTimeoutMs: options.upstreamTimeoutMs ?? 30_000,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
  };
  checkSecrets(resolved);
  checkHooks(resolved);
  checkTarget(resolved);
  checkAnnounced(resolved);
  return resolved;
};

/** @throws TypeError that names the field; also called with what the `authorize` hook answers. */
export const checkLimits = ({ maxFileSize, maxFiles, accept }: UploadLimits, owner: string): void => {
  check(maxFileSize === undefined || isWithin(maxFileSize, 0), `${owner}.maxFileSize is a number of bytes`);
  check(maxFiles === undefined || isWithin(maxFiles, 1), `${owner}.maxFiles is a whole number from 1`);
  check(accept === undefined || typeof accept === 'string', `${owner}.accept is a string`);
};

/** A visible-ASCII key: anything else cannot stand in a header, a stray line break of a key file for example. */
export const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);

const check = (condition: boolean, message: string): void => {
  if (!condition) throw new TypeError(message);
};

const isWithin = (value: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

const isFunction = (value: unknown): boolean => typeof value === 'function';

const checkSecrets = ({ apiKey, ticketSecret }: GatewayOptions): void => {
  check(isFunction(apiKey) || isKey(apiKey), 'apiKey is required: a string without blanks, or a function');
  const secret: unknown = typeof ticketSecret === 'string' ? new TextEncoder().encode(ticketSecret) : ticketSecret;
  check(secret instanceof Uint8Array && secret.byteLength >= 32, 'ticketSecret is required: at least 32 bytes');
};

const checkHooks = ({ authorize, fetch, ...hooks }: GatewayOptions): void => {
  check(isFunction(authorize), 'authorize is required: a function that says who calls');
  for (const name of ['onStored', 'onError', 'onNotice', 'rateLimit'] as const) {
    check(hooks[name] === undefined || isFunction(hooks[name]), `${name} is a function`);
  }
  check(isFunction(fetch), 'fetch is a function');
  const { storedFiles } = hooks;
  check(storedFiles === undefined || isFunction(storedFiles?.has), 'storedFiles is a store with has()');
};

const checkTarget = ({ workspaceId, folderId, allowedOrigins }: GatewayOptions): void => {
  check(typeof workspaceId === 'string' && workspaceId !== '', 'workspaceId is required');
  check(typeof folderId === 'string' && folderId !== '', 'folderId is a string that is not empty');
  check(Array.isArray(allowedOrigins), 'allowedOrigins is an array');
  for (const origin of allowedOrigins) {
    check(
      parseUrl(origin)?.origin === origin,
      'allowedOrigins holds origins such as https://app.example, no path and no *',
    );
  }
};

const checkAnnounced = (options: GatewayOptions): void => {
  const { protocols } = options;
  check(Array.isArray(protocols) && protocols.length > 0, 'protocols is an array that is not empty');
  check(
    protocols.every((name) => GATEWAY_PROTOCOLS.includes(name)),
    `protocols holds ${GATEWAY_PROTOCOLS.join(' and ')}`,
  );
  check(isWithin(options.chunkedAbove, 0), 'chunkedAbove is a number of bytes');
  check(isWithin(options.mintBatch, 1, 1000), 'mintBatch is a whole number, 1 to 1000');
  check(isWithin(options.grantTtlSeconds, 1, 86_400), 'grantTtlSeconds is a whole number, 1 to 86400');
  check(isWithin(options.upstreamTimeoutMs, 1, 2 ** 31 - 1), 'upstreamTimeoutMs is a whole number from 1');
  check(typeof options.limits === 'object', 'limits is an object');
  checkLimits(options.limits, 'limits');
};

const parseUrl = (text: unknown): URL | null => {
  try {
    return new URL(String(text));
  } catch {
    return null;
  }
};

/** Without a slash at its end. */
const readUpstream = (text: string): string => {
  const url = parseUrl(text);
  check(url !== null && /^https?:$/.test(url.protocol), 'upstream is an absolute http(s) URL');
  check(!/[?#@]/.test(text), 'upstream has no query, fragment or user name');
  const base = text.replace(/\/+$/, '');
  check(!/\/(v1|current)$/.test(base), 'upstream is the base URL without /v1 or /current');
  return base;
};

/** Without a slash at its end; empty at the root. */
const readBasePath = (text: string): string => {
  check(/^\/[^?#]*$/.test(text), 'basePath is a path that begins with a slash');
  return text.replace(/\/+$/, '');
};
