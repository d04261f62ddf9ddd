/**
 * Strategy that says which requests make an upload. A protocol opens sessions; a session sends parts, tells what the
 * server has, completes and cancels. It does not retry, schedule, or keep records: the engine does.
 */

/** Protocols that come with the package. */
export type BuiltInProtocol = 'presigned' | 'chunked' | 'fastio' | 'multipart' | 'tus' | 'form';

/** A built-in protocol, or the name of one that the page brings. */
export type ProtocolName = BuiltInProtocol | (string & {});

declare const isOwnProtocol: unique symbol;

/** The name of a protocol that the page has brought. */
export type OwnProtocolName = string & { readonly [isOwnProtocol]: true };

/** What an upload can be told to use: `auto` asks the backend. */
export type ProtocolChoice = BuiltInProtocol | 'auto' | OwnProtocolName;

/** What a protocol may know of an upload. */
export interface UploadFacts {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Never empty: `application/octet-stream` when the browser knows none. */
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
  /** The server has the first `size` bytes of the part, and takes the rest of it: `inspect` only. @default false */
  readonly isPartial?: boolean;
}

/** What the server allows. Absent means unlimited. */
export interface PartLimits {
  /** Exact part size the server wants, in bytes. */
  readonly partSize?: number;
  readonly minPartSize?: number;
  readonly maxPartSize?: number;
  readonly maxParts?: number;
  /** Most data requests of this session in flight. */
  readonly maxParallel?: number;
  /**
   * What the parts must agree in: nothing (`free`: each is cut when it is needed), one size for all but the last
   * (`uniform`), or the `partSize` of the answer. @default 'uniform'
   */
  readonly sizes?: 'free' | 'uniform';
  /** The last part waits until all others have receipts, because it carries what is known only then. @default false */
  readonly lastPartAlone?: boolean;
}

/** What a record keeps to find a session again: plain values, no URL with a signature, no token. */
export type SessionRecord = Readonly<Record<string, string | number | boolean | null>>;

/** What success yields. */
export interface UploadResult {
  readonly fileId: string;
  /** The backend's last answer, parsed, or null. */
  readonly response: unknown;
}

export interface CallOptions {
  readonly signal: AbortSignal;
}

export interface UserOptions extends CallOptions {
  /** What was said before may no longer hold. @default false */
  readonly isFresh?: boolean;
}

export interface OpenOptions extends CallOptions {
  /** The same as long as the same session is asked for, so that a lost answer leaves none behind. */
  readonly idempotencyKey?: string;
}

export interface InspectOptions extends CallOptions {
  /** The parts as they have been cut so far, in order; what a session needs that knows an offset in the file only. */
  readonly parts: Iterable<Part>;
}

export interface PreparePartOptions extends CallOptions {
  /**
   * The parts that will be sent after this one, at most `count` and in order, for sessions that sign URLs ahead. They are
   * a forecast: a part may be cut differently when its turn comes.
   */
  readonly upcoming: (count: number) => readonly Part[];
}

export interface ProgressOptions extends CallOptions {
  /** Bytes that have left; they may be lost. */
  readonly onProgress: (sentBytes: number) => void;
}

export interface PartOptions extends ProgressOptions {
  /**
   * The server has the first `bytes` of the part, which count as confirmed and are not sent again: for protocols with an
   * offset inside a part, such as tus.
   */
  readonly onConfirmed: (bytes: number) => void;
}

export interface Session {
  readonly protocol: ProtocolName;
  readonly limits: PartLimits;
  /**
   * Origin that the data goes to; the budget of requests is kept for each. Read before each part and after `preparePart`,
   * because it may become known only with the first grant. Null when the protocol draws on the budget itself.
   */
  readonly origin: string | null;
  /** When the server forgets the session, in milliseconds since 1970; absent or null while it does not say. */
  readonly expiresAt?: number | null;
  /** Read after each call: what changed is stored. Null while there is nothing worth keeping. */
  readonly record: SessionRecord | null;
  /**
   * What the server has, or null when it cannot tell and the local ledger must do.
   * @throws UploadError `session-lost` when the server knows nothing of the session.
   */
  inspect(options: InspectOptions): Promise<readonly Receipt[] | null>;
  /**
   * Whether a part that the server has is the one that the file holds; true where that cannot be told. Asked for parts
   * whose own receipt was lost. Absent means that the server's word is enough.
   */
  verifyPart?(receipt: Receipt, body: Blob, options: CallOptions): Promise<boolean>;
  /**
   * Gets what a part needs before its bytes can leave, such as a signed URL. Called before the part waits for its turn,
   * so that it holds no place in the budget of data requests meanwhile.
   */
  preparePart?(part: Part, options: PreparePartOptions): Promise<void>;
  /** @throws UploadError with `partNumber`. */
  sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt>;
  /** Called once all parts have receipts, which come in order. @throws UploadError `part-mismatch` if one is missing. */
  complete(receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult>;
  /** Best effort: lets the server forget the session. */
  cancel(options: CallOptions): Promise<void>;
}

/**
 * ```ts
 * new UploadEngine({ protocol: myProtocol });
 * ```
 *
 * All that the engine does for the built-in ones (queue, retries, lanes, records, tabs) it does for any object of this
 * type. Objects of one name are taken for the same protocol: an engine keeps the one that it used first.
 */
export interface Protocol {
  /** Its name in records and snapshots. A built-in name replaces that protocol for the page. */
  readonly name: ProtocolName;
  /** Brings its code, where that lies in a file of its own. @throws UploadError when that file cannot be had. */
  load?(options: CallOptions): Promise<unknown>;
  /** How many small files it wants open at once, because it sends or mints many in one request. @default 24 */
  readonly batchWindow?: number | undefined;
  /**
   * Whether the files of a target all lie in one folder, so that their names alone tell them apart; then no two of a list
   * are sent under one name. Absent means that their paths do.
   */
  isFlat?(facts: UploadFacts, options: CallOptions): boolean | Promise<boolean>;
  /** Creates the session on the server. */
  open(facts: UploadFacts, options: OpenOptions): Promise<Session>;
  /** Finds a session again from its record; whether the server still knows it, `inspect` tells. */
  reopen(facts: UploadFacts, protocol: ProtocolName, record: SessionRecord, options: CallOptions): Promise<Session>;
  /** Stands for the user who is signed in; null where the backend does not say. */
  user?(options: UserOptions): Promise<string | null>;
  /** Limits that the backend announces, applied as if they were options; null when it announces none. */
  limits?(options: CallOptions): Promise<AnnouncedLimits | null>;
}

export interface AnnouncedLimits {
  /** Bytes. */
  readonly maxFileSize?: number;
  readonly maxFiles?: number;
  /** As the `accept` attribute. */
  readonly accept?: string;
}
