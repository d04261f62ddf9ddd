/** `navigator.onLine` and events that may mean a new network. Always online where the platform has none, as in Node. */

import type { Connectivity } from '../ports/connectivity.js';

/** Events of the document bubble to the window. */
const EVENTS = ['online', 'offline', 'pageshow', 'visibilitychange', 'resume'];

const CHECK_MS = 5_000;
/** A timer that is this late, or a wall clock that jumped this far, means that the machine slept. */
const SLEPT_MS = 10_000;

/** Whether the page is being left; `null` before the listeners are added. A worker or Node is never left. */
let isLeaving: boolean | null = null;

/** A page that is being left counts as offline: its requests fail, and the next page retries them. */
const watchLeaving = (): void => {
  if (isLeaving !== null) return;
  isLeaving = false;
  globalThis.addEventListener?.('pagehide', () => {
    isLeaving = true;
  });
  globalThis.addEventListener?.(
    'pageshow',
    () => {
      isLeaving = false;
    },
    { capture: true },
  );
};

/** Hiding a page is no sign of a new network. */
const isHidden = (): boolean =>
  (globalThis as { readonly document?: { readonly visibilityState: string } }).document?.visibilityState === 'hidden';

export const browserConnectivity: Connectivity = {
  get online() {
    watchLeaving();
    return isLeaving !== true && globalThis.navigator?.onLine !== false;
  },
  watch(listener, { signal }) {
    if (signal.aborted) return;
    watchLeaving();
    const onEvent = ({ type }: Event) => {
      if (type !== 'visibilitychange' || !isHidden()) listener();
    };
    for (const name of EVENTS) globalThis.addEventListener?.(name, onEvent, { signal });
    let checkedAt = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (Math.abs(now - checkedAt - CHECK_MS) > SLEPT_MS) listener();
      checkedAt = now;
    }, CHECK_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  },
};
