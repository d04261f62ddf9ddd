/**
 * Detects a grant or a session that was given to two files, for example by a cache on the way: the second file would
 * overwrite the first.
 */

import { UploadError } from '../../ports/errors.js';
import type { UploadFacts } from '../../ports/protocol.js';

/** Number of remembered grants and sessions; equal ones arrive close together. */
const MAX_OWNERS = 10_000;

export class DuplicateGuard {
  readonly #owners = new Map<string, string>();

  /** @throws UploadError `protocol` when another file has the same grant or session. */
  claim(key: string, { id }: UploadFacts): void {
    const owner = this.#owners.get(key);
    if (owner !== undefined && owner !== id) {
      throw new UploadError('protocol', 'the backend gave two files one grant or session');
    }
    this.#owners.set(key, id);
    if (this.#owners.size <= MAX_OWNERS) return;
    for (const [oldest] of this.#owners) {
      this.#owners.delete(oldest);
      return;
    }
  }
}
