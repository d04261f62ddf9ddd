/**
 * Limits and features of S3-compatible storages. A storage that differs from these needs another entry, or an object of
 * this type in the `provider` option.
 *
 * Sources: "Amazon S3 multipart upload limits"; Cloudflare R2 "Limits" and "Multipart upload"; Backblaze B2
 * "S3-Compatible API"; DigitalOcean "Spaces limits"; Wasabi "S3 API"; Google Cloud "XML API multipart uploads". Ceph
 * was tried (16.2).
 */

import type { S3ProviderName } from '../../../lib/storage-host.js';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

export interface S3Provider {
  /** Minimum size of every part but the last, in bytes. */
  readonly minPartSize: number;
  /** Largest part, in bytes. */
  readonly maxPartSize: number;
  readonly maxParts: number;
  /** Largest body of a single PUT, in bytes. */
  readonly maxPutSize: number;
  /** Whether all parts but the last must have the same size. */
  readonly hasUniformParts: boolean;
  /** Whether it accepts forms with a POST policy, which a page can send without a preflight. */
  readonly takesPostPolicy: boolean;
  /** Whether it checks a part by its `Content-MD5` header. */
  readonly checksMd5: boolean;
  /** Whether the ETag of an object from a single PUT is its MD5, unless it is encrypted with a customer's key. */
  readonly hasMd5Etags: boolean;
  /** Whether it reports the digests of a stored object on request (`x-amz-checksum-mode`). */
  readonly tellsChecksums: boolean;
  /** Place of the bucket's name in the URL. */
  readonly bucketIn: 'host' | 'path';
  /** Days until the storage deletes an unfinished multipart upload; null when only a lifecycle rule does. */
  readonly unfinishedDays: number | null;
}

const AWS: S3Provider = {
  minPartSize: 5 * MiB,
  maxPartSize: 5 * GiB,
  maxParts: 10_000,
  maxPutSize: 5 * GiB,
  hasUniformParts: false,
  takesPostPolicy: true,
  checksMd5: true,
  hasMd5Etags: true,
  tellsChecksums: true,
  bucketIn: 'host',
  unfinishedDays: null,
};

/** Features that all S3-compatible storages have; used for storages without an entry. */
const COMMON: S3Provider = { ...AWS, takesPostPolicy: false, tellsChecksums: false, bucketIn: 'path' };

export const S3_PROVIDERS = {
  aws: AWS,
  r2: { ...COMMON, hasUniformParts: true, unfinishedDays: 7 },
  b2: {
    ...COMMON,
    minPartSize: 5_000_000,
    maxPartSize: 5_000_000_000,
    maxPutSize: 5_000_000_000,
    hasUniformParts: true,
  },
  minio: { ...COMMON, takesPostPolicy: true, unfinishedDays: 1 },
  ceph: { ...COMMON, takesPostPolicy: true },
  spaces: COMMON,
  wasabi: { ...COMMON, takesPostPolicy: true },
  gcs: { ...COMMON, hasMd5Etags: false },
  other: COMMON,
} as const satisfies Record<S3ProviderName, S3Provider>;
