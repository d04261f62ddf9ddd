/** Cancels, removes and restores uploads. */

import { inSlices } from '../lib/in-slices.js';
import type { LazyResumption } from './records/lazy-resumption.js';
import type { Scheduler } from './scheduler.js';
import type { EngineEventMap } from './upload/events.js';
import type { Reporter } from './upload/reporter.js';
import type { UploadSnapshot } from './upload/snapshot.js';
import type { UndoBuffer, UndoEntry } from './upload/undo-buffer.js';
import type { Upload } from './upload/upload.js';
import type { UploadList } from './upload/upload-list.js';
import type { UploadState } from './upload/upload-state.js';
import { isElsewhere } from './upload/wait-reasons.js';

export interface RemovalsInit {
  readonly list: UploadList;
  readonly undoBuffer: UndoBuffer;
  readonly scheduler: Scheduler;
  readonly resumption: LazyResumption;
  readonly reporter: Reporter;
  readonly isAutoStarted: () => boolean;
  readonly emit: (name: 'upload-added', detail: EngineEventMap['upload-added']) => void;
}

export class Removals {
  readonly #init: RemovalsInit;

  constructor(init: RemovalsInit) {
    this.#init = init;
  }

  cancel(upload: Upload): void {
    const before = upload.state;
    if (this.#init.resumption.ask(upload, 'cancel')) return;
    if (this.#cancel(upload)) this.#init.undoBuffer.canceled(upload, before);
  }

  /** Removes uploads from the list, and cancels those that have not ended. */
  remove(uploads: readonly Upload[]): void {
    const { undoBuffer, resumption } = this.#init;
    // A fast path, because this runs for each added file and most replace nothing.
    if (uploads.length === 0) return;
    undoBuffer.removed(new Map(uploads.map((upload) => [upload, upload.state])));
    for (const upload of uploads) {
      if (isElsewhere(upload)) resumption.now?.restorer.leave(upload);
      else if (upload.state.kind === 'failed') void resumption.now?.keeper.forget(upload.id);
      else this.#cancel(upload);
      this.unlist(upload);
    }
  }

  /** Removes uploads of another user from the list, but keeps their records for that user. */
  removeKeepingRecords(uploads: readonly Upload[]): void {
    for (const upload of uploads) {
      this.#init.resumption.now?.restorer.leave(upload);
      this.#init.scheduler.stop(upload);
      void this.#init.resumption.leave(upload);
      this.unlist(upload);
    }
  }

  /** Removes the upload from the list alone. */
  unlist(upload: Upload): void {
    this.#init.list.remove(upload);
    this.#init.reporter.removed(upload);
  }

  /** Restores uploads, and returns them in the order in which they were removed. */
  undo(ids: Iterable<string>): readonly UploadSnapshot[] {
    const entries = this.#init.undoBuffer.take(ids);
    inSlices(entries, (slice) => this.#restore(slice));
    return Object.freeze(entries.map(({ upload }) => upload.snapshot).reverse());
  }

  /** Restarts a failed or canceled upload; one that was paused `before` it was canceled is paused again. */
  restart(upload: Upload, before: UploadState = upload.state): void {
    const { undoBuffer, scheduler, isAutoStarted } = this.#init;
    if (!upload.dispatch({ type: 'restart' })) return;
    undoBuffer.forget(upload);
    const isHeldBack = before.kind === 'queued' && !isAutoStarted();
    if (before.kind === 'paused') upload.dispatch({ type: 'pause', reason: before.reason });
    else if (!isHeldBack) scheduler.ready(upload);
  }

  #cancel(upload: Upload): boolean {
    const isCanceled = upload.dispatch({ type: 'cancel' });
    if (isCanceled) this.#init.scheduler.stop(upload);
    return isCanceled;
  }

  #restore(entries: readonly UndoEntry[]): void {
    const removed = entries.filter(({ index }) => index !== null);
    const moved = this.#init.list.place(new Map(removed.map(({ upload, index }) => [upload, index ?? 0])));
    for (const upload of moved) this.#init.resumption.checkpoint(upload);
    for (const { upload, index, before } of entries) {
      if (index !== null) this.#enlist(upload);
      if (before.kind !== 'canceled') this.restart(upload, before);
    }
  }

  #enlist(upload: Upload): void {
    const { resumption, emit } = this.#init;
    resumption.checkpoint(upload);
    emit('upload-added', { upload: upload.snapshot });
    if (isElsewhere(upload)) resumption.now?.goOn(upload);
  }
}
