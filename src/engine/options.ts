/** The options of the engine. Sizes are in bytes, times in milliseconds. */

import type { ProtocolChoice } from '../ports/protocol.js';
import type { Credentials, HeadersOption } from '../ports/transport.js';

export type Duplicates = 'skip' | 'keep' | 'replace' | 'rename';

/** The second argument of `prepare`. */
export interface PrepareContext {
  /** The id of the upload. */
  readonly id: string;
  /** The metadata that would be sent. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** Aborted when the result is no longer needed: the upload was paused, canceled or removed. */
  readonly signal: AbortSignal;
}

/**
 * The result of `prepare`: a `Blob` replaces the content and keeps the file's name; an object may also replace name and
 * metadata. `undefined` leaves the file as it is; null refuses it.
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
 * Runs before the upload is opened, two files at a time; the upload waits with the reason `preparing-file`. After a
 * reload it runs again and has to make the same bytes, or the upload starts over.
 */
export type PrepareFile = (file: File, context: PrepareContext) => PreparedFile | Promise<PreparedFile>;

export interface EngineOptions {
  /** Backend URL, absolute or relative to the page. Without it every upload fails with `configuration`. @default '' */
  endpoint: string;
  /** `auto` asks the backend. @default 'auto' */
  protocol: ProtocolChoice;
  /** Name of the form field that carries the file; `form` only. @default 'file' */
  fileField: string;
  /** URL that receives a POST for each finished presigned upload; other protocols ignore it. @default '' */
  confirmEndpoint: string;
  /**
   * For requests to the endpoint only, never to storage; a `Content-Type` among them is left out. A function is called
   * before each request. @default {}
   */
  headers: HeadersOption;
  /** For requests to the endpoint only. @default 'same-origin' */
  credentials: Credentials;
  /** Sent when the upload is opened. @default null */
  metadata: Readonly<Record<string, unknown>> | null;
  /** Replaces the content, name or metadata of each chosen file before its upload is opened. @default null */
  prepare: PrepareFile | null;
  /** Fast.io target, passed through. @default '' */
  workspaceId: string;
  folderId: string;
  /** Start uploads as soon as they are added; else wait for `start()`. @default true */
  autoStart: boolean;
  /** Keep records so that uploads continue after a reload. @default true */
  resume: boolean;
  /** Separates the records of several lists with the same endpoint. @default '' */
  listName: string;
  /** Most data requests in flight to one origin, all engines of the page together; 1 to 16. @default 'auto' */
  parallel: number | 'auto';
  /** Bytes; the server's limits win. Ignored by single-request protocols. @default 'auto' */
  partSize: number | 'auto';
  /**
   * Compare each part with the server's ETag, if that is an MD5, for `chunked` and `multipart`; send checksums with
   * `tus`. Reads the file a second time. @default false
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
  /** Accepted types, as the `accept` attribute of a file input. @default '' */
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
