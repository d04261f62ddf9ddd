/**
 * The storage port: the operations that the gateway's routes need. There is one interface per dialect; a storage
 * implements those that it can serve, and the gateway offers only these. Fast.io is in `fastio/`, S3-compatible
 * storages are in `s3/`; another storage is another folder.
 *
 * Every method rejects with an `HttpError` that may be sent to the browser (without a key, a URL or the storage's own
 * text in its message), and with the signal's reason when it is aborted.
 *
 * @example
 * const azure = (options: AzureOptions): StorageFactory => (context) => new AzureStorage(options, context);
 * createUploadHandler({ storage: azure({ … }), … });
 */

import type { CompleteRequest, InitAnswer, SessionState, StoredPart } from '../../wire/chunked.js';
import type { Grant } from '../../wire/presigned.js';
import type { GatewayProtocol } from '../options/gateway-protocol.js';
import type { FastioStorage } from './fastio-storage.js';

/** Creates the storage when the gateway starts. @throws TypeError that names the option which is missing or invalid. */
export type StorageFactory = (context: StorageContext) => Storage;

/** The gateway's options for its storage. */
export interface StorageContext {
  /** Lifetime of a presigned URL in seconds. */
  readonly grantTtlSeconds: number;
  /** Timeout for an answer of the storage, in milliseconds. */
  readonly timeoutMs: number;
}

export interface Storage {
  /** Target of files unless `authorize` returns another. @default the top of a storage without workspaces */
  readonly target?: Target;
  readonly presigned?: PresignedStorage;
  readonly chunked?: ChunkedStorage;
  readonly multipart?: MultipartStorage;
  readonly fastio?: FastioStorage;
  /** Stores files of unknown size; absent where that is not possible. */
  readonly whole?: WholeStorage;
  /** Lists and opens stored files; absent where that is not possible. */
  readonly library?: FileLibrary;
  /** Whether so many requests wait for the storage that one user should not add many more. @default false */
  readonly isCrowded?: boolean;
  /**
   * The dialects that the storage serves at the moment, if it must ask a server for that.
   * @default the dialects whose interface it implements
   */
  offered?(options: CallOptions): Promise<readonly GatewayProtocol[]>;
}

/** The user for whom the gateway calls the storage. */
export interface StorageCaller {
  readonly userId: string;
  /** Empty where the storage has no workspaces. */
  readonly workspaceId: string;
  readonly folderId: string;
}

export interface CallOptions {
  readonly caller: StorageCaller;
  readonly signal?: AbortSignal | undefined;
  /** Sends a request to the storage. Use it for every request, because it counts and times them. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export interface OpenOptions extends CallOptions {
  /** A repeated open with the same key returns the same session, if the storage supports it. */
  readonly idempotencyKey?: string | undefined;
}

/** The workspace and folder of files. */
export interface Target {
  /** Empty where the storage has no workspaces. */
  readonly workspaceId: string;
  /** `root` for the top. */
  readonly folderId: string;
}

/** A file that the gateway has admitted, and its target. Names and paths are clean. */
export interface AdmittedFile extends Target {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** A MIME type, never empty, and a valid header value. */
  readonly type: string;
  /** Folders and name, separated by slashes. */
  readonly relativePath?: string;
  /** At most a few kilobytes, and not deeply nested. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The object's key from the `beforeOpen` hook, for storages with keys. */
  readonly key?: string;
}

/** A stored file as the storage reports it. */
export interface StoredObject {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Absent where the storage has none. */
  readonly type?: string;
  /** Absent where the storage has none. */
  readonly digest?: Digest;
}

export interface Digest {
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'crc32c' | 'crc64nvme';
  /** Lower-case hex. */
  readonly value: string;
}

/** Stored files, by the ids of their dialect. */
export interface StoredObjects {
  /** `absent` when there is no such file, `unknown` when the storage cannot report it. */
  find(target: Target, fileId: string, options: CallOptions): Promise<StoredObject | 'absent' | 'unknown'>;
  /** Removes a file that differs from the announced one; resolves also when it does not exist. */
  remove(target: Target, fileId: string, options: CallOptions): Promise<void>;
}

/** The browser sends the whole file in one request to the storage. */
export interface PresignedStorage extends StoredObjects {
  grant(file: AdmittedFile, options: CallOptions): Promise<Grant>;
}

