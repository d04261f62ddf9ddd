/**
 * How many bytes the next batch may have. A batch is confirmed as a whole and lost as a whole: what breaks on the way is
 * sent again, and before its end no file of it counts as stored. It begins small, grows while batches arrive quickly, and
 * shrinks when the line breaks one.
 */

import { KiB, MiB } from '../../../lib/byte-size.js';

export const BATCH_BYTES = {
  first: 4 * MiB,
  least: 256 * KiB,
  /** The API accepts 100 MB. */
  most: 16 * MiB,
} as const;

/** A batch has room for so many of the largest files that it takes. */
const MIN_FILES = 4;
/** Milliseconds within which a batch arrives where larger ones cost little. */
const QUICK_MS = 3000;

export class BatchSize {
  #bytes: number = BATCH_BYTES.first;

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * False for a file that would be much of a batch: a request of its own costs little beside its bytes, and confirms it
   * sooner.
   */
  takes(fileBytes: number): boolean {
    return fileBytes <= this.#bytes / MIN_FILES;
  }

  /** A batch of this many bytes took this many milliseconds; a small one tells nothing of larger ones. */
  arrived(bytes: number, milliseconds: number): void {
    if (milliseconds <= QUICK_MS && bytes > this.#bytes / 2) this.#bytes = Math.min(this.#bytes * 2, BATCH_BYTES.most);
  }

  broke(): void {
    this.#bytes = Math.max(this.#bytes / 2, BATCH_BYTES.least);
  }
}
