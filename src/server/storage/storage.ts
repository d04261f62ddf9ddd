/**
 * Port to the place where files go: what the gateway's routes ask of a storage. One interface for each dialect that a
 * browser may speak; a storage has those it can serve, and the gateway offers no others. Fast.io stands behind it in
 * `fastio/`, S3 and its family in `s3/`; another storage is one more folder beside them.
 *
 * @example
 * export const azure = (options: AzureOptions): StorageFactory => (context) => new AzureStorage(options, context);
 * createUploadHandler({ storage: azure({ … }), … });
 *
 * Every method rejects with an `HttpError` that is fit to be sent to the browser (no key, no URL and nothing that the
 * storage said in its message), and with the signal's reason when it is aborted.
 */

import type { CompleteRequest, InitAnswer, SessionState, StoredPart } from '../../wire/chunked.js';
import type { Grant } from '../../wire/presigned.js';
import type { GatewayProtocol } from '../options/gateway-protocol.js';
import type { FastioStorage } from './fastio-storage.js';

/** Makes the storage when the gateway starts. @throws TypeError that names the option which is missing or wrong. */
export type StorageFactory = (context: StorageContext) => Storage;

/** What of the gateway's options concerns a storage. */
export interface StorageContext {
  /** Life of a presigned URL in seconds. */
  readonly grantTtlSeconds: number;
  /** Longest wait for one answer of the storage, in milliseconds. */
  readonly timeoutMs: number;
}

export interface Storage {
  /** Where files go unless `authorize` names another place. @default the top of a storage without workspaces */
  readonly target?: Target;
  readonly presigned?: PresignedStorage;
  readonly chunked?: ChunkedStorage;
  readonly multipart?: MultipartStorage;
  readonly fastio?: FastioStorage;
  /** Takes files whose size is not known beforehand; absent where that is not possible. */
  readonly whole?: WholeStorage;
  /** Lists and opens what is stored; absent where that is not possible. */
  readonly library?: FileLibrary;
  /** So many requests wait for the storage that one user should not add many more. @default false */
  readonly isCrowded?: boolean;
  /**
   * The dialects that the storage serves at the moment, for one that can only tell by asking.
   * @default those whose interface is there
   */
  offered?(options: CallOptions): Promise<readonly GatewayProtocol[]>;
}

/** The user for whom the storage is asked. */
export interface StorageCaller {
  readonly userId: string;
  /** Empty where the storage has no workspaces. */
  readonly workspaceId: string;
  readonly folderId: string;
}

export interface CallOptions {
  readonly caller: StorageCaller;
  readonly signal?: AbortSignal | undefined;
  /** Sends a request to the storage. Use it for every one: it is where calls are counted and timed. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export interface OpenOptions extends CallOptions {
  /** Asking again under the same key opens nothing twice, where the storage can do that. */
  readonly idempotencyKey?: string | undefined;
}

/** Where files go. */
export interface Target {
  /** Empty where the storage has no workspaces. */
  readonly workspaceId: string;
  /** `root` for the top. */
  readonly folderId: string;
}

/** A file that the gateway has let in, and where it goes. Names and paths are clean. */
export interface AdmittedFile extends Target {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** A MIME type, never empty; printable, so that it can stand in a header. */
  readonly type: string;
  /** Folders and name, separated by slashes. */
  readonly relativePath?: string;
  /** At most a few kilobytes, and not deeply nested. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The object's key as the `beforeOpen` hook chose it, for storages that have keys. */
  readonly key?: string;
}

/** What the storage tells of a file that it holds. */
export interface StoredObject {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Absent where the storage does not tell. */
  readonly type?: string;
  /** Absent where the storage does not tell. */
  readonly digest?: Digest;
}

export interface Digest {
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'crc32c' | 'crc64nvme';
  /** Lower-case hex. */
  readonly value: string;
}

/** Files that are stored, by the ids that their dialect gives them. */
export interface StoredObjects {
  /** `absent` when there is no such file, `unknown` when the storage has no way to tell. */
  find(target: Target, fileId: string, options: CallOptions): Promise<StoredObject | 'absent' | 'unknown'>;
  /** Removes a file that is not what was announced. One that is gone already is no error. */
  remove(target: Target, fileId: string, options: CallOptions): Promise<void>;
}

/** The whole file in one request from the browser to the storage. */
export interface PresignedStorage extends StoredObjects {
  grant(file: AdmittedFile, options: CallOptions): Promise<Grant>;
}

