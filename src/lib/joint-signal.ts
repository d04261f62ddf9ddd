/**
 * What `AbortSignal.any` is for, with an end: WebKit collects composed signals that are still waited for, and then
 * their abort never comes (seen in WebKitGTK: requests that no deadline could end).
 */

/** Its signal is aborted with the first of those that it follows, for the same reason. */
export interface JointSignal extends AbortController {
  /** Follows them no longer. */
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
  return Object.assign(joint, { release: () => following.abort() });
};
