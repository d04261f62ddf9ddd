/** Exclusive holds that the platform frees when their page dies, so that two tabs never drive the same upload. */
export interface Locks {
  /** Holds `name` at once, or answers null when it is held already. */
  tryHold(name: string): Promise<Hold | null>;
  /** Whether this very page holds `name`, whichever engine asked. */
  isHeldHere(name: string): boolean;
  /** Waits for `name`; rejects with the signal's reason when aborted. */
  hold(name: string, options: { readonly signal: AbortSignal }): Promise<Hold>;
}

export interface Hold {
  release(): void;
}
