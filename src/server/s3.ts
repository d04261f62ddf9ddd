/**
 * S3-compatible storages for the gateway: AWS, Cloudflare R2, Backblaze B2, MinIO, Ceph, DigitalOcean Spaces, Wasabi,
 * Google Cloud Storage with HMAC keys. Runs in Node and in Workers.
 */

import { resolveS3Options, type S3Options } from './storage/s3/s3-options.js';
import { S3Storage } from './storage/s3/s3-storage.js';
import type { StorageFactory } from './storage/storage.js';

/**
 * Stores files in a bucket. The browser sends the bytes directly to it by URLs that the gateway signs, and never gets a
 * key. The bucket needs CORS rules for your page; `bucketCors` returns them.
 *
 * @throws TypeError that names the option which is missing or invalid.
 * @example
 * const handler = createUploadHandler({
 *   storage: s3({
 *     endpoint: 'https://<account>.r2.cloudflarestorage.com',
 *     bucket: 'uploads',
 *     accessKeyId: process.env.S3_ACCESS_KEY_ID,
 *     secretAccessKey: process.env.S3_SECRET_ACCESS_KEY,
 *   }),
 *   ticketSecret: process.env.TICKET_SECRET,
 *   authorize: async (request) => userOf(request),
 * });
 */
export const s3 = (options: S3Options): StorageFactory => {
  const config = resolveS3Options(options);
  return (context) => new S3Storage(config, context);
};

export { bucketCors } from '../lib/bucket-cors.js';
export type { S3ProviderName } from '../lib/storage-host.js';
export { S3_PROVIDERS, type S3Provider } from './storage/s3/providers.js';
export type { KeyedFile, PerCaller, S3Credentials, S3Options } from './storage/s3/s3-options.js';
