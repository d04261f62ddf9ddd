/** Digests by what a browser has: Web Crypto, and for MD5 a script that is loaded when it is first needed. */

import type { Hasher } from '../ports/hasher.js';
import { subtleHasher } from './subtle-hasher.js';

export const browserHasher: Required<Hasher> = {
  ...subtleHasher,
  async md5(body, options) {
    const { md5 } = await import('./worker-hasher.js').catch(() => ({ md5: null }));
    options.signal.throwIfAborted();
    // A file that does not load must not stop an upload that would go well without it.
    return md5?.(body, options) ?? null;
  },
};
