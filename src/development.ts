/** What `fastio-upload/define` is to bundlers and servers in development mode: the tag, and hints in the console. */

import { giveHints } from './element/zone/hints.js';

export { FastioUpload } from './define.js';

giveHints(document);
