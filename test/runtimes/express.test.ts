import { describe } from 'node:test';
import { serveSnippet } from './support/served-snippet.js';
import { takesAFolder } from './support/takes-a-folder.js';

describe('The gateway on Express, by its snippet', () => {
  takesAFolder((storage) => serveSnippet('Express', storage), { bigMiB: 50 });
});
