/** What the gateways of these tests have in common, in Node and in workerd. */

import type { S3Options } from '../../../src/server/s3.js';

/** Plain JSON, so that it can be a Worker's binding. */
export interface GatewayValues {
  readonly s3: S3Options;
  readonly ticketSecret: string;
  readonly basePath: string;
  readonly grantTtlSeconds?: number;
  readonly chunkedAbove?: number;
  /** Told of each stored file by a POST. */
  readonly storedUrl?: string;
}
