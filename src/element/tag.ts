/** The class of the tag, for pages and servers. */

import { endLitOnServer } from './lit-on-server.js';

// This comment keeps the order of the imports: on a server, Lit needs the globals that the module above defines.

import { FastioUpload as Tag } from './fastio-upload.js';

endLitOnServer();

// Bundlers could drop this module if it only re-exported.
export const FastioUpload = Tag;
export type FastioUpload = Tag;
