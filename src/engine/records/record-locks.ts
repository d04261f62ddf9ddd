/** The locks that give each record one owning page. The browser releases a page's locks when it is closed. */

import type { Hold, Locks } from '../../ports/locks.js';

const lockName = (id: string): string => `fastio-upload:${id}`;

export class RecordLocks {
  readonly #locks: Locks;
  readonly #holds = new Map<string, Hold>();
  /** Requests in flight. */
  readonly #claims = new Map<string, Promise<boolean>>();

  constructor(locks: Locks) {
    this.#locks = locks;
  }

  /** True when this engine owns the record. */
  owns(id: string): boolean {
    return this.#holds.has(id);
  }

  /** True when any engine of this page owns the record. */
  isHeldHere(id: string): boolean {
    return this.#locks.isHeldHere(lockName(id));
  }

  /** Acquires the lock; false when another page has it. */
  async claim(id: string): Promise<boolean> {
    if (this.#holds.has(id)) return true;
    const claim = this.#claims.get(id) ?? this.#tryHold(id).finally(() => this.#claims.delete(id));
    this.#claims.set(id, claim);
    return claim;
  }

  /** Waits until the tab that has the lock releases it or is closed; then this page owns the record. */
  async takeOver(id: string, options: { readonly signal: AbortSignal }): Promise<void> {
    this.#holds.set(id, await this.#locks.hold(lockName(id), options));
  }

  release(id: string): void {
    this.#holds.get(id)?.release();
    this.#holds.delete(id);
  }

  async #tryHold(id: string): Promise<boolean> {
    const hold = await this.#locks.tryHold(lockName(id));
    if (hold !== null) this.#holds.set(id, hold);
    return hold !== null;
  }
}
