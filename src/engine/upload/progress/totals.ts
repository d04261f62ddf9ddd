/**
 * Sums over the uploads of a list, updated by differences, so that the cost of a change does not depend on their
 * number.
 */

import { type AggregateProgress, MAX_UNCONFIRMED_RATIO, type UploadSnapshot } from '../snapshot.js';
import { isTerminal } from '../upload-state.js';

type Counted = Pick<UploadSnapshot, 'state' | 'size' | 'sentBytes' | 'confirmedBytes' | 'ratio'>;

export class Totals {
  readonly #sum = { total: 0, done: 0, failed: 0, canceled: 0, pending: 0 };
  readonly #bytes = { totalBytes: 0, sentBytes: 0, confirmedBytes: 0 };
  #weighted = 0;

  add(upload: Counted): void {
    this.#count(upload, 1);
  }

  /** Removes an upload; the values must be those with which it was added. */
  subtract(upload: Counted): void {
    this.#count(upload, -1);
  }

  /** Progress of all uploads together, at the given speed. */
  aggregate(bytesPerSecond: number): AggregateProgress {
    const { total, done, canceled, pending } = this.#sum;
    const { totalBytes, sentBytes } = this.#bytes;
    const active = total - canceled;
    const isDone = active > 0 && done === active;
    const left = totalBytes - sentBytes;
    const ratio = Math.max(0, this.#weighted / Math.max(totalBytes, active, 1));
    return Object.freeze({
      ...this.#sum,
      ...this.#bytes,
      ratio: isDone ? 1 : Math.min(ratio, MAX_UNCONFIRMED_RATIO),
      bytesPerSecond,
      remainingMs: bytesPerSecond >= 1 && pending > 0 ? (left / bytesPerSecond) * 1000 : null,
    });
  }

  #count({ state, size, sentBytes, confirmedBytes, ratio }: Counted, sign: 1 | -1): void {
    this.#sum.total += sign;
    this.#sum[isTerminal(state) ? state : 'pending'] += sign;
    if (state === 'canceled') return;
    this.#bytes.totalBytes += sign * size;
    this.#bytes.sentBytes += sign * sentBytes;
    this.#bytes.confirmedBytes += sign * confirmedBytes;
    // An empty file counts like one byte, so that it contributes to the ratio.
    this.#weighted += sign * ratio * Math.max(size, 1);
  }
}
