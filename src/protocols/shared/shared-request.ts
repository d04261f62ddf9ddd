/** An answer that is fetched once and shared. A failure is not kept: the next who asks fetches again. */

import { abortable, never } from '../../lib/abortable.js';
import type { CallOptions } from '../../ports/protocol.js';

export class SharedRequest<T> {
  readonly #fetch: (options: CallOptions) => Promise<T>;
  #answer: Promise<T> | null = null;

  constructor(fetch: (options: CallOptions) => Promise<T>) {
    this.#fetch = fetch;
  }

  /** Aborting ends the wait of the caller, not the request, which others wait for too. */
  get({ signal }: CallOptions): Promise<T> {
    this.#answer ??= this.#fetch({ signal: never() }).catch((error: unknown) => {
      this.#answer = null;
      throw error;
    });
    return abortable(this.#answer, signal);
  }
}
