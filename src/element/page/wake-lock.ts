/**
 * Keeps the device awake while bytes move and the page is seen, one lock for all elements of the page. The browser takes
 * the lock back whenever the page is hidden; it is asked for again when the page is shown. A browser that has none or
 * refuses (battery low, not a secure context) is left alone: uploads survive the sleep.
 */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';

const MOVING: ReadonlySet<UploadSnapshot['state']> = new Set(['preparing', 'uploading', 'finishing']);

const owners = new Set<object>();
let bag: AbortController | null = null;

/** Says for one of the page's lists what it is doing. */
export const keepAwake = (owner: object, uploads: readonly UploadSnapshot[]): void => {
  if (uploads.some(({ state }) => MOVING.has(state))) owners.add(owner);
  else owners.delete(owner);
  if (owners.size === 0) {
    bag?.abort();
    bag = null;
  } else if (bag === null) {
    bag = new AbortController();
    hold(bag.signal);
  }
};

/** Holds the lock, as far as the browser lets us, until `signal` is aborted. */
const hold = (signal: AbortSignal): void => {
  let lock: Promise<WakeLockSentinel | null> = Promise.resolve(null);

  const ask = (): void => {
    lock = lock.then((held) => (held?.released === false || document.visibilityState !== 'visible' ? held : request()));
  };
  document.addEventListener('visibilitychange', ask, { signal });
  signal.addEventListener('abort', () => void lock.then((held) => held?.release()).catch(() => {}), { once: true });
  ask();
};

interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Asking without the permission makes Chromium write an error to the console of the page around the frame. */
const isForbidden = (): boolean =>
  (document as PolicyDocument).featurePolicy?.allowsFeature('screen-wake-lock') === false;

const request = async (): Promise<WakeLockSentinel | null> => {
  if (isForbidden()) return null;
  try {
    return await navigator.wakeLock.request('screen');
  } catch {
    return null;
  }
};
