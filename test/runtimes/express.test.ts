import { serveSnippet } from './support/served-snippet.js';
import { takesAFolder } from './support/takes-a-folder.js';

takesAFolder('Express, by its snippet', (storage) => serveSnippet('Express', storage), { bigMiB: 50 });
