/** The entry that packages import; the code is in the folder of the same name. */

export { type FastioOptions, fastio } from './fastio/fastio.js';
