/** A deadline that moves while its request does. */

import type { Clock } from '../ports/clock.js';
import { UploadError } from '../ports/errors.js';

/** A timer later than this was held back: the machine slept, or the page was frozen or throttled in the background. */
const HELD_BACK_MS = 2000;

export class Deadline {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #timer = new AbortController();
  #allowedMs = 0;
  #dueAt = Number.POSITIVE_INFINITY;
  #wakesAt = Number.POSITIVE_INFINITY;
  #message = '';
  #isExcused = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Aborted with an `UploadError` of code `timeout` once the deadline has passed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on `ms` are allowed; `message` says what will then have failed. Cheap: WebKit reports each 8 KiB. */
  allow(ms: number, message: string): void {
    this.#allowedMs = ms;
    this.#message = message;
    this.#isExcused = false;
    this.#setDue();
  }

  /** Frees the timer. */
  clear(): void {
    this.#timer.abort();
  }

  #setDue(): void {
    this.#dueAt = this.#clock.now() + this.#allowedMs;
    if (this.#dueAt < this.#wakesAt) this.#sleep();
  }

  #sleep(): void {
    this.#timer.abort();
    this.#timer = new AbortController();
    this.#wakesAt = this.#dueAt;
    this.#clock.delay(this.#dueAt - this.#clock.now(), { signal: this.#timer.signal }).then(
      () => this.#wake(),
      () => {},
    );
  }

  #wake(): void {
    const now = this.#clock.now();
    const heldBackMs = now - this.#wakesAt;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    if (now < this.#dueAt) {
      this.#sleep();
    } else if (heldBackMs > HELD_BACK_MS && !this.#isExcused) {
      // News of the request may have been held back as well, so the silence proves nothing yet.
      this.#isExcused = true;
      this.#setDue();
    } else {
      this.#controller.abort(new UploadError('timeout', this.#message));
    }
  }
}
