/** What the platform knows of the network, and of moments at which waiting may have become pointless. */
export interface Connectivity {
  /** Only `false` is information: `true` does not mean that a server is reachable. */
  readonly online: boolean;
  /**
   * Calls `listener` until `signal` is aborted: when the network comes or goes, when the page is shown or thawed, and when
   * the clocks drifted apart because the machine slept.
   */
  watch(listener: () => void, options: { readonly signal: AbortSignal }): void;
}
