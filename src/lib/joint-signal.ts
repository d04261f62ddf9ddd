/**
 * What `AbortSignal.any` is for, with an end: WebKit collects composed signals that somebody still waits for, and then
 * their abort never comes (seen in WebKitGTK: requests that no deadline could end).
 */

export interface JointSignal {
  /** Aborted with the first of the signals that it follows, for the same reason. */
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Follows them no longer. */
  release(): void;
}

export const joinSignals = (...signals: readonly AbortSignal[]): JointSignal => {
  const joint = new AbortController();
  const following = new AbortController();
  for (const followed of signals) {
    const follow = () => joint.abort(followed.reason);
    if (followed.aborted) follow();
    else followed.addEventListener('abort', follow, { signal: following.signal });
  }
  return {
    signal: joint.signal,
    abort: (reason) => joint.abort(reason),
    release: () => following.abort(),
  };
};
