/** Limits how many tasks run at once; the others wait in order. */

import type { CallOptions } from '../../ports/protocol.js';

export class Semaphore {
  #free: number;
  readonly #queue = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs `work` when there is room. An abort leaves the queue and rejects with the signal's reason. */
  async run<T>(work: () => Promise<T>, options: CallOptions): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#handedOver(options);
    try {
      return await work();
    } finally {
      const [next] = this.#queue;
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  /** Resolves once another task ends. */
  #handedOver({ signal }: CallOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        this.#queue.delete(enter);
        reject(signal.reason);
      };
      const enter = () => {
        this.#queue.delete(enter);
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.add(enter);
    });
  }
}
