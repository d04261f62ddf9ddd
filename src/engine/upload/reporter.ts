/** Emits the events of uploads: state changes at once, progress at most ten times a second per upload. */

import { never } from '../../lib/abortable.js';
import type { TypedEventTarget } from '../../lib/typed-event-target.js';
import type { Clock } from '../../ports/clock.js';
import type { EngineEventMap } from './events.js';
import { ProgressMeter } from './progress/progress-meter.js';
import type { UploadSnapshot } from './snapshot.js';
import type { Upload } from './upload.js';
import type { UploadObserver } from './upload-init.js';
import type { UploadList } from './upload-list.js';
import { isTerminal, type UploadState } from './upload-state.js';

const PROGRESS_MS = 100;

export class Reporter implements Omit<UploadObserver, 'described'> {
  readonly #target: TypedEventTarget<EngineEventMap>;
  readonly #list: UploadList;
  readonly #clock: Clock;
  readonly #meter = new ProgressMeter();
  readonly #moving = new Set<Upload>();
  #settled = new Set<Upload>();
  #isChecking = false;
  #isTicking = false;

  constructor(target: TypedEventTarget<EngineEventMap>, list: UploadList, clock: Clock) {
    this.#target = target;
    this.#list = list;
    this.#clock = clock;
  }

  /** Of all uploads together. */
  get bytesPerSecond(): number {
    return this.#meter.bytesPerSecond(this.#clock.now());
  }

  changed(upload: Upload, previous: UploadState): void {
    this.#list.touch(upload);
    const { snapshot, state } = upload;
    if (state.kind === 'done') this.#emitProgress(upload);
    this.#target.emit('upload-state', { upload: snapshot, previous: previous.kind });
    this.#emitEnd(upload, state, snapshot);
    this.#checkQueue();
  }

  progressed(upload: Upload): void {
    this.#list.touch(upload);
    if (isTerminal(upload.state.kind)) return;
    this.#moving.add(upload);
    if (!this.#isTicking) void this.#tick();
  }

  moved(bytes: number): void {
    this.#meter.add(bytes, this.#clock.now());
  }

  /** A removed upload no longer delays `queue-complete`. */
  removed(upload: Upload): void {
    this.#moving.delete(upload);
    this.#target.emit('upload-removed', { upload: upload.snapshot });
    this.#checkQueue();
  }

  /** `state` is passed, because a listener of `upload-state` may have changed it again. */
  #emitEnd(upload: Upload, state: UploadState, snapshot: UploadSnapshot): void {
    if (!isTerminal(state.kind)) return;
    this.#moving.delete(upload);
    this.#settled.add(upload);
    if (state.kind === 'done') {
      this.#target.emit('upload-complete', { upload: snapshot, fileId: state.result.fileId, result: snapshot.result });
    } else if (state.kind === 'failed') {
      this.#target.emit('upload-failed', { upload: snapshot, error: state.error });
    } else {
      this.#target.emit('upload-canceled', { upload: snapshot });
    }
  }

  #emitProgress(upload: Upload): void {
    this.#moving.delete(upload);
    this.#target.emit('upload-progress', { upload: upload.snapshot });
  }

  async #tick(): Promise<void> {
    this.#isTicking = true;
    while (this.#moving.size > 0) {
      await this.#clock.delay(PROGRESS_MS, { signal: never() });
      // A listener may remove uploads during the loop.
      for (const upload of [...this.#moving]) if (this.#moving.has(upload)) this.#emitProgress(upload);
    }
    this.#isTicking = false;
  }

  /** Runs after the current task, so that changes that belong together are counted together. */
  #checkQueue(): void {
    if (this.#isChecking) return;
    this.#isChecking = true;
    queueMicrotask(() => {
      this.#isChecking = false;
      if (!this.#list.isSettled) return;
      this.#meter.stop();
      if (this.#settled.size === 0) return;
      const settled = [...this.#settled];
      this.#settled.clear();
      const ended = (kind: UploadState['kind']) =>
        Object.freeze(settled.filter(({ state }) => state.kind === kind).map(({ snapshot }) => snapshot));
      this.#target.emit('queue-complete', {
        completed: ended('done'),
        failed: ended('failed'),
        canceled: ended('canceled'),
      });
    });
  }
}
