/** The element over a real S3 server, through the gateway in Node. */

import { describe } from 'node:test';
import { startNodeGateway } from './support/site.js';
import { storesFiles } from './support/stores-files.js';

describe('A bucket behind the gateway in Node', () => {
  storesFiles(startNodeGateway, 2 ** 30);
});
