import { type HttpError, upstreamTimeout } from './http-error.js';

/** A signal that aborts with the caller's or after a timeout. `end` removes its timer and listener. */
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

  /** Starts or restarts the timeout. */
  start(ms: number): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.fail(upstreamTimeout()), ms);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Aborts the request with `reason`. */
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
