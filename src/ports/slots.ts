/** The budget of requests to one origin, as those who send see it. */

import type { UploadError } from './errors.js';

export interface AcquireOptions {
  /** Most data requests that may run to this origin, this one included. */
  readonly limit: number;
  /** Aborting leaves the queue and rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Size of the body, as far as it is known: more small ones go at once. @default 0 */
  readonly bytes?: number;
}

/** Permission for one request. What became of the request is told before it is given back. */
export interface Slot {
  /** The server has taken that many bytes. */
  confirmed(bytes: number): void;
  /** The request broke or was refused; `sentBytes` as far as the browser tells, of a body of `bytes`. */
  failed(failure: UploadError, sentBytes: number, bytes?: number): void;
  /** Gives it back. Calling it twice does nothing. */
  release(): void;
}

export interface SlotSource {
  /** Resolves when the request may begin, with null when it was dismissed; rejects with the signal's reason when aborted. */
  acquire(owner: object, options: AcquireOptions): Promise<Slot | null>;
  /** Requests of this owner that wait for a slot do so no longer: there is nothing left for them to send. */
  dismiss(owner: object): void;
  /** Runs a small request that moves an upload on. It never waits, but it counts: data waits for it. */
  control<T>(request: () => Promise<T>): Promise<T>;
}
