import { randomUUID } from 'node:crypto';

export interface Lock {
  readonly token: string;
  readonly userId: string;
  /** As the client described itself; null when it did not. */
  readonly clientInfo: unknown;
  /** Milliseconds since 1970. */
  readonly lockedAt: number;
  readonly expiresAt: number;
  readonly durationMs: number;
}

/** Exclusive holds on files, which end by themselves. They are advice: nothing else looks at them. */
export class Locks {
  readonly #locks = new Map<string, Lock>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The lock in force; null when there is none. */
  of(nodeId: string): Lock | null {
    const lock = this.#locks.get(nodeId);
    return lock === undefined || this.#now() >= lock.expiresAt ? null : lock;
  }

  /** For a node that is not locked. */
  acquire(nodeId: string, holder: Pick<Lock, 'userId' | 'clientInfo' | 'durationMs'>): Lock {
    const lockedAt = this.#now();
    const lock = { ...holder, token: randomUUID(), lockedAt, expiresAt: lockedAt + holder.durationMs };
    this.#locks.set(nodeId, lock);
    return lock;
  }

  /** Starts the lock's time anew. */
  extend(nodeId: string, lock: Lock): Lock {
    const extended = { ...lock, expiresAt: this.#now() + lock.durationMs };
    this.#locks.set(nodeId, extended);
    return extended;
  }

  release(nodeId: string): void {
    this.#locks.delete(nodeId);
  }

  clear(): void {
    this.#locks.clear();
  }

  /** All but the token. */
  describe({ userId, clientInfo, lockedAt, expiresAt }: Lock): object {
    return {
      holder: userId,
      locked_at: new Date(lockedAt).toISOString(),
      expires_at: new Date(expiresAt).toISOString(),
      ttl: Math.max(Math.ceil((expiresAt - this.#now()) / 1000), 0),
      client_info: clientInfo,
    };
  }
}
