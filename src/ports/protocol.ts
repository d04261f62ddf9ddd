/**
 * The requests of an upload. A protocol opens sessions; a session sends parts, lists the server's parts, completes and
 * cancels. Retries, scheduling and records are the engine's.
 */

/** Protocols that come with the package. */
export type BuiltInProtocol = 'presigned' | 'chunked' | 'fastio' | 'multipart' | 'tus' | 'form';

/** A built-in protocol, or the name of a page's own one. */
export type ProtocolName = BuiltInProtocol | (string & {});

declare const isOwnProtocol: unique symbol;

/** The name of a page's own protocol. */
export type OwnProtocolName = string & { readonly [isOwnProtocol]: true };

/** The protocol option of an upload; `auto` asks the backend. */
export type ProtocolChoice = BuiltInProtocol | 'auto' | OwnProtocolName;

/** The facts of an upload for its protocol. */
export interface UploadFacts {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** MIME type, never empty: `application/octet-stream` when the browser has none. */
  readonly type: string;
  /** Folder path and name; equals `name` for a single file. */
  readonly relativePath: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

/** A numbered slice, `start` inclusive, `end` exclusive, both in bytes. Numbers start at 1. */
export interface Part {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The proof that a part arrived. */
export interface Receipt {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** As received, without quotes and weak mark. */
  readonly etag?: string;
  /** Whether the server has only the first `size` bytes and accepts the rest. From `inspect` only. @default false */
  readonly isPartial?: boolean;
}

/** The server's limits. Absent means unlimited. */
export interface PartLimits {
  /** Exact part size, in bytes. */
  readonly partSize?: number;
  readonly minPartSize?: number;
  readonly maxPartSize?: number;
  readonly maxParts?: number;
  /** Maximum number of data requests of this session in flight. */
  readonly maxParallel?: number;
  /**
   * Rule for the sizes: any size, cut when a part is needed (`free`), or one size for all parts but the last
   * (`uniform`). `partSize` overrides it. @default 'uniform'
   */
  readonly sizes?: 'free' | 'uniform';
  /** Whether the last part is sent after all others have receipts, because it needs their results. @default false */
  readonly lastPartAlone?: boolean;
}

/** The data by which `reopen` finds a session: plain values, without signed URLs and tokens. */
export type SessionRecord = Readonly<Record<string, string | number | boolean | null>>;

/** The result of a successful upload. */
export interface UploadResult {
  readonly fileId: string;
  /** The backend's last answer, parsed, or null. */
  readonly response: unknown;
}

export interface CallOptions {
  readonly signal: AbortSignal;
}

export interface UserOptions extends CallOptions {
  /** Whether to ask the backend again instead of using a remembered answer. @default false */
  readonly isFresh?: boolean;
}

export interface OpenOptions extends CallOptions {
  /** The same for every repetition of the request, so that a lost answer leaves no session behind. */
  readonly idempotencyKey?: string;
}

export interface InspectOptions extends CallOptions {
  /** The parts cut so far, in order, for sessions that know only an offset in the file. */
  readonly parts: Iterable<Part>;
}

export interface PreparePartOptions extends CallOptions {
  /**
   * The parts that will be sent after this one, at most `count` and in order, for sessions that sign URLs ahead. A part
   * may still be cut differently when its turn comes.
   */
  readonly upcoming: (count: number) => readonly Part[];
  /** To read parts ahead; null while the file is missing. */
  readonly file: Blob | null;
}

export interface ProgressOptions extends CallOptions {
  /** Called with the bytes given to the network; they may still be lost. */
  readonly onProgress: (sentBytes: number) => void;
}

export interface PartOptions extends ProgressOptions {
  /**
   * Call it when the server has the first `bytes` of the part, which are then not sent again. For protocols with an
   * offset inside a part, such as tus.
   */
  readonly onConfirmed: (bytes: number) => void;
}

export interface Session {
  readonly protocol: ProtocolName;
  readonly limits: PartLimits;
  /**
   * Origin of the data requests; each origin has its own budget of requests. Read before each part and after
   * `preparePart`, because the first grant may reveal it. Null when the protocol uses the budget itself.
   */
  readonly origin: string | null;
  /** Expiry of the session, in milliseconds since 1970; absent or null while unknown. */
  readonly expiresAt?: number | null;
  /** Read after each call and stored when it changed. Null while there is nothing to store. */
  readonly record: SessionRecord | null;
  /**
   * The parts that the server has; null when the server cannot list them and the local ledger is used.
   * @throws UploadError `session-lost` when the session does not exist on the server.
   */
  inspect(options: InspectOptions): Promise<readonly Receipt[] | null>;
  /**
   * Whether the server's part has the same bytes as the file's; true when that is unknown. Called for parts whose
   * receipt was lost. Absent when the server's list is trusted.
   */
  verifyPart?(receipt: Receipt, body: Blob, options: CallOptions): Promise<boolean>;
  /**
   * Requests what a part needs before it is sent, such as a signed URL. Called before the part waits for a slot, so
   * that no slot is held meanwhile.
   */
  preparePart?(part: Part, options: PreparePartOptions): Promise<void>;
  /** @throws UploadError with `partNumber`. */
  sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt>;
  /**
   * Called when all parts have receipts, in order. @throws UploadError `part-mismatch` if one is missing on the server.
   */
  complete(receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult>;
  /** Deletes the session on the server, as best effort. */
  cancel(options: CallOptions): Promise<void>;
}

/**
 * ```ts
 * new UploadEngine({ protocol: myProtocol });
 * ```
 *
 * A protocol of a page gets the same queue, retries, lanes, records and tabs as the built-in ones. An engine treats
 * objects with the same name as the same protocol, and keeps the first one.
 */
export interface Protocol {
  /** Name in records and snapshots. A built-in name replaces that protocol for the page. */
  readonly name: ProtocolName;
  /** Loads the protocol's code, if it is in a separate file. @throws UploadError when the file cannot be loaded. */
  load?(options: CallOptions): Promise<unknown>;
  /** Number of small files to open at once, for protocols that send many, or ask for many grants, in one request. @default 24 */
  readonly batchWindow?: number | undefined;
  /**
   * Whether all files of a target are in one folder, so that only their names distinguish them; the files of a list
   * then get different names. Absent when their paths distinguish them.
   */
  isFlat?(facts: UploadFacts, options: CallOptions): boolean | Promise<boolean>;
  /** Creates the session on the server. */
  open(facts: UploadFacts, options: OpenOptions): Promise<Session>;
  /** Recreates a session from its record; `inspect` then checks that it exists on the server. */
  reopen(facts: UploadFacts, protocol: ProtocolName, record: SessionRecord, options: CallOptions): Promise<Session>;
  /** Opaque id of the signed-in user; null when the backend reports none. */
  user?(options: UserOptions): Promise<string | null>;
  /** Limits of the backend, which apply like options; null when it has none. */
  limits?(options: CallOptions): Promise<AnnouncedLimits | null>;
}

export interface AnnouncedLimits {
  /** Bytes. */
  readonly maxFileSize?: number;
  readonly maxFiles?: number;
  /** In the form of the `accept` attribute. */
  readonly accept?: string;
}
