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
  const follow = ({ target }: Event) => joint.abort((target as AbortSignal).reason);
  for (const followed of signals) {
    if (followed.aborted) joint.abort(followed.reason);
    followed.addEventListener('abort', follow);
  }
  const release = () => {
    for (const followed of signals) followed.removeEventListener('abort', follow);
  };
  return Object.assign(joint, { release });
};
