/** The options of the gateway. `resolve-options.ts` checks them and adds the defaults. */

import type { InspectBytes } from '../inspect/inspect-bytes.js';
import type { UploadLimits } from '../limits/limits.js';
import type { RequestReport } from '../request-meter.js';
import type { FastioOptions } from '../storage/fastio/fastio.js';
import type { Digest, StorageFactory } from '../storage/storage.js';
import type { Authorize } from './authorize.js';
import type { BeforeOpen } from './before-open.js';
import type { GatewayProtocol } from './gateway-protocol.js';

/** A file that is completely stored, with the facts that the storage reports. */
export interface StoredFile {
  readonly fileId: string;
  /** The `authorize` hook's user id. */
  readonly userId: string;
  /** Empty where the storage has no workspaces. */
  readonly workspaceId: string;
  readonly folderId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** MIME type from the storage; where it has none, the browser's declared type, which is not verified. */
  readonly type: string;
  /** Absent where the storage has none. */
  readonly digest?: Digest;
  /** Folder path and name, if the browser sent one. */
  readonly relativePath?: string;
  /** Metadata from the `beforeOpen` hook, or else from the browser. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly protocol: GatewayProtocol;
}

export interface UserLimits {
  /** Maximum number of unfinished uploads of one user; one that was idle for an hour does not count. @default 100 */
  readonly openSessions?: number;
  /** Maximum number of requests of one user in flight. @default 32 */
  readonly requestsInFlight?: number;
}

/** The options of `fastio()`, for gateways without the `storage` option. */
type StorageOptions = Partial<FastioOptions>;

/**
 * @example
 * createUploadHandler({
 *   storage: fastio({ apiKey: process.env.FASTIO_API_KEY, workspaceId: '1234567890123456789' }),
 *   ticketSecret: process.env.TICKET_SECRET,
 *   authorize: async (request) => userOf(request),
 *   onStored: async ({ fileId, userId, name }) => ({ row: await database.add(fileId, userId, name) }),
 * });
 */
export interface UploadHandlerOptions extends StorageOptions {
  /**
   * The storage of the files: `fastio({…})`, or `s3({…})` from `fastio-upload/server/s3`.
   * @default `fastio` with `apiKey`, `workspaceId`, `folderId` and `upstream` of these options
   */
  readonly storage?: StorageFactory;
  /** Path of the handler in the browser's URLs. @default '/api/uploads' */
  readonly basePath?: string;
  /**
   * Identifies the user. Called for every request except preflights, after the check of its origin. `null` is answered
   * 401; a `Response` is sent unchanged. It must not read the body. An upload can continue only while the hook returns
   * the workspace and folder for which it was opened.
   */
  readonly authorize: Authorize;
  /** At least 32 bytes (text in UTF-8), the same for all instances. Changing it ends all open sessions. */
  readonly ticketSecret: string | Uint8Array;
  /** @default none */
  readonly limits?: UploadLimits;
  /**
   * Dialects to offer. In front of Fast.io, `fastio` relays the `/current/` upload API, the only one in the vendor's
   * reference; `presigned` and `chunked` are the dialects of its articles.
   * @default all dialects of the storage
   */
  readonly protocols?: readonly GatewayProtocol[];
  /** Files above this many bytes are sent in parts. @default 8 MiB */
  readonly chunkedAbove?: number;
  /** Maximum number of files in one request for grants, 1 to 1000. @default 100 */
  readonly mintBatch?: number;
  /** Lifetime of a presigned URL in seconds, 1 to 86400; it must last until the upload begins. @default 900 */
  readonly grantTtlSeconds?: number;
  /** Other origins whose pages may call the gateway, for example `https://app.example`. @default none */
  readonly allowedOrigins?: readonly string[];
  /**
   * Called when a file is stored, before the browser gets the answer. The return value, which must be JSON, becomes the
   * `result` of the upload. If the hook throws, the browser gets a failure and asks again, which calls the hook again;
   * a second instance or a restart may also repeat the call. Make it idempotent by `fileId`.
   */
  readonly onStored?: (file: StoredFile) => unknown;
  /**
   * Called for each file before a session is opened for it. It can rename the file, add metadata or refuse it.
   * @default files keep their names and go to the caller's folder
   * @example
   * beforeOpen: async (file, { userId }) =>
   *   (await quotaLeft(userId)) < (file.size ?? 0)
   *     ? { reject: 'Your storage is full.' }
   *     : { name: `${userId}-${file.name}`, metadata: { owner: userId } }
   */
  readonly beforeOpen?: BeforeOpen;
  /**
   * Inspects bytes that pass through the gateway (`chunked`, `fastio`, `form`). Called for each body; returns a stream
   * to pipe it through, or null. The stream must keep the length; if it fails, the upload is refused. `checkSignatures`
   * and `sha256` are ready-made.
   * @default bytes are not inspected
   */
  readonly inspectBytes?: InspectBytes;
  /** Largest body that the host accepts, in bytes; browsers keep their parts below it. @default unlimited */
  readonly maxPartSize?: number;
  /** Limits of one user on an instance; requests beyond them are answered 429. */
  readonly perUser?: UserLimits;
  /** Whether to offer `GET …/files` (pages) and `GET …/files/{id}` of the caller's folder. @default false */
  readonly files?: boolean;
  /**
   * The ids of stored files, which a webhook handler with the same option records. It decides where the storage cannot
   * report whether a file of a `presigned` upload is stored; without it, the gateway trusts the browser there, for
   * files that were granted to its user.
   * @default none
   */
  readonly storedFiles?: { has(fileId: string): boolean | Promise<boolean> };
  /**
   * Called for every answer with a status of 500 or above, and when the storage refuses the gateway's key;
   * `error.cause` is the reason.
   * @default none
   */
  readonly onError?: (error: Error, request: Request) => void | Promise<void>;
  /** Called for every request when it ends. @default none */
  readonly onRequest?: (report: RequestReport) => void | Promise<void>;
  /**
   * Your own rate limit: returns the seconds to wait, which are sent with 429 and `Retry-After`, or null or 0 to accept
   * the request. Called after `authorize` for every request, so keep it fast. @default no limit
   */
  readonly rateLimit?: (userId: string, request: Request) => number | null | Promise<number | null>;
  /**
   * Timeout for an answer of the storage in milliseconds; a part may take longer while its bytes flow. @default 30000
   */
  readonly upstreamTimeoutMs?: number;
  /** Sends the requests to the storage, for runtimes that have a binding for it. @default the global `fetch` */
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
  /** Undefined for all dialects of the storage. */
  readonly protocols: readonly GatewayProtocol[] | undefined;
  readonly perUser: Required<UserLimits>;
}
