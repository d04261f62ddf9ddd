/**
 * What each S3-compatible storage allows. All of it is data: a storage that differs from these is one more entry, or an
 * object of this shape in the `provider` option.
 *
 * Sources: "Amazon S3 multipart upload limits"; Cloudflare R2 "Limits" and "Multipart upload"; Backblaze B2 "S3-Compatible
 * API"; DigitalOcean "Spaces limits"; Wasabi "S3 API"; Google Cloud "XML API multipart uploads". Ceph was tried (16.2).
 */

import type { S3ProviderName } from '../../../lib/storage-host.js';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

export interface S3Provider {
  /** Least size of a part but the last, in bytes. */
  readonly minPartSize: number;
  /** Largest part, in bytes. */
  readonly maxPartSize: number;
  readonly maxParts: number;
  /** Largest body of a single PUT, in bytes. */
  readonly maxPutSize: number;
  /** All parts but the last must have one size. */
  readonly hasUniformParts: boolean;
  /** Takes a form by a POST policy, which a page may send without a preflight. */
  readonly takesPostPolicy: boolean;
  /** Compares a part with its `Content-MD5` header. */
  readonly checksMd5: boolean;
  /** The ETag of an object that came in one piece is its MD5, unless a key of the customer's encrypts it. */
  readonly hasMd5Etags: boolean;
  /** Tells the digests of a stored object when `x-amz-checksum-mode` asks for them. */
  readonly tellsChecksums: boolean;
  /** Where the bucket's name stands in the URL. */
  readonly bucketIn: 'host' | 'path';
  /** Days until the storage drops a multipart upload that was never finished; null for never, unless a rule says so. */
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

/** What all of the family do; storages without a description of their own are taken for it. */
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
