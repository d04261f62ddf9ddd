/** The same through the gateway in a Worker. */

import { describe } from 'node:test';
import { relayTo } from './support/site.js';
import { storesFiles } from './support/stores-files.js';
import { startWorker } from './support/worker.js';

describe('A bucket behind the gateway in workerd', () => {
  storesFiles(async (values) => {
    const { url, close } = await startWorker(values);
    return { listener: relayTo(url), close };
  }, 2 ** 28);
});
