/** A deadline that is moved by the progress of its request. */

import type { Clock } from '../ports/clock.js';
import { UploadError } from '../ports/errors.js';

/**
 * A timer that is later than this was delayed: the machine slept, or the page was frozen or throttled in the
 * background.
 */
const DELAYED_MS = 2000;

export class Deadline {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #timer: AbortController | null = null;
  #allowedMs = 0;
  #dueAt = Number.POSITIVE_INFINITY;
  #wakesAt = Number.POSITIVE_INFINITY;
  #message = '';
  #isExtended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Aborted with an `UploadError` of code `timeout` when the deadline passes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Moves the deadline to `ms` from now; `message` is its error. Cheap, because WebKit reports every 8 KiB. */
  allow(ms: number, message: string): void {
    this.#allowedMs = ms;
    this.#message = message;
    this.#isExtended = false;
    this.#setDue();
  }

  /** Stops the timer. */
  clear(): void {
    // With a reason, because the default is an exception with a stack.
    this.#timer?.abort(null);
  }

  #setDue(): void {
    this.#dueAt = this.#clock.now() + this.#allowedMs;
    if (this.#dueAt < this.#wakesAt) this.#sleep();
  }

  #sleep(): void {
    this.clear();
    this.#timer = new AbortController();
    this.#wakesAt = this.#dueAt;
    this.#clock.delay(this.#dueAt - this.#clock.now(), this.#timer).then(
      () => this.#wake(),
      () => {},
    );
  }

  #wake(): void {
    const now = this.#clock.now();
    const delayedMs = now - this.#wakesAt;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    if (now < this.#dueAt) {
      this.#sleep();
    } else if (delayedMs > DELAYED_MS && !this.#isExtended) {
      // Progress events may have been delayed too, so the deadline is extended once.
      this.#isExtended = true;
      this.#setDue();
    } else {
      this.#controller.abort(new UploadError('timeout', this.#message));
    }
  }
}
