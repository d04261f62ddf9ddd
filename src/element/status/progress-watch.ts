/**
 * What the course of an upload tells beyond its snapshot: whether bytes move, whether the browser tells how many are on
 * their way, whether it began a moment ago, and what trouble it waits for.
 *
 * Where a service worker of the page answers for the network, browsers do not tell progress, and what they hide must not
 * be shown as standing still.
 */

import type { EngineEventMap } from '../../engine/upload/events.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { hasServiceWorker } from '../../lib/page/service-worker.js';

/** A speed that is older, in milliseconds, says nothing of what comes. */
export const STILL_MS = 5_000;

/** Text of an upload that is shorter than this, in milliseconds, would only flicker. */
export const FRESH_MS = 400;

/** Trouble that lasts longer, in milliseconds, is worth a button that tries at once. */
const LASTING_MS = 30_000;

/** What an upload has met since a part of it was last confirmed. */
interface Trouble {
  /** `performance.now()` of the first failure. */
  readonly since: number;
  /** HTTP status of the last failure, where there was an answer. */
  readonly status: number | undefined;
}

type Moving = Pick<UploadSnapshot, 'sentBytes' | 'bytesPerSecond'>;

const ONGOING: ReadonlySet<UploadSnapshot['state']> = new Set(['preparing', 'uploading', 'finishing', 'waiting']);

export class ProgressWatch {
  #hasSeenBytes = false;
  /** Of what has a speed: what was sent when that was last another number, and when that was. */
  readonly #marks = new Map<string, { readonly sentBytes: number; readonly at: number }>();

  /** `performance.now()` at which uploads left the queue, for as long as that is fresh. */
  readonly #beginnings = new Map<string, number>();
  readonly #troubles = new Map<string, Trouble>();

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

  /** It began so short a time ago that it may be over before its text is read. */
  isFresh(id: string): boolean {
    const began = this.#beginnings.get(id);
    if (began === undefined) return false;
    if (performance.now() - began < FRESH_MS) return true;
    this.#beginnings.delete(id);
    return false;
  }

  /** Something is fresh, and looks different once it is not. */
  get hasFresh(): boolean {
    for (const id of this.#beginnings.keys()) this.isFresh(id);
    return this.#beginnings.size > 0;
  }

  /** The server answered, but with an error of its own. */
  isServerTrouble(id: string): boolean {
    return (this.#troubles.get(id)?.status ?? 0) >= 500;
  }

  /** The trouble lasts so long that a user may want to try at once. */
  isLasting(id: string): boolean {
    return performance.now() - (this.#troubles.get(id)?.since ?? Number.POSITIVE_INFINITY) >= LASTING_MS;
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
