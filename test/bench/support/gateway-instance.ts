/** The gateway under load, in a process of its own: one instance over a bucket whose storage answers at once. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUploadHandler } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { s3 } from '../../../src/server/s3.js';

/** What the other process hears. */
export interface InstanceUse {
  /** MiB of resident memory, now and at most so far. */
  readonly rss: number;
  readonly peakRss: number;
  /** Seconds of processor time so far. */
  readonly cpu: number;
}

const MIB = 2 ** 20;

const handler = createUploadHandler({
  storage: s3({
    endpoint: process.env.STORAGE_URL ?? '',
    region: 'test',
    bucket: 'crowd',
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    provider: 'minio',
  }),
  ticketSecret: 'a secret of more than thirty-two bytes',
  authorize: ({ headers }) => {
    const userId = headers.get('x-user');
    return userId === null ? null : { userId };
  },
});

const server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1', 4096, () => {
  process.send?.((server.address() as AddressInfo).port);
});

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const use: InstanceUse = {
    rss: process.memoryUsage.rss() / MIB,
    peakRss: process.resourceUsage().maxRSS / 1024,
    cpu: (user + system) / 1e6,
  };
  process.send?.(use);
});
