/** A deadline that is moved by the progress of its request. */

import { type JointSignal, joinSignals } from '../lib/joint-signal.js';
import type { Clock } from '../ports/clock.js';
import { UploadError } from '../ports/errors.js';

/**
 * A timer that is later than this was delayed: the machine slept, or the page was frozen or throttled in the
 * background.
 */
const DELAYED_MS = 2000;

/** Its signal is the only one of the request: small files are many, and each signal takes time. */
export class Deadline {
  readonly #clock: Clock;
  readonly #stop: JointSignal;
  #allowedMs = 0;
  #dueAt = Number.POSITIVE_INFINITY;
  #wakesAt = Number.POSITIVE_INFINITY;
  #message = '';
  #isExtended = false;

  /** `signal` ends the request as well. */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#stop = joinSignals(signal);
  }

  /**
   * Aborted with the reason of the signal that was given, or with an `UploadError` of code `timeout` when the deadline
   * passes.
   */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Moves the deadline to `ms` from now; `message` is its error. Cheap, because WebKit reports every 8 KiB. */
  allow(ms: number, message: string): void {
    this.#allowedMs = ms;
    this.#message = message;
    this.#isExtended = false;
    this.#dueAt = this.#clock.now() + ms;
    if (this.#dueAt < this.#wakesAt) this.#sleep();
  }

  /** Call it when the request is over: stops the timer and aborts the signal. */
  release(): void {
    this.#stop.release();
    // With a reason, because the default is an exception with a stack.
    this.#stop.abort(null);
  }

  #sleep(): void {
    const wakesAt = this.#dueAt;
    this.#wakesAt = wakesAt;
    this.#clock.delay(wakesAt - this.#clock.now(), this.#stop).then(
      () => this.#wake(wakesAt),
      () => {},
    );
  }

  #wake(wakesAt: number): void {
    // Another timer that ends earlier has taken the place of this one.
    if (wakesAt !== this.#wakesAt) return;
    const now = this.#clock.now();
    this.#wakesAt = Number.POSITIVE_INFINITY;
    if (now < this.#dueAt) {
      this.#sleep();
    } else if (now - wakesAt > DELAYED_MS && !this.#isExtended) {
      // Progress events may have been delayed too, so the deadline is extended once.
      this.allow(this.#allowedMs, this.#message);
      this.#isExtended = true;
    } else {
      this.#stop.abort(new UploadError('timeout', this.#message));
    }
  }
}
