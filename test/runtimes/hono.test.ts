import { serveSnippet } from './support/served-snippet.js';
import { takesAFolder } from './support/takes-a-folder.js';

takesAFolder('Hono, by its snippet', (storage) => serveSnippet('Hono', storage), { bigMiB: 50 });
