/** Lets uploads begin in their turn and drives each until it ends or is stopped. */

import { abortable } from '../../lib/abortable.js';
import { toUploadError, UploadError } from '../../ports/errors.js';
import type { Protocol } from '../../ports/protocol.js';
import { driveUpload } from '../drive/drive-upload.js';
import type { EnginePorts } from '../engine-ports.js';
import type { EngineOptions } from '../options.js';
import type { CustodyLoader } from '../records/custody-loader.js';
import type { EngineEventMap } from '../upload/events.js';
import type { Upload } from '../upload/upload.js';
import { type UploadList, WINDOWS, type Windows } from '../upload/upload-list.js';

export interface SchedulerInit {
  readonly list: UploadList;
  readonly ports: EnginePorts;
  readonly custody: CustodyLoader;
  /** The options of now, with the target that the upload is bound to. */
  readonly options: (upload: Upload) => EngineOptions;
  /** @throws UploadError `configuration`. */
  readonly protocol: (upload: Upload) => Protocol;
  /** The page refused the file: takes the upload off the list and says so. */
  readonly refuse: (upload: Upload) => void;
  /** Asks who is signed in. Uploads of another user leave the list. */
  readonly checkUser: (upload: Upload) => Promise<void>;
  /** How many small files the protocol of now wants open at once. */
  readonly batchWindow: () => number | undefined;
  readonly emit: <Name extends 'part-complete' | 'upload-retry'>(name: Name, detail: EngineEventMap[Name]) => void;
}

/** A session is released within this time or not at all, in milliseconds: the server lets it expire anyway. */
const RELEASE_MS = 10_000;

export class Scheduler {
  readonly #init: SchedulerInit;
  readonly #runs = new Map<Upload, AbortController>();
  /** Requests that the line to the origin of the last upload carries at once. */
  #lanes = 0;

  constructor(init: SchedulerInit) {
    this.#init = init;
  }

  /** The upload may begin when its turn comes. */
  ready(upload: Upload): void {
    this.#init.list.ready(upload);
    this.pump();
  }

  /** Whatever the upload is doing ends now. */
  stop(upload: Upload): void {
    this.#init.list.unready(upload);
    this.#runs.get(upload)?.abort(new DOMException('the upload was stopped', 'AbortError'));
  }

  /**
   * Best effort: lets the server forget the session, also one that is being opened. The run's signal is aborted, so this
   * has one of its own.
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
      // The server keeps an unfinished session that no list shows; it expires there.
    } finally {
      gone.abort(signal.reason);
    }
  }

  /** Starts every upload the window allows. */
  pump(): void {
    const { list } = this.#init;
    const windows = this.#windows();
    const next = () => list.next(windows);
    for (let upload = next(); upload !== null; upload = next()) void this.#run(upload);
  }

  /** Small files wait for grants while others are sent, so at least twice as many are open as the line carries. */
  #windows(): Windows {
    const small = Math.max(WINDOWS.small, 2 * this.#lanes);
    return { ...WINDOWS, small, tiny: this.#init.batchWindow() ?? small };
  }

  async #run(upload: Upload): Promise<void> {
    // An earlier run that has still to end may not speak for this one.
    this.stop(upload);
    const controller = new AbortController();
    this.#runs.set(upload, controller);
    upload.dispatch({ type: 'admit' });
    try {
      const result = await this.#drive(upload, controller.signal);
      upload.dispatch({ type: 'stored', result });
    } catch (error) {
      if (!controller.signal.aborted) upload.dispatch({ type: 'fail', error: toUploadError(error).toInfo() });
    } finally {
      if (this.#runs.get(upload) === controller) this.#runs.delete(upload);
      this.#init.list.ended(upload);
      this.pump();
    }
  }

  async #drive(upload: Upload, signal: AbortSignal) {
    const { custody, ports, options, protocol, emit } = this.#init;
    if (!(await custody.claim(upload.id))) throw new UploadError('internal', 'another tab drives this upload');
    // First, because it also gives up an upload that was canceled meanwhile.
    custody.checkpoint(upload);
    signal.throwIfAborted();
    return driveUpload({
      upload,
      protocol: protocol(upload),
      options: options(upload),
      ports,
      signal,
      checkpoint: () => custody.checkpoint(upload),
      recorded: () => custody.write(upload),
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
        const { snapshot } = upload;
        emit('upload-retry', { upload: snapshot, attempt: snapshot.attempt, delayMs, error: error.toInfo() });
      },
    });
  }
}
