/** Digests by Web Crypto, which pages that are not secure contexts do not have. */

import { toHex } from '../lib/hex.js';
import type { Hasher } from '../ports/hasher.js';

export const subtleHasher: Hasher = {
  async sha256(bytes) {
    const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
    return subtle === undefined ? null : toHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
  },
};
