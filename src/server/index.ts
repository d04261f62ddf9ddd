/** The gateway on web standards. Runtimes without `Request` and `Response` add an adapter, such as `./node`. */

export { createUploadHandler, type UploadHandler } from './create-upload-handler.js';
export type { UploadLimits } from './limits/limits.js';
export type {
  Authorization,
  AuthorizeAnswer,
  GatewayNotice,
  GatewayProtocol,
  StoredFile,
  UploadHandlerOptions,
} from './options.js';
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
