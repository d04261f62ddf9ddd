/** What the platform knows of the network. Only `false` is information: `true` does not mean that a server is reachable. */
export interface Connectivity {
  readonly online: boolean;
  /** Calls `listener` on every change until `signal` is aborted. */
  watch(listener: (online: boolean) => void, options: { readonly signal: AbortSignal }): void;
}
