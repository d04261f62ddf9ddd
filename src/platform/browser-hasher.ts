/** Digests by Web Crypto, and MD5 by a script that is loaded at its first use. */

import type { Hasher } from '../ports/hasher.js';
import { subtleHasher } from './subtle-hasher.js';

export const browserHasher: Required<Hasher> = {
  ...subtleHasher,
  async md5(body, options) {
    const { md5 } = await import('./worker-hasher.js').catch(() => ({ md5: null }));
    options.signal.throwIfAborted();
    // If the script does not load, the upload continues without MD5.
    return md5?.(body, options) ?? null;
  },
};
