/** What a user of the engine may choose. Bytes and milliseconds throughout. */

import type { ProtocolChoice } from '../ports/protocol.js';
import type { HeadersOption } from '../ports/transport.js';

export type Duplicates = 'skip' | 'keep' | 'replace' | 'rename';

/** What `prepare` is told beside the file. */
export interface PrepareContext {
  /** That of the upload. */
  readonly id: string;
  /** What would be sent with the file. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** Aborted when the result is no longer wanted: the upload was paused, canceled or removed. */
  readonly signal: AbortSignal;
}

/**
 * What `prepare` makes of a file: other content (a `Blob` keeps the file's name), and with an object also another name
 * and other metadata. Nothing at all leaves the file as it is; null refuses it.
 */
export type PreparedFile =
  | Blob
  | { readonly file?: Blob; readonly name?: string; readonly metadata?: Readonly<Record<string, unknown>> | null }
  | null
  | undefined;

/**
 * ```ts
 * const prepare: PrepareFile = async (file, { signal }) => ({ file: await shrink(file, signal), name: 'photo.webp' });
 * ```
 *
 * Runs before the upload is opened, a few files at a time; the upload waits with the reason `preparing-file`. After a
 * reload it runs again and has to make the same bytes, or the upload begins anew.
 */
export type PrepareFile = (file: File, context: PrepareContext) => PreparedFile | Promise<PreparedFile>;

export interface EngineOptions {
  /** Backend URL, absolute or relative to the page. Without it every upload fails with `configuration`. @default '' */
  endpoint: string;
  /** `auto` asks the backend. @default 'auto' */
  protocol: ProtocolChoice;
  /** Name of the form field that carries the file; `form` only. @default 'file' */
  fileField: string;
  /** URL told about each finished presigned upload; others ignore it. @default '' */
  confirmEndpoint: string;
  /**
   * For requests to the endpoint only, never to storage; a `Content-Type` among them is left out. A function is called
   * before each request. @default {}
   */
  headers: HeadersOption;
  /** For requests to the endpoint only. @default 'same-origin' */
  credentials: RequestCredentials;
  /** Sent when the upload is opened. @default null */
  metadata: Readonly<Record<string, unknown>> | null;
  /** Makes what is sent of each chosen file, once, before its upload is opened. @default null */
  prepare: PrepareFile | null;
  /** Fast.io target, passed through. @default '' */
  workspaceId: string;
  folderId: string;
  /** Start uploads as soon as they are added; else wait for `start()`. @default true */
  autoStart: boolean;
  /** Keep records so that a later page can go on. @default true */
  resume: boolean;
  /** Tells apart the records of several lists that share an endpoint. @default '' */
  listName: string;
  /** Most data requests in flight to one origin, all engines of the page together; 1 to 16. @default 'auto' */
  parallel: number | 'auto';
  /** Bytes; the server's limits win. Ignored by single-request protocols. @default 'auto' */
  partSize: number | 'auto';
  /**
   * Compare each part with what the server says it stored, where the protocol leaves that to us: `chunked`, if the server's
   * ETags are MD5. Costs a second reading of the file. @default false
   */
  checksums: boolean;
  /** Longest time without confirmed progress, in milliseconds; time offline does not count. @default 600000 */
  retryWindowMs: number;
  /** For a file equal in path, size and date to one on the list. @default 'skip' */
  duplicates: Duplicates;
  /** Most files on the list that are not canceled or failed. @default Infinity */
  maxFiles: number;
  /** Bytes. @default Infinity */
  maxFileSize: number;
  /** Bytes. @default 0 */
  minFileSize: number;
  /** Bytes of all files on the list together. @default Infinity */
  maxTotalSize: number;
  /** As the `accept` attribute of a file input. @default '' */
  accept: string;
}

export const DEFAULT_OPTIONS: Readonly<EngineOptions> = Object.freeze({
  endpoint: '',
  protocol: 'auto',
  fileField: 'file',
  confirmEndpoint: '',
  headers: {},
  credentials: 'same-origin',
  metadata: null,
  prepare: null,
  workspaceId: '',
  folderId: '',
  autoStart: true,
  resume: true,
  listName: '',
  parallel: 'auto',
  partSize: 'auto',
  checksums: false,
  retryWindowMs: 600_000,
  duplicates: 'skip',
  maxFiles: Number.POSITIVE_INFINITY,
  maxFileSize: Number.POSITIVE_INFINITY,
  minFileSize: 0,
  maxTotalSize: Number.POSITIVE_INFINITY,
  accept: '',
});