/** Parts that the gateway relays. */
export interface ChunkedStorage extends StoredObjects {
  open(file: AdmittedFile, options: OpenOptions): Promise<InitAnswer>;
  sendPart(sessionId: string, part: RelayedPart, options: CallOptions): Promise<RelayedReceipt>;
  /** @throws HttpError 404 when the session is gone, 501 where the storage cannot tell. */
  inspect(sessionId: string, options: CallOptions): Promise<SessionState>;
  /** Answers the file id; again the same for a session that is already complete. @throws HttpError 409 for a wrong manifest. */
  complete(sessionId: string, manifest: CompleteRequest, options: CallOptions): Promise<string>;
  /** A session that is gone already is no error. */
  cancel(sessionId: string, options: CallOptions): Promise<void>;
}

export interface RelayedPart {
  /** From 1. */
  readonly number: number;
  /** Null when there are none. */
  readonly bytes: AsyncIterable<Uint8Array> | null;
  /** Bytes, where the browser said so. */
  readonly length?: number;
}

export interface RelayedReceipt {
  readonly etag: string;
  /** For the browser: pacing and the ETag as received. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Parts that go from the browser to the storage by URLs that the storage signs, one a part. */
export interface MultipartStorage extends StoredObjects {
  open(file: AdmittedFile, options: OpenOptions): Promise<OpenedMultipart>;
  /** One URL for each part, in the order asked for. Each binds number and length, and the digest where there is one. */
  sign(session: MultipartSession, parts: readonly PlannedPart[], options: CallOptions): Promise<readonly SignedPart[]>;
  /**
   * What has arrived, all pages. Once the session has become a file, its id and no parts: the answer to the completion
   * was lost then, and asking for it again is not a lost session.
   * @throws HttpError 404 when the session is gone.
   */
  list(session: MultipartSession, options: CallOptions): Promise<SessionState>;
  /**
   * Makes one file of all parts that have arrived and answers its id; again the same for a session that is already
   * complete. The gateway has checked by then that the parts are in order and make up the size.
   * @throws HttpError 404 when the session is gone, 409 when a part is not as it was listed.
   */
  complete(session: MultipartSession, parts: readonly StoredPart[], options: CallOptions): Promise<string>;
  /** A session that is gone already is no error. */
  abort(session: MultipartSession, options: CallOptions): Promise<void>;
}

/** What a part may be. Sizes in bytes. */
export interface PartRules {
  /** Exact size of every part but the last. Without it the browser chooses within the two bounds. */
  readonly partSize?: number;
  readonly minPartSize?: number;
  readonly maxPartSize?: number;
  readonly maxParts?: number;
  readonly maxParallel?: number;
  /** All parts but the last have one size, which the browser may choose. @default false */
  readonly isUniform?: boolean;
}

export interface OpenedMultipart extends PartRules {
  /** The storage's own words for the session, such as key and upload id; at most some hundred characters, as it is signed
   * into the ticket that the browser keeps. It must hold no secret. */
  readonly sessionId: string;
  /** The digest that the storage compares with each part. @default none */
  readonly checksum?: 'md5' | 'sha256';
  /** When the storage ends the session, in milliseconds since 1970. @default a day from now */
  readonly expiresAt?: number;
}

/** A session as its ticket has it. */
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
  /** Digest of the part in base64, by the algorithm that the session names. */
  readonly checksum?: string;
}

export interface SignedPart {
  readonly number: number;
  readonly url: string;
  /** What the browser has to send with it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Files of a form, whose size shows only at their end. */
export interface WholeStorage {
  /** Answers once the file is stored. `bytes` reject when they are more than the caller may store. */
  store(
    file: Omit<AdmittedFile, 'size'>,
    bytes: AsyncIterable<Uint8Array>,
    options: CallOptions,
  ): Promise<StoredObject & { readonly fileId: string }>;
}

export interface ListedFile extends StoredObject {
  readonly fileId: string;
  /** Milliseconds since 1970; absent where the storage does not tell. */
  readonly storedAt?: number;
}

export interface FilePage {
  readonly files: readonly ListedFile[];
  /** What asks for the next page; absent on the last one. */
  readonly next?: string;
}

export interface FileLibrary {
  /** The files directly in the target. `cursor` is a page's `next`; null asks for the first page. */
  list(target: Target, cursor: string | null, options: CallOptions): Promise<FilePage>;
  /**
   * The bytes of a file in the target: a redirect to a URL that lives for minutes at most, or the bytes themselves.
   * @throws HttpError 404 when it is not in the target.
   */
  open(target: Target, fileId: string, options: CallOptions): Promise<Response>;
}
