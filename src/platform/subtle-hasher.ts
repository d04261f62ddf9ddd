/** Digests by Web Crypto, which pages that are not secure contexts do not have. */

import { toHex } from '../lib/hex.js';
import type { Hasher } from '../ports/hasher.js';

/** A digest of some kilobytes that takes longer than this, in milliseconds, is done without. */
const LONGEST_MS = 5_000;

/** Null also where the platform refuses, or never answers: an upload goes well without a digest. */
export const subtleHasher: Hasher = {
  async sha256(bytes) {
    const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
    if (subtle === undefined) return null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), LONGEST_MS);
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
