/** The budget of requests to one origin, for modules that send requests. */

import type { UploadError } from './errors.js';

export interface AcquireOptions {
  /** Maximum number of data requests in flight to this origin, including this one. */
  readonly limit: number;
  /** Aborting it leaves the queue and rejects with its reason. */
  readonly signal: AbortSignal;
  /** Size of the body, if known; more small bodies are sent at once. @default 0 */
  readonly bytes?: number;
}

/** Permission for one request. Report the outcome of the request before releasing it. */
export interface Slot {
  /** Reports that the server has stored this many bytes. */
  confirmed(bytes: number): void;
  /** Reports that the request failed after `sentBytes` of a body of `bytes`, as far as the browser knows. */
  failed(failure: UploadError, sentBytes: number, bytes?: number): void;
  /** Releases the slot; further calls do nothing. */
  release(): void;
}

export interface SlotSource {
  /** Resolves when the request may begin, with null when it was dismissed; rejects with the signal's reason. */
  acquire(owner: object, options: AcquireOptions): Promise<Slot | null>;
  /** Removes the owner's waiting requests from the queue, because they have nothing left to send. */
  dismiss(owner: object): void;
  /** Runs a control request at once. It counts towards the budget, so data requests wait for it. */
  control<T>(request: () => Promise<T>): Promise<T>;
}
