/** Sends small plain messages between the tabs of one origin; a tab does not receive its own messages. */
export interface Channel {
  post(message: unknown): void;
  /** Calls `listener` until `signal` is aborted. Any script of the origin may post, so messages must be checked. */
  listen(listener: (message: unknown) => void, options: { readonly signal: AbortSignal }): void;
}
