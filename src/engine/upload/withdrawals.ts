/** Cancels, removes and restores uploads. */

import { inSlices } from '../../lib/in-slices.js';
import type { CustodyLoader } from '../records/custody-loader.js';
import type { Scheduler } from '../schedule/scheduler.js';
import type { Departure, Departures } from './departures.js';
import type { EngineEventMap } from './events.js';
import type { Reporter } from './reporter.js';
import type { UploadSnapshot } from './snapshot.js';
import type { Upload } from './upload.js';
import type { UploadList } from './upload-list.js';
import type { UploadState } from './upload-state.js';
import { isElsewhere } from './wait-reasons.js';

export interface WithdrawalsInit {
  readonly list: UploadList;
  readonly departures: Departures;
  readonly scheduler: Scheduler;
  readonly custody: CustodyLoader;
  readonly reporter: Reporter;
  readonly isAutoStarted: () => boolean;
  readonly emit: (name: 'upload-added', detail: EngineEventMap['upload-added']) => void;
}

export class Withdrawals {
  readonly #init: WithdrawalsInit;

  constructor(init: WithdrawalsInit) {
    this.#init = init;
  }

  cancel(upload: Upload): void {
    const before = upload.state;
    if (this.#init.custody.ask(upload, 'cancel')) return;
    if (this.#giveUp(upload)) this.#init.departures.canceled(upload, before);
  }

  /** Removes uploads from the list, and cancels those that have not ended. */
  discard(uploads: readonly Upload[]): void {
    const { departures, custody } = this.#init;
    // A fast path, because this runs for each added file and most replace nothing.
    if (uploads.length === 0) return;
    departures.unlisted(new Map(uploads.map((upload) => [upload, upload.state])));
    for (const upload of uploads) {
      if (isElsewhere(upload)) custody.now?.restorer.leave(upload);
      else if (upload.state.kind === 'failed') void custody.now?.keeper.forget(upload.id);
      else this.#giveUp(upload);
      this.drop(upload);
    }
  }

  /** Removes uploads of another user from the list, but keeps their records for that user. */
  leaveToOwner(uploads: readonly Upload[]): void {
    for (const upload of uploads) {
      this.#init.custody.now?.restorer.leave(upload);
      this.#init.scheduler.stop(upload);
      void this.#init.custody.leave(upload);
      this.drop(upload);
    }
  }

  drop(upload: Upload): void {
    this.#init.list.remove(upload);
    this.#init.reporter.removed(upload);
  }

  /** Restores uploads, and returns them in the order in which they were removed. */
  undo(ids: Iterable<string>): readonly UploadSnapshot[] {
    const back = this.#init.departures.takeBack(ids);
    inSlices(back, (slice) => this.#bringBack(slice));
    return Object.freeze(back.map(({ upload }) => upload.snapshot).reverse());
  }

  /** Restarts a failed or canceled upload; one that was paused `before` it was canceled is paused again. */
  restart(upload: Upload, before: UploadState = upload.state): void {
    const { departures, scheduler, isAutoStarted } = this.#init;
    if (!upload.dispatch({ type: 'restart' })) return;
    departures.stays(upload);
    const isHeldBack = before.kind === 'queued' && !isAutoStarted();
    if (before.kind === 'paused') upload.dispatch({ type: 'pause', reason: before.reason });
    else if (!isHeldBack) scheduler.ready(upload);
  }

  #giveUp(upload: Upload): boolean {
    const isGivenUp = upload.dispatch({ type: 'cancel' });
    if (isGivenUp) this.#init.scheduler.stop(upload);
    return isGivenUp;
  }

  #bringBack(departures: readonly Departure[]): void {
    const unlisted = departures.filter(({ index }) => index !== null);
    this.#init.list.place(new Map(unlisted.map(({ upload, index }) => [upload, index ?? 0])));
    for (const { upload, index, before } of departures) {
      if (index !== null) this.#relist(upload);
      if (before.kind !== 'canceled') this.restart(upload, before);
    }
  }

  #relist(upload: Upload): void {
    const { custody, emit } = this.#init;
    custody.checkpoint(upload);
    emit('upload-added', { upload: upload.snapshot });
    if (isElsewhere(upload)) custody.now?.goOn(upload);
  }
}
