/** The platform's network state, and the moments at which a waiting request should be retried. */
export interface Connectivity {
  /** False when there is no network; `true` does not mean that a server is reachable. */
  readonly online: boolean;
  /**
   * Calls `listener` until `signal` is aborted: when the network state changes, when the page is shown or resumed, and
   * when the machine has slept.
   */
  watch(listener: () => void, options: { readonly signal: AbortSignal }): void;
}
