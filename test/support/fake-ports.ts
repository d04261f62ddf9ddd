/** Small stand-ins for what the platform offers: network state, locks, digests. */

import type { Channel } from '../../src/ports/channel.js';
import type { Connectivity } from '../../src/ports/connectivity.js';
import type { Hasher } from '../../src/ports/hasher.js';
import type { Hold, Locks } from '../../src/ports/locks.js';

export class FakeConnectivity implements Connectivity {
  readonly #listeners = new Set<() => void>();
  #online = true;

  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    if (online === this.#online) return;
    this.#online = online;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Listeners that have not been ended. */
  get watching(): number {
    return this.#listeners.size;
  }

  watch(listener: () => void, { signal }: { readonly signal: AbortSignal }): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }
}

interface Waiter {
  readonly owner: object;
  readonly give: (hold: Hold) => void;
}

/** The locks of an origin; each tab looks at them through `tab()`, and gives all of its own back when it dies. */
export class FakeLockManager {
  readonly #held = new Map<string, object>();
  readonly #waiting = new Map<string, Waiter[]>();

  get held(): readonly string[] {
    return [...this.#held.keys()];
  }

  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, waiters) => sum + waiters.length, 0);
  }

  tab(): Locks & { die(): void } {
    const tab = {};
    return {
      isHeldHere: (name) => this.#held.get(name) === tab,
      tryHold: async (name) => (this.#held.has(name) ? null : this.#give(name, tab)),
      hold: (name, { signal }) => this.#wait(name, tab, signal),
      die: () => {
        for (const waiters of this.#waiting.values()) {
          waiters.splice(0, waiters.length, ...waiters.filter(({ owner }) => owner !== tab));
        }
        for (const [name, owner] of this.#held) if (owner === tab) this.#free(name);
      },
    };
  }

  #wait(name: string, owner: object, signal: AbortSignal): Promise<Hold> {
    return new Promise((resolve, reject) => {
      if (!this.#held.has(name)) {
        resolve(this.#give(name, owner));
        return;
      }
      const waiters = this.#waiting.get(name) ?? [];
      const waiter = { owner, give: resolve };
      waiters.push(waiter);
      this.#waiting.set(name, waiters);
      signal.addEventListener('abort', () => {
        const index = waiters.indexOf(waiter);
        if (index >= 0) waiters.splice(index, 1);
        reject(signal.reason);
      });
    });
  }

  #give(name: string, owner: object): Hold {
    this.#held.set(name, owner);
    let released = false;
    return {
      release: () => {
        if (released || this.#held.get(name) !== owner) return;
        released = true;
        this.#free(name);
      },
    };
  }

  #free(name: string): void {
    this.#held.delete(name);
    const next = this.#waiting.get(name)?.shift();
    next?.give(this.#give(name, next.owner));
  }
}

/** A digest that is good enough to tell test files apart, and that needs no thread. */
export const fakeHasher: Hasher = {
  async sha256(bytes) {
    let hash = 0x811c9dc5;
    for (const byte of new Uint8Array(bytes)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash.toString(16).padStart(8, '0').repeat(8);
  },
};

/** What tabs say to each other; each looks at it through `tab()`. */
export class FakeChannelHub {
  readonly #listeners = new Map<object, Set<(message: unknown) => void>>();

  tab(): Channel & { die(): void } {
    const tab = {};
    const own = new Set<(message: unknown) => void>();
    this.#listeners.set(tab, own);
    return {
      post: (message) => {
        for (const [other, listeners] of this.#listeners) {
          if (other === tab) continue;
          for (const listener of listeners)
            queueMicrotask(() => listeners.has(listener) && listener(structuredClone(message)));
        }
      },
      listen: (listener, { signal }) => {
        own.add(listener);
        signal.addEventListener('abort', () => own.delete(listener));
      },
      die: () => {
        own.clear();
        this.#listeners.delete(tab);
      },
    };
  }
}
