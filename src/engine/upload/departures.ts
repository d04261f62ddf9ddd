/**
 * Uploads that were canceled or taken off the list. For some seconds they can be taken back as they were, because their
 * sessions are released only after that; their records go at once, so that a page that dies brings nothing back.
 */

import { never } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';
import type { Upload } from './upload.js';
import type { UploadList } from './upload-list.js';
import type { UploadState } from './upload-state.js';

/** A little longer than people are offered to take it back, in milliseconds. */
export const RELEASE_AFTER_MS = 10_000;

export interface Departure {
  readonly upload: Upload;
  readonly before: UploadState;
  /** Where it stood on the list; null when it is still there. */
  readonly index: number | null;
  readonly dueAt: number;
}

export interface DeparturesInit {
  readonly list: UploadList;
  readonly clock: Clock;
  /** Lets the server forget the session. */
  readonly release: (upload: Upload) => Promise<void>;
}

export class Departures {
  readonly #init: DeparturesInit;
  /** In the order in which they left. */
  readonly #left = new Map<string, Departure>();
  #isWaiting = false;

  constructor(init: DeparturesInit) {
    this.#init = init;
  }

  /** The upload was given up, and stays on the list. */
  canceled(upload: Upload, before: UploadState): void {
    this.#add({ upload, before, index: null });
  }

  /** The uploads, each with the state to come back to, leave the list now. */
  unlisted(leaving: ReadonlyMap<Upload, UploadState>): void {
    let index = 0;
    for (const upload of this.#init.list) {
      const before = leaving.get(upload);
      if (before === undefined) index += 1;
      else this.#add({ upload, before, index });
    }
  }

  /** Those of these uploads that can still come back, the last that left first; they count as here again. */
  takeBack(ids: Iterable<string>): Departure[] {
    const wanted = new Set(ids);
    const back = [...this.#left.values()].filter(({ upload }) => wanted.has(upload.id)).reverse();
    for (const { upload } of back) this.#left.delete(upload.id);
    return back;
  }

  /** It is taken up again. */
  stays({ id }: Upload): void {
    this.#left.delete(id);
  }

  #add(departure: Omit<Departure, 'dueAt'>): void {
    const { id } = departure.upload;
    this.#left.delete(id);
    this.#left.set(id, { ...departure, dueAt: this.#init.clock.now() + RELEASE_AFTER_MS });
    void this.#releaseWhenDue();
  }

  async #releaseWhenDue(): Promise<void> {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    const { clock, release } = this.#init;
    // A map goes on to what is added meanwhile.
    for (const departure of this.#left.values()) {
      const { upload, dueAt } = departure;
      const waitMs = dueAt - clock.now();
      if (waitMs > 0) await clock.delay(waitMs, { signal: never() });
      if (this.#left.get(upload.id) !== departure) continue;
      this.#left.delete(upload.id);
      void release(upload);
    }
    this.#isWaiting = false;
  }
}
