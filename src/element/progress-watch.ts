/**
 * Whether the browser tells how many bytes are on their way. Where a service worker of the page answers for the network,
 * browsers do not, and what they hide must not be shown as standing still.
 */

import type { UploadSnapshot } from '../engine/snapshot.js';

export class ProgressWatch {
  #hasSeenBytes = false;

  hear({ sentBytes, confirmedBytes }: UploadSnapshot): void {
    if (sentBytes > confirmedBytes) this.#hasSeenBytes = true;
  }

  /** Progress is hidden as far as is known. */
  get isBlind(): boolean {
    return !this.#hasSeenBytes && navigator.serviceWorker?.controller != null;
  }
}
