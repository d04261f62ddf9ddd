/**
 * Uploads that were canceled or removed. For some seconds `undo()` can restore them, because their sessions are
 * released only after that. Their records are deleted at once, so that a reload does not restore them.
 */

import { never } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';
import type { Upload } from './upload.js';
import type { UploadList } from './upload-list.js';
import type { UploadState } from './upload-state.js';

/** Time until sessions are released, in milliseconds: longer than the element offers to undo. */
export const RELEASE_AFTER_MS = 10_000;

export interface UndoEntry {
  readonly upload: Upload;
  readonly before: UploadState;
  /** Its index on the list; null when it is still there. */
  readonly index: number | null;
  readonly dueAt: number;
}

export interface UndoBufferInit {
  readonly list: UploadList;
  readonly clock: Clock;
  /** Cancels the session on the server. */
  readonly release: (upload: Upload) => Promise<void>;
}

export class UndoBuffer {
  readonly #init: UndoBufferInit;
  /** In the order in which they were canceled or removed. */
  readonly #entries = new Map<string, UndoEntry>();
  #isWaiting = false;

  constructor(init: UndoBufferInit) {
    this.#init = init;
  }

  /** The upload was canceled, and stays on the list. */
  canceled(upload: Upload, before: UploadState): void {
    this.#add({ upload, before, index: null });
  }

  /** Call before the uploads are removed from the list; each is given with the state to restore. */
  removed(uploads: ReadonlyMap<Upload, UploadState>): void {
    let index = 0;
    for (const upload of this.#init.list) {
      const before = uploads.get(upload);
      if (before === undefined) index += 1;
      else this.#add({ upload, before, index });
    }
  }

  /** Returns those of these uploads that can be restored, the last removed first, and forgets them here. */
  take(ids: Iterable<string>): UndoEntry[] {
    const wanted = new Set(ids);
    const taken = [...this.#entries.values()].filter(({ upload }) => wanted.has(upload.id)).reverse();
    for (const { upload } of taken) this.#entries.delete(upload.id);
    return taken;
  }

  /** The upload was restarted, so its session is kept. */
  forget({ id }: Upload): void {
    this.#entries.delete(id);
  }

  #add(entry: Omit<UndoEntry, 'dueAt'>): void {
    const { id } = entry.upload;
    this.#entries.delete(id);
    this.#entries.set(id, { ...entry, dueAt: this.#init.clock.now() + RELEASE_AFTER_MS });
    void this.#releaseWhenDue();
  }

  async #releaseWhenDue(): Promise<void> {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    const { clock, release } = this.#init;
    // The iterator of a map also visits entries that are added meanwhile.
    for (const entry of this.#entries.values()) {
      const { upload, dueAt } = entry;
      const waitMs = dueAt - clock.now();
      if (waitMs > 0) await clock.delay(waitMs, { signal: never() });
      if (this.#entries.get(upload.id) !== entry) continue;
      this.#entries.delete(upload.id);
      void release(upload);
    }
    this.#isWaiting = false;
  }
}
