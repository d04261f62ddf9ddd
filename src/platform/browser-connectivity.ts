/** `navigator.onLine` and the events that may mean a new network. Always online where the platform has none, as in Node. */

import type { Connectivity } from '../ports/connectivity.js';

/** All of them reach the window, from the document too. */
const EVENTS = ['online', 'offline', 'pageshow', 'visibilitychange', 'resume'];

const LOOK_MS = 5_000;
/** A timer this late, or a wall clock this far off, means that the machine slept. */
const SLEPT_MS = 10_000;

/** Whether the page is being left; `null` before its events are listened to. A worker or Node is never left. */
let isLeaving: boolean | null = null;

/** Requests of a page that is being left fail, and what it would begin anew belongs to the next page. */
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

/** A page that is being hidden has not got a new network. */
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
    let lastLook = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (Math.abs(now - lastLook - LOOK_MS) > SLEPT_MS) listener();
      lastLook = now;
    }, LOOK_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  },
};
