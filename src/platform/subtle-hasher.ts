/** Digests by Web Crypto, which exists only in secure contexts. */

import { toHex } from '../lib/hex.js';
import type { Hasher } from '../ports/hasher.js';

/** Timeout for a digest of some kilobytes, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** Null also when the platform refuses or does not answer, because an upload works without a digest. */
export const subtleHasher: Hasher = {
  async sha256(bytes) {
    const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
    if (subtle === undefined) return null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), TIMEOUT_MS);
    });
    try {
      const digest = await Promise.race([subtle.digest('SHA-256', bytes), late]);
      return digest && toHex(new Uint8Array(digest));
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  },
};
