/**
 * Whether bytes move, and whether the browser tells how many are on their way. Where a service worker of the page answers
 * for the network, browsers do not, and what they hide must not be shown as standing still.
 */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { hasServiceWorker } from '../../lib/page/service-worker.js';

/** A speed that is older, in milliseconds, says nothing of what comes. */
export const STILL_MS = 5_000;

type Moving = Pick<UploadSnapshot, 'sentBytes' | 'bytesPerSecond'>;

export class ProgressWatch {
  #hasSeenBytes = false;
  /** Of what has a speed: what was sent when that was last another number, and when that was. */
  readonly #marks = new Map<string, { readonly sentBytes: number; readonly at: number }>();

  hear({ sentBytes, confirmedBytes }: UploadSnapshot): void {
    if (sentBytes > confirmedBytes) this.#hasSeenBytes = true;
  }

  /** Progress is hidden as far as is known. */
  get isBlind(): boolean {
    return !this.#hasSeenBytes && hasServiceWorker();
  }

  /** What is told of an upload, or without an id of all: without a speed once their bytes stand still. */
  readonly timely = <T extends Moving>(told: T, id = ''): T => {
    const { sentBytes, bytesPerSecond } = told;
    const mark = this.#marks.get(id);
    if (bytesPerSecond === 0) this.#marks.delete(id);
    else if (mark?.sentBytes !== sentBytes) this.#marks.set(id, { sentBytes, at: performance.now() });
    else if (performance.now() - mark.at > STILL_MS && !this.isBlind) return { ...told, bytesPerSecond: 0 };
    return told;
  };
}
