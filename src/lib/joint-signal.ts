/**
 * Replaces `AbortSignal.any`: WebKit garbage-collects composed signals that are still in use, and then they never abort
 * (seen in WebKitGTK: requests that no deadline could end).
 */

/** A controller whose signal aborts with the first of the followed signals, with the same reason. */
export interface JointSignal extends AbortController {
  /** Stops following the signals. */
  release(): void;
}

export const joinSignals = (...signals: readonly AbortSignal[]): JointSignal => {
  const joint = new AbortController();
  const following = new AbortController();
  for (const followed of signals) {
    const follow = () => joint.abort(followed.reason);
    if (followed.aborted) follow();
    followed.addEventListener('abort', follow, following);
  }
  // With a reason of its own, because the default is an exception with a stack, which costs more than all the rest.
  return Object.assign(joint, { release: () => following.abort(null) });
};
