/** The protocol as packages import it; its parts are in the folder of this name. */

export { type FastioOptions, fastio } from './fastio/fastio.js';
