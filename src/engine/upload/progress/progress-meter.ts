/** Computes a smoothed rate and the remaining time. Reads no clock: callers pass the time. */

/** Time constant of the average: after it the rate reflects about two thirds of a change. */
const TIME_CONSTANT_MS = 3_000;
/** Shortest sample, in milliseconds: browsers report progress in bursts. */
const SAMPLE_MS = 250;

export class ProgressMeter {
  #rate = 0;
  #weight = 0;
  #pendingBytes = 0;
  #since: number | null = null;

  /** `bytes` more were sent by `now`. */
  add(bytes: number, now: number): void {
    this.#since ??= now;
    this.#pendingBytes += bytes;
    this.#sample(now);
  }

  /** Bytes per second; 0 while unknown. */
  bytesPerSecond(now: number): number {
    this.#sample(now);
    return this.#weight === 0 ? 0 : this.#rate / this.#weight;
  }

  /** Milliseconds for `bytes` more; null while unknown. */
  remainingMs(bytes: number, now: number): number | null {
    const rate = this.bytesPerSecond(now);
    return rate >= 1 ? (bytes / rate) * 1000 : null;
  }

  /** Resets the measurement, because nothing is being sent. */
  stop(): void {
    this.#rate = 0;
    this.#weight = 0;
    this.#pendingBytes = 0;
    this.#since = null;
  }

  /** An exponential average over time; the weight makes the first samples count in full. */
  #sample(now: number): void {
    if (this.#since === null) return;
    const elapsed = now - this.#since;
    if (elapsed < SAMPLE_MS) return;
    const keep = Math.exp(-elapsed / TIME_CONSTANT_MS);
    const sample = (this.#pendingBytes / elapsed) * 1000;
    this.#rate = this.#rate * keep + sample * (1 - keep);
    this.#weight = this.#weight * keep + (1 - keep);
    this.#pendingBytes = 0;
    this.#since = now;
  }
}
