/** Exclusive locks that the platform releases when their page ends, so that two tabs never drive the same upload. */
export interface Locks {
  /** Acquires `name` at once; null when it is held already. */
  tryHold(name: string): Promise<Hold | null>;
  /** Whether any engine of this page holds `name`. */
  isHeldHere(name: string): boolean;
  /** Waits for `name` and acquires it; rejects with the signal's reason when it is aborted. */
  hold(name: string, options: { readonly signal: AbortSignal }): Promise<Hold>;
}

export interface Hold {
  release(): void;
}
