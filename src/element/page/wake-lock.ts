/**
 * Keeps the device awake while bytes move and the page is visible, with one lock for all elements of the page. The
 * browser releases the lock when the page is hidden, and it is requested again when the page is shown. Without it (low
 * battery, insecure context) uploads survive the sleep.
 */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';

const MOVING: ReadonlySet<UploadSnapshot['state']> = new Set(['preparing', 'uploading', 'finishing']);

const owners = new Set<object>();
let bag: AbortController | null = null;

/** Tells the lock about the uploads of one list. */
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

/** Holds the lock, as far as the browser allows, until `signal` is aborted. */
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

/** A request without permission makes Chromium log an error in the page around the frame. */
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
