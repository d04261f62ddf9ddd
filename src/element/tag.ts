/** The class of the tag, for pages and for servers. */

import { endLitOnServer } from './lit-on-server.js';

// This comment keeps the order of imports: on a server, Lit needs what the module above lends to it.

import { FastioUpload as Tag } from './fastio-upload.js';

endLitOnServer();

// A re-export would let bundlers pass this module over.
export const FastioUpload = Tag;
export type FastioUpload = Tag;
