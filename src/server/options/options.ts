/** The options of the gateway: what each means, its unit and its default. How they are checked is in `resolve-options.ts`. */

import type { InspectBytes } from '../inspect/inspect-bytes.js';
import type { UploadLimits } from '../limits/limits.js';
import type { RequestReport } from '../request-meter.js';
import type { FastioOptions } from '../storage/fastio/fastio.js';
import type { Digest, StorageFactory } from '../storage/storage.js';
import type { Authorize } from './authorize.js';
import type { BeforeOpen } from './before-open.js';
import type { GatewayProtocol } from './gateway-protocol.js';

/** A file that the storage is known to hold, whole, with what the storage itself tells of it. */
export interface StoredFile {
  readonly fileId: string;
  /** As the `authorize` hook named it. */
  readonly userId: string;
  /** Empty where the storage has no workspaces. */
  readonly workspaceId: string;
  readonly folderId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** As the storage tells it, or else as the browser declared it, which proves nothing. */
  readonly type: string;
  /** Where the storage tells one. */
  readonly digest?: Digest;
  /** Folder path and name, where the file came with one. */
  readonly relativePath?: string;
  /** What the browser sent along, or the `beforeOpen` hook in its place. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly protocol: GatewayProtocol;
}

export interface UserLimits {
  /** Most unfinished uploads of one user; one that has rested for an hour counts no longer. @default 100 */
  readonly openSessions?: number;
  /** Most requests of one user under way. @default 32 */
  readonly requestsInFlight?: number;
}

/** As `fastio()` takes them; they stand here for a gateway before Fast.io, which needs no `storage` then. */
type StorageOptions = Partial<FastioOptions>;

/**
 * @example
 * createUploadHandler({
 *   storage: fastio({ apiKey: process.env.FASTIO_API_KEY, workspaceId: '1234567890123456789' }),
 *   ticketSecret: process.env.TICKET_SECRET,
 *   authorize: async (request) => (await sessionOf(request))?.user ?? null,
 *   onStored: async ({ fileId, userId, name }) => ({ row: await database.add(fileId, userId, name) }),
 * });
 */
export interface UploadHandlerOptions extends StorageOptions {
  /**
   * Where files go: `fastio({…})`, or `s3({…})` of `fastio-upload/server/s3`.
   * @default `fastio` with `apiKey`, `workspaceId`, `folderId` and `upstream` of these options
   */
  readonly storage?: StorageFactory;
  /** Path where the handler is mounted, as the browser sees it. @default '/api/uploads' */
  readonly basePath?: string;
  /**
   * Says which user calls: asked for every request but preflights, after the check of its origin. `null` is answered with
   * 401; a `Response` is sent as it is. It must not read the body. It counts at every step: an upload that was opened for
   * one workspace or folder goes on only while the hook still answers that one.
   */
  readonly authorize: Authorize;
  /** At least 32 bytes (text counts in UTF-8), the same for all instances. Another secret ends all open sessions. */
  readonly ticketSecret: string | Uint8Array;
  /** @default none */
  readonly limits?: UploadLimits;
  /**
   * What is announced and answered. In front of Fast.io, `fastio` relays the `/current/` upload API, the only one that
   * the vendor's reference knows; `presigned` and `chunked` are the dialects of its articles.
   * @default all that the storage offers
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
   * Called before the browser learns that a file is stored; what it returns, which has to be JSON, reaches the browser as
   * the `result` of the upload. If it throws, the browser is told of a failure and asks again, and so is the hook; a
   * second instance or a restart may also repeat it. Make it idempotent by `fileId`.
   */
  readonly onStored?: (file: StoredFile) => unknown;
  /**
   * Called for each file before anything is opened for it: names it, tags it, refuses it.
   * @default files keep their names and go to the caller's folder
   * @example
   * beforeOpen: async (file, { userId }) =>
   *   (await quotaLeft(userId)) < (file.size ?? 0)
   *     ? { reject: 'Your storage is full.' }
   *     : { name: `${userId}-${file.name}`, metadata: { owner: userId } }
   */
  readonly beforeOpen?: BeforeOpen;
  /**
   * Looks at bytes that pass through the gateway (`chunked`, `fastio`, `form`): called for each body, it answers a stream
   * to pipe it through, or null. The stream must keep the length; one that fails refuses the upload. `checkSignatures`
   * and `sha256` are ready-made.
   * @default bytes pass through as they are
   */
  readonly inspectBytes?: InspectBytes;
  /** Largest body that the host lets through, in bytes; it is announced, and parts keep to it. @default none */
  readonly maxPartSize?: number;
  /** What one user may take of an instance; what is more is answered with 429. */
  readonly perUser?: UserLimits;
  /** Offers `GET …/files` (pages) and `GET …/files/{id}` of the caller's folder. @default false */
  readonly files?: boolean;
  /**
   * Where a webhook handler with the same option notes what is stored, for browsers that did not hear it. It decides where
   * the storage cannot tell whether a file of a `presigned` upload is stored; without it, there the browser's word counts,
   * for files that were granted to its user.
   * @default none
   */
  readonly storedFiles?: { has(fileId: string): boolean | Promise<boolean> };
  /**
   * Told of everything that is answered with a status of 500 or above, and of refusals of the gateway's key; `error.cause`
   * is the reason.
   * @default none
   */
  readonly onError?: (error: Error, request: Request) => void | Promise<void>;
  /** Told of every request when it ends. @default none */
  readonly onRequest?: (report: RequestReport) => void | Promise<void>;
  /**
   * Your own limit on the requests of a user: seconds to keep away, which are answered with 429 and `Retry-After`, or
   * null or 0 to go on. Called after `authorize` for every request, so be quick. @default no limit
   */
  readonly rateLimit?: (userId: string, request: Request) => number | null | Promise<number | null>;
  /** Longest wait for one answer of the storage in milliseconds; a part may take as long as its bytes flow. @default 30000 */
  readonly upstreamTimeoutMs?: number;
  /** Sends the requests to the storage, for runtimes that reach it through a binding. @default the global `fetch` */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

type HookName =
  | 'onStored'
  | 'beforeOpen'
  | 'inspectBytes'
  | 'maxPartSize'
  | 'storedFiles'
  | 'onError'
  | 'onRequest'
  | 'rateLimit';

/** The options with their defaults. */
export interface GatewayOptions
  extends Required<Omit<UploadHandlerOptions, HookName | 'protocols' | 'perUser' | keyof StorageOptions>>,
    Pick<UploadHandlerOptions, HookName> {
  /** Undefined for all that the storage offers. */
  readonly protocols: readonly GatewayProtocol[] | undefined;
  readonly perUser: Required<UserLimits>;
}
