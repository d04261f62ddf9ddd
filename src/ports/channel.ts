/** Carries small plain messages between the tabs of one origin; a tab does not hear itself. */
export interface Channel {
  post(message: unknown): void;
  /** Until `signal` is aborted. Any script of the origin may post: check what comes. */
  listen(listener: (message: unknown) => void, options: { readonly signal: AbortSignal }): void;
}
