import { randomUUID } from 'node:crypto';

export interface Lock {
  readonly token: string;
  readonly userId: string;
  /** The client's `client_info`; null when absent. */
  readonly clientInfo: unknown;
  /** Milliseconds since 1970. */
  readonly lockedAt: number;
  readonly expiresAt: number;
  readonly durationMs: number;
}

/** Exclusive, expiring locks on files. They are advisory: uploads do not check them. */
export class Locks {
  readonly #locks = new Map<string, Lock>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The current lock; null when the node is not locked. */
  of(nodeId: string): Lock | null {
    const lock = this.#locks.get(nodeId);
    return lock === undefined || this.#now() >= lock.expiresAt ? null : lock;
  }

  /** Locks the node; the caller has checked that it is not locked. */
  acquire(nodeId: string, holder: Pick<Lock, 'userId' | 'clientInfo' | 'durationMs'>): Lock {
    const lockedAt = this.#now();
    const lock = { ...holder, token: randomUUID(), lockedAt, expiresAt: lockedAt + holder.durationMs };
    this.#locks.set(nodeId, lock);
    return lock;
  }

  /** Restarts the lock's duration. */
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

  /** The lock as JSON, without its token. */
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
