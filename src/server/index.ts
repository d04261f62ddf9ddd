/** The gateway on web standards. Runtimes without `Request` and `Response` need an adapter, such as `./node`. */

export { createUploadHandler, type UploadHandler } from './create-upload-handler.js';
export { HttpError, type HttpErrorData } from './http/http-error.js';
export { type InspectBytes, type InspectedFile, RefusedBytes } from './inspect/inspect-bytes.js';
export { inspectAll, type OnDigest, sha256 } from './inspect/sha256.js';
export { checkSignatures, type SignatureOptions } from './inspect/signatures.js';
export type { UploadLimits } from './limits/limits.js';
export type { Authorization, Authorize, AuthorizeAnswer, Caller } from './options/authorize.js';
export type { BeforeOpen, FileToOpen, OpenChanges, OpenRefusal } from './options/before-open.js';
export type { GatewayProtocol } from './options/gateway-protocol.js';
export type { StoredFile, UploadHandlerOptions, UserLimits } from './options/options.js';
export type { RequestReport } from './request-meter.js';
export { type FastioOptions, fastio } from './storage/fastio/fastio.js';
export type {
  BatchEntry,
  FastioStorage,
  FileLock,
  OpenExtras,
  RelayedBytes,
  RelayedFile,
} from './storage/fastio-storage.js';
export type {
  AdmittedFile,
  CallOptions,
  ChunkedStorage,
  Digest,
  FileLibrary,
  FilePage,
  ListedFile,
  MultipartSession,
  MultipartStorage,
  OpenedMultipart,
  OpenOptions,
  PartRules,
  PlannedPart,
  PresignedStorage,
  RelayedPart,
  RelayedReceipt,
  SignedPart,
  Storage,
  StorageCaller,
  StorageContext,
  StorageFactory,
  StoredObject,
  StoredObjects,
  Target,
  WholeStorage,
} from './storage/storage.js';
export {
  createWebhookHandler,
  type FileStoredEvent,
  type StoredFileIds,
  type WebhookHandlerOptions,
} from './webhook/create-webhook-handler.js';
export { type SeenCheck, type SeenStore, type VerifyOptions, verifyWebhook } from './webhook/verify-webhook.js';
export { WebhookError, type WebhookErrorCode } from './webhook/webhook-error.js';
export {
  type FileEvent,
  type FileEventType,
  isFileEvent,
  type MemberEvent,
  type OtherEvent,
  type WebhookEvent,
} from './webhook/webhook-event.js';
