/**
 * Finds a grant or a session that was given to two files, for example by a cache on the way: the second file would take the
 * place of the first.
 */

import { UploadError } from '../../ports/errors.js';
import type { UploadFacts } from '../../ports/protocol.js';

/** Grants that are remembered; two equal ones come close together. */
const MOST = 10_000;

export class DistinctGrants {
  readonly #owners = new Map<string, string>();

  /** @throws UploadError `protocol` when another file has it. */
  claim(grant: string, { id }: UploadFacts): void {
    const owner = this.#owners.get(grant);
    if (owner !== undefined && owner !== id) {
      throw new UploadError('protocol', 'the backend gave two files the same grant or session');
    }
    this.#owners.set(grant, id);
    if (this.#owners.size <= MOST) return;
    for (const [oldest] of this.#owners) {
      this.#owners.delete(oldest);
      return;
    }
  }
}
