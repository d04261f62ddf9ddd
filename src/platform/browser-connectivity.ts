/** `navigator.onLine` and the events that may mean a new network. Always online where the platform has none, as in Node. */

import type { Connectivity } from '../ports/connectivity.js';

/** All of them reach the window, from the document too. */
const EVENTS = ['online', 'offline', 'pageshow', 'visibilitychange', 'resume'];

const LOOK_MS = 5_000;
/** A timer this late, or a wall clock this far off, means that the machine slept. */
const SLEPT_MS = 10_000;

export const browserConnectivity: Connectivity = {
  get online() {
    return globalThis.navigator?.onLine !== false;
  },
  watch(listener, { signal }) {
    if (signal.aborted) return;
    for (const name of EVENTS) globalThis.addEventListener?.(name, listener, { signal });
    let lastLook = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (Math.abs(now - lastLook - LOOK_MS) > SLEPT_MS) listener();
      lastLook = now;
    }, LOOK_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  },
};
