/** Identifies S3-compatible storages by their host names. */

export type S3ProviderName = 'aws' | 'r2' | 'b2' | 'minio' | 'ceph' | 'spaces' | 'wasabi' | 'gcs' | 'other';

interface KnownHost {
  readonly name: S3ProviderName;
  readonly pattern: RegExp;
  /** Region of the endpoint, when its host does not contain it. */
  readonly region?: string;
}

/** The first group of a pattern is the region. */
const KNOWN_HOSTS: readonly KnownHost[] = [
  {
    name: 'aws',
    pattern: /(?:^|\.)s3[.-](?:(?:dualstack|fips)\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/,
  },
  { name: 'aws', pattern: /(?:^|\.)s3(?:-accelerate)?\.(?:dualstack\.)?amazonaws\.com$/ },
  { name: 'r2', pattern: /\.r2\.cloudflarestorage\.com$/, region: 'auto' },
  { name: 'b2', pattern: /(?:^|\.)s3\.([\w-]+)\.backblazeb2\.com$/ },
  { name: 'spaces', pattern: /(?:^|\.)([a-z]{3}\d)\.digitaloceanspaces\.com$/ },
  { name: 'wasabi', pattern: /(?:^|\.)s3\.([\w-]+)\.wasabisys\.com$/ },
  { name: 'wasabi', pattern: /(?:^|\.)s3\.wasabisys\.com$/, region: 'us-east-1' },
  { name: 'gcs', pattern: /(?:^|\.)storage\.googleapis\.com$/, region: 'auto' },
];

/** The storage of a host, and its region if the host identifies it; `other` for an unknown host. */
export const storageOfHost = (host: string): { readonly name: S3ProviderName; readonly region?: string } => {
  for (const { name, pattern, region } of KNOWN_HOSTS) {
    const match = pattern.exec(host);
    const found = match?.[1] ?? region;
    if (match) return { name, ...(found !== undefined && { region: found }) };
  }
  return { name: 'other' };
};
