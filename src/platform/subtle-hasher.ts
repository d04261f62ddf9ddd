/** Digests by Web Crypto, which pages that are not secure contexts do not have. */

import type { Hasher } from '../ports/hasher.js';

const toHex = (digest: ArrayBuffer): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const subtleHasher: Hasher = {
  async sha256(bytes) {
    const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
    return subtle === undefined ? null : toHex(await subtle.digest('SHA-256', bytes));
  },
};
