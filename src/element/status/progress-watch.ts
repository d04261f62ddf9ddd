/**
 * Derives from the course of an upload what its snapshot does not contain: whether bytes move, whether the browser
 * reports progress, whether the upload has just started, and which problem it waits for.
 *
 * Where a service worker of the page handles requests, browsers report no progress, which must not look like a
 * standstill.
 */

import type { EngineEventMap } from '../../engine/upload/events.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { hasServiceWorker } from '../../lib/page/service-worker.js';

/** An older speed, in milliseconds, no longer predicts anything. */
export const STILL_MS = 5_000;

/** The text of an upload that is shorter than this, in milliseconds, would only flicker. */
export const FRESH_MS = 400;

/** After this time, in milliseconds, a problem gets a button that retries at once. */
const LASTING_MS = 30_000;

/** The problem of an upload since its last confirmed part. */
interface Trouble {
  /** `performance.now()` of the first failure. */
  readonly since: number;
  /** HTTP status of the last failure, if there was a response. */
  readonly status: number | undefined;
}

type Moving = Pick<UploadSnapshot, 'sentBytes' | 'bytesPerSecond'>;

const ONGOING: ReadonlySet<UploadSnapshot['state']> = new Set(['preparing', 'uploading', 'finishing', 'waiting']);

export class ProgressWatch {
  #hasSeenBytes = false;
  /** By upload: the sent bytes and when they last changed. */
  readonly #marks = new Map<string, { readonly sentBytes: number; readonly at: number }>();

  /** `performance.now()` at which uploads left the queue, while that is recent. */
  readonly #beginnings = new Map<string, number>();
  readonly #troubles = new Map<string, Trouble>();
  /** Whether the browser is offline, so that no bytes move whatever was measured last. */
  isOffline = false;

  hear(name: keyof EngineEventMap, { detail }: CustomEvent): void {
    if (name === 'upload-progress') {
      const { sentBytes, confirmedBytes } = (detail as EngineEventMap['upload-progress']).upload;
      if (sentBytes > confirmedBytes) this.#hasSeenBytes = true;
    } else if (name === 'upload-retry') {
      const { upload, error } = detail as EngineEventMap['upload-retry'];
      const since = this.#troubles.get(upload.id)?.since ?? performance.now();
      this.#troubles.set(upload.id, { since, status: error.status });
    } else if (name === 'part-complete') {
      this.#troubles.delete((detail as EngineEventMap['part-complete']).upload.id);
    } else if (name === 'upload-state') {
      const { upload, previous } = detail as EngineEventMap['upload-state'];
      if (previous === 'queued') this.#beginnings.set(upload.id, performance.now());
      if (!ONGOING.has(upload.state)) this.#troubles.delete(upload.id);
    }
  }

  /** Whether it started so recently that its text might disappear before it is read. */
  isFresh(id: string): boolean {
    const began = this.#beginnings.get(id);
    if (began === undefined) return false;
    if (performance.now() - began < FRESH_MS) return true;
    this.#beginnings.delete(id);
    return false;
  }

  /** Whether an upload will look different once it is no longer fresh. */
  get hasFresh(): boolean {
    for (const id of this.#beginnings.keys()) this.isFresh(id);
    return this.#beginnings.size > 0;
  }

  /** Whether the server responded with an error of its own. */
  isServerTrouble(id: string): boolean {
    return (this.#troubles.get(id)?.status ?? 0) >= 500;
  }

  /** Whether the problem has lasted long enough for a button that retries at once. */
  isLasting(id: string): boolean {
    return performance.now() - (this.#troubles.get(id)?.since ?? Number.POSITIVE_INFINITY) >= LASTING_MS;
  }

  /** Whether progress is known to be hidden. */
  get isBlind(): boolean {
    return !this.#hasSeenBytes && hasServiceWorker();
  }

  /** The snapshot of an upload, or without an id the total, without a speed once its bytes stand still. */
  readonly timely = <T extends Moving>(told: T, id = ''): T => {
    const { sentBytes, bytesPerSecond } = told;
    if (this.isOffline && bytesPerSecond > 0) return { ...told, bytesPerSecond: 0 };
    const mark = this.#marks.get(id);
    if (bytesPerSecond === 0) this.#marks.delete(id);
    else if (mark?.sentBytes !== sentBytes) this.#marks.set(id, { sentBytes, at: performance.now() });
    else if (performance.now() - mark.at > STILL_MS && !this.isBlind) return { ...told, bytesPerSecond: 0 };
    return told;
  };
}
