/** An answer that is fetched once and shared. After a failure the next call fetches again. */

import { abortable, never } from '../../lib/abortable.js';
import type { CallOptions } from '../../ports/protocol.js';

export class SharedRequest<T> {
  readonly #fetch: (options: CallOptions) => Promise<T>;
  #answer: Promise<T> | null = null;

  constructor(fetch: (options: CallOptions) => Promise<T>) {
    this.#fetch = fetch;
  }

  /** The signal ends only the caller's wait, because the request is shared. */
  get({ signal }: CallOptions): Promise<T> {
    this.#answer ??= this.#fetch({ signal: never() }).catch((error: unknown) => {
      this.#answer = null;
      throw error;
    });
    return abortable(this.#answer, signal);
  }
}
