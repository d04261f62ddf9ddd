/** The gateway on web standards. Runtimes without `Request` and `Response` add an adapter, such as `./node`. */

export { createUploadHandler, type UploadHandler } from './create-upload-handler.js';
export type { UploadLimits } from './limits.js';
export type {
  Authorization,
  AuthorizeAnswer,
  GatewayProtocol,
  StoredFile,
  UploadHandlerOptions,
} from './options.js';
