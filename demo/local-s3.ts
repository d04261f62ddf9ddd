/** A real S3 on this machine, installed when it is missing, and a gateway over a bucket of it. */

import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createUploadHandler } from '../src/server/index.js';
import { toNodeListener } from '../src/server/node.js';
import { s3 } from '../src/server/s3.js';
import { makeLocalBucket } from '../test/tools/local-bucket.js';
import { startRgw } from '../test/tools/rgw.mjs';
import { authorize, S3_BASE_PATH, tell } from './start-demo.js';

export interface LocalS3 {
  readonly listener: RequestListener;
  readonly bucketUrl: string;
  close(): Promise<void>;
}

/** What it stores is in memory, and gone when it is closed. */
export const startLocalS3 = async (): Promise<LocalS3> => {
  console.log('Starting an S3 server (Ceph) on the loopback interface …');
  const rgw = await startRgw();
  const { options } = await makeLocalBucket(rgw);
  const handler = createUploadHandler({
    storage: s3(options),
    basePath: S3_BASE_PATH,
    ticketSecret: randomBytes(32),
    files: true,
    authorize,
    onError: tell,
  });
  return {
    listener: toNodeListener(handler),
    bucketUrl: `${options.endpoint}/${options.bucket}`,
    close: () => rgw.close(),
  };
};
