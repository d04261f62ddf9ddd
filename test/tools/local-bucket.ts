/** A bucket of the S3 server on this machine, with the CORS rules that a page needs. */

import { randomUUID } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { bucketCors } from '../../src/lib/bucket-cors.js';
import type { Rgw } from './rgw.mjs';

export interface LocalBucket {
  /** For `s3()`. */
  readonly options: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly provider: 'ceph';
  };
  /** The answer to a signed request for a path below the bucket, `/key` or `?query`. */
  ask(method: string, pathAndQuery?: string, init?: RequestInit): Promise<Response>;
}

export interface LocalBucketOptions {
  /** Of the pages that upload. @default every page */
  readonly origins?: readonly string[];
  /** Whether pages may read the ETag of what they sent. @default true */
  readonly exposesEtag?: boolean;
}

export const makeLocalBucket = async (
  { url: endpoint, region, accessKeyId, secretAccessKey }: Rgw,
  { origins = ['*'], exposesEtag = true }: LocalBucketOptions = {},
): Promise<LocalBucket> => {
  const bucket = `uploads-${randomUUID()}`;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const ask: LocalBucket['ask'] = (method, pathAndQuery = '', init = {}) =>
    client.fetch(`${endpoint}/${bucket}${pathAndQuery}`, { method, ...init });
  // Spaces take the rules as the XML that is S3's own form of them.
  const { rules } = bucketCors('', origins, 'spaces');
  const body = exposesEtag ? rules : rules.replace(/ *<ExposeHeader>.*\n/, '');
  for (const response of [await ask('PUT'), await ask('PUT', '?cors', { body })]) {
    if (!response.ok) throw new Error(`The S3 server answered ${response.status}: ${await response.text()}`);
  }
  return {
    options: { endpoint, region, bucket, accessKeyId, secretAccessKey, provider: 'ceph' },
    ask,
  };
};
