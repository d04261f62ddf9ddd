/**
 * Starts uploads in order, within the limits of `MaxOpen`, and runs `driveUpload` for each until it ends or is stopped.
 */

import { abortable } from '../lib/abortable.js';
import { toUploadError, UploadError } from '../ports/errors.js';
import type { Protocol } from '../ports/protocol.js';
import { driveUpload, RELEASE_MS } from './drive/drive-upload.js';
import type { EnginePorts } from './engine-ports.js';
import type { EngineOptions } from './options.js';
import type { LazyResumption } from './records/lazy-resumption.js';
import type { EngineEventMap } from './upload/events.js';
import type { Upload } from './upload/upload.js';
import { MAX_OPEN, type MaxOpen, type Turn, type UploadList } from './upload/upload-list.js';

export interface SchedulerInit {
  readonly list: UploadList;
  readonly ports: EnginePorts;
  readonly resumption: LazyResumption;
  /** The current options, with the target that the upload is bound to. */
  readonly options: (upload: Upload) => EngineOptions;
  /** @throws UploadError `configuration`. */
  readonly protocol: (upload: Upload) => Protocol;
  /** `prepare` returned null: removes the upload from the list and emits `upload-rejected`. */
  readonly refuse: (upload: Upload) => void;
  /** Asks the backend for the current user, and removes uploads of other users from the list. */
  readonly checkUser: (upload: Upload) => Promise<void>;
  /** How many tiny files the current protocol wants open at once. */
  readonly batchWindow: () => number | undefined;
  readonly emit: <Name extends 'part-complete' | 'upload-retry'>(name: Name, detail: EngineEventMap[Name]) => void;
}

export class Scheduler {
  readonly #init: SchedulerInit;
  readonly #runs = new Map<Upload, AbortController>();
  /** Lanes to the origin of the upload that was opened last. */
  #lanes = 0;

  constructor(init: SchedulerInit) {
    this.#init = init;
  }

  /** Queues the upload, unless it was removed meanwhile: it would be sent without an event, and keep its record. */
  ready(upload: Upload): void {
    const { list } = this.#init;
    if (!list.holds(upload)) return;
    list.ready(upload);
    this.pump();
  }

  /** Removes the upload from the queue, and aborts its run. */
  stop(upload: Upload): void {
    this.#init.list.unready(upload);
    this.#runs.get(upload)?.abort();
  }

  /**
   * Cancels the session on the server, also one that is being opened; errors are ignored. Uses its own signal, because
   * the run's signal is aborted by now.
   */
  async releaseSession(upload: Upload): Promise<void> {
    const { session, opening, restored, facts, gone } = upload;
    const signal = AbortSignal.timeout(RELEASE_MS);
    try {
      const { protocol, session: record } = restored ?? { protocol: null, session: null };
      const found =
        session ??
        (opening && (await abortable(opening, signal))) ??
        (protocol && record && (await this.#init.protocol(upload).reopen(facts, protocol, record, { signal })));
      await found?.cancel({ signal });
    } catch {
      // The session expires on the server.
    } finally {
      gone?.abort(signal.reason);
    }
  }

  /** Starts every upload that the limits allow. */
  pump(): void {
    const { list } = this.#init;
    const maxOpen = this.#maxOpen();
    const next = () => list.next(maxOpen);
    for (let turn = next(); turn !== null; turn = next()) void this.#run(turn);
  }

  /** Small files wait for grants while others are sent, so at least twice as many are open as there are lanes. */
  #maxOpen(): MaxOpen {
    const small = Math.max(MAX_OPEN.small, 2 * this.#lanes);
    return { ...MAX_OPEN, small, tiny: this.#init.batchWindow() ?? small };
  }

  async #run({ upload, end }: Turn): Promise<void> {
    // An earlier run may still be ending; its result must not count for this one.
    this.stop(upload);
    const controller = new AbortController();
    this.#runs.set(upload, controller);
    upload.dispatch({ type: 'admit' });
    try {
      const result = await this.#drive(upload, controller.signal);
      upload.dispatch({ type: 'stored', result });
    } catch (error) {
      // The driver may have paused the upload, for example for want of its file; then this event has no effect.
      if (!controller.signal.aborted) upload.dispatch({ type: 'fail', error: toUploadError(error).toInfo() });
    } finally {
      if (this.#runs.get(upload) === controller) this.#runs.delete(upload);
      end();
      this.pump();
    }
  }

  async #drive(upload: Upload, signal: AbortSignal) {
    const { resumption, ports, options, protocol, emit } = this.#init;
    if (!(await resumption.claim(upload.id))) throw new UploadError('internal', 'another tab drives this upload');
    // Before the signal is checked, because this also deletes the record of an upload that was canceled meanwhile.
    resumption.checkpoint(upload);
    signal.throwIfAborted();
    return driveUpload({
      upload,
      protocol: protocol(upload),
      options: () => options(upload),
      ports,
      signal,
      checkpoint: () => resumption.checkpoint(upload),
      corrected: () => resumption.now?.keeper.correct(upload),
      recorded: () => resumption.now?.keeper.write(upload),
      onOpened: () => {
        const origin = upload.session?.origin ?? null;
        if (origin !== null) this.#lanes = ports.slots(origin).line.lanes;
        this.pump();
      },
      onPart: (part, receipt) =>
        emit('part-complete', { upload: upload.snapshot, part: part.number, receipt: Object.freeze(receipt) }),
      onRefused: () => this.#init.refuse(upload),
      onUnauthorized: () => this.#init.checkUser(upload),
      list: this.#init.list,
      onRetry: (error, delayMs) => {
        upload.tryAgain();
        const { snapshot, attempt } = upload;
        emit('upload-retry', { upload: snapshot, attempt, delayMs, error: error.toInfo() });
      },
    });
  }
}
