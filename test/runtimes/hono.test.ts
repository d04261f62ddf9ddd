import { describe } from 'node:test';
import { serveSnippet } from './support/served-snippet.js';
import { takesAFolder } from './support/takes-a-folder.js';

describe('The gateway on Hono, by its snippet', () => {
  takesAFolder((storage) => serveSnippet('Hono', storage), { bigMiB: 50 });
});
