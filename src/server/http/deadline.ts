import { HttpError } from './http-error.js';

/** A signal that ends with the caller's or after a while, and leaves no timer and no listener behind. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(parent: AbortSignal | undefined) {
    this.#parent = parent;
    parent?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on, whether it ran before or not. */
  start(ms: number): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.fail(new HttpError(504, 'upstream-timeout', 'the storage service did not answer in time'));
    }, ms);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the request, which then rejects with `reason`. */
  fail(reason: HttpError): void {
    this.#controller.abort(reason);
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#parent?.reason);
}
