/** What `fastio-upload/define` is to bundlers and servers in development mode: the tag, and hints in the console. */

import './define.js';
import { giveHints } from './element/doctor/hints.js';

export { FastioUpload } from './define.js';

// Servers in development mode import this module, too.
if (typeof document !== 'undefined') giveHints(document);