/** The browser sends parts to the gateway, which relays them. */
export interface ChunkedStorage extends StoredObjects {
  open(file: AdmittedFile, options: OpenOptions): Promise<InitAnswer>;
  sendPart(sessionId: string, part: RelayedPart, options: CallOptions): Promise<RelayedReceipt>;
  /** @throws HttpError 404 when the session does not exist, 501 where the storage cannot inspect sessions. */
  inspect(sessionId: string, options: CallOptions): Promise<SessionState>;
  /** Returns the file id, also when the session is already complete. @throws HttpError 409 for a wrong manifest. */
  complete(sessionId: string, manifest: CompleteRequest, options: CallOptions): Promise<string>;
  /** Resolves also when the session does not exist. */
  cancel(sessionId: string, options: CallOptions): Promise<void>;
}

export interface RelayedPart {
  /** From 1. */
  readonly number: number;
  /** Null without a body. */
  readonly bytes: AsyncIterable<Uint8Array> | null;
  /** Bytes, if the browser sent a `Content-Length`. */
  readonly length?: number;
}

export interface RelayedReceipt {
  readonly etag: string;
  /** Headers for the browser: rate limits, and the ETag as received. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The browser sends parts to the storage, by one signed URL per part. */
export interface MultipartStorage extends StoredObjects {
  open(file: AdmittedFile, options: OpenOptions): Promise<OpenedMultipart>;
  /** One URL per part, in the same order. Each URL is bound to the part's number, length and digest if it has one. */
  sign(session: MultipartSession, parts: readonly PlannedPart[], options: CallOptions): Promise<readonly SignedPart[]>;
  /**
   * All stored parts. If the session has already become a file, its id and no parts, because the answer to complete was
   * lost.
   * @throws HttpError 404 when the session does not exist.
   */
  list(session: MultipartSession, options: CallOptions): Promise<SessionState>;
  /**
   * Assembles the file from the parts and returns its id, also when the session is already complete. The gateway has
   * checked that the parts are in order and add up to the size.
   * @throws HttpError 404 when the session does not exist, 409 when a part differs from its listing.
   */
  complete(session: MultipartSession, parts: readonly StoredPart[], options: CallOptions): Promise<string>;
  /** Resolves also when the session does not exist. */
  abort(session: MultipartSession, options: CallOptions): Promise<void>;
}

/** Rules for parts. Sizes are in bytes. */
export interface PartRules {
  /** Exact size of every part but the last. Without it the browser chooses between minimum and maximum. */
  readonly partSize?: number;
  readonly minPartSize?: number;
  readonly maxPartSize?: number;
  readonly maxParts?: number;
  readonly maxParallel?: number;
  /** Whether all parts but the last must have the same size, which the browser may choose. @default false */
  readonly isUniform?: boolean;
}

export interface OpenedMultipart extends PartRules {
  /**
   * The storage's own id of the session, such as key and upload id. It becomes part of the browser's ticket, so it must
   * contain no secret and at most some hundred characters.
   */
  readonly sessionId: string;
  /** Digest by which the storage checks each part. @default none */
  readonly checksum?: 'md5' | 'sha256';
  /** Expiry of the session, in milliseconds since 1970. @default a day from now */
  readonly expiresAt?: number;
}

/** A session as in its ticket. */
export interface MultipartSession extends Target {
  readonly sessionId: string;
  readonly name: string;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly type: string;
}

export interface PlannedPart {
  /** From 1. */
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** Base64 digest of the part, by the session's `checksum` algorithm. */
  readonly checksum?: string;
}

export interface SignedPart {
  readonly number: number;
  readonly url: string;
  /** Headers that the browser must send. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stores files of forms, whose size is known only at their end. */
export interface WholeStorage {
  /** Resolves when the file is stored. `bytes` throws when there are more than the caller may store. */
  store(
    file: Omit<AdmittedFile, 'size'>,
    bytes: AsyncIterable<Uint8Array>,
    options: CallOptions,
  ): Promise<StoredObject & { readonly fileId: string }>;
}

export interface ListedFile extends StoredObject {
  readonly fileId: string;
  /** Milliseconds since 1970; absent where the storage has no time. */
  readonly storedAt?: number;
}

export interface FilePage {
  readonly files: readonly ListedFile[];
  /** Cursor of the next page; absent on the last one. */
  readonly next?: string;
}

export interface FileLibrary {
  /** The files directly in the target. `cursor` is `next` of the previous page, null for the first page. */
  list(target: Target, cursor: string | null, options: CallOptions): Promise<FilePage>;
  /**
   * The bytes of a file in the target, or a redirect to a URL that is valid for minutes at most.
   * @throws HttpError 404 when the file is not in the target.
   */
  open(target: Target, fileId: string, options: CallOptions): Promise<Response>;
}
