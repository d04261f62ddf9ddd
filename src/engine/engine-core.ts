/**
 * The facade of the engine: its methods and events. The scheduler decides which upload starts, and `drive-upload.ts`
 * drives each. It has no code for pages, wire formats or storages: those are ports, bound in `../preset.ts`.
 *
 * Order of events for one upload: `upload-before`, `upload-added`, then `upload-state` for each change, with
 * `upload-complete`, `upload-failed` or `upload-canceled` right after the change to that state.
 */

import { never } from '../lib/abortable.js';
import { inSlices } from '../lib/in-slices.js';
import { TypedEventTarget } from '../lib/typed-event-target.js';
import { loadTypes } from '../lib/types/file-types.js';
import type { AnnouncedLimits } from '../ports/protocol.js';
import type { FileHandle, FileInput, SourceFile } from '../ports/source.js';
import { EngineParts } from './engine-parts.js';
import type { EnginePorts } from './engine-ports.js';
import { DEFAULT_OPTIONS, type EngineOptions } from './options.js';
import type { Command } from './source/additions.js';
import { Edits } from './upload/edits.js';
import type { EngineEventMap } from './upload/events.js';
import type { StoredFile } from './upload/file-description.js';
import type { Metadata } from './upload/metadata.js';
import type { AggregateProgress, UploadSnapshot } from './upload/snapshot.js';
import type { Upload } from './upload/upload.js';
import { isWithoutFile } from './upload/wait-reasons.js';

export class EngineCore extends TypedEventTarget<EngineEventMap> {
  readonly #parts: EngineParts;
  readonly #edits: Edits;
  #options: EngineOptions = { ...DEFAULT_OPTIONS };
  #limits: AnnouncedLimits | null = null;

  constructor(ports: EnginePorts, options: Partial<EngineOptions> = {}) {
    super();
    this.#parts = new EngineParts({
      ports,
      events: this,
      options: () => this.#options,
      limits: () => this.#limits,
      onCommand: (command, id) => this[command](id),
    });
    this.#edits = new Edits(this.#parts.list);
    this.configure(options);
  }

  /** In the order they were added; the same array until something changes. */
  get uploads(): readonly UploadSnapshot[] {
    return this.#parts.list.snapshots;
  }

  get progress(): AggregateProgress {
    return this.#parts.list.aggregate(this.#parts.reporter.bytesPerSecond);
  }

  get options(): Readonly<EngineOptions> {
    return this.#options;
  }

  /** What the backend at the endpoint announced; null before `discover()` and where it announces nothing. */
  get limits(): AnnouncedLimits | null {
    return this.#limits;
  }

  /**
   * Changes options. Uploads keep the endpoint, protocol, target and list with which they were added. `autoStart: true`
   * also starts those that wait for `start()`.
   */
  configure(options: Partial<EngineOptions>): void {
    const { endpoint } = this.#parts.target;
    this.#options = { ...this.#options, ...options };
    this.#parts.intake.forget();
    if (options.accept) void loadTypes();
    if (options.autoStart) this.start();
    if (this.#parts.target.endpoint === endpoint) return;
    this.#limits = null;
    this.#parts.user = null;
  }

  /**
   * Requests the backend's limits, and loads the protocol's code where it is in a file of its own, so that the first
   * upload need not wait for it. Never rejects: uploads report a backend that cannot be reached.
   */
  async discover(): Promise<void> {
    const { endpoint } = this.#parts.target;
    try {
      // The user may have changed since the last call.
      if (this.#parts.user !== null) await this.#parts.learnUser({ isFresh: true });
      const limits = (await this.#parts.protocols.for(this.#parts.target).limits?.({ signal: never() })) ?? null;
      await this.#parts.learnUser();
      if (limits?.accept) await loadTypes();
      if (limits === null || endpoint !== this.#parts.target.endpoint) return;
      this.#limits = limits;
      this.#parts.removals.remove(this.#parts.intake.nowRefused());
      this.emit('limits-changed', { limits });
      this.#parts.scheduler.pump();
    } catch {
      // Uploads get the same error and show it.
    }
  }

  /**
   * Adds files, and returns the uploads that are on the list now: of thousands the rest follows in later tasks, and the
   * files of handles once they are opened. Emits `upload-rejected` for refused files. Calls `onAll` with the number of
   * uploads once all are on the list.
   * @throws TypeError for anything else, without adding a file.
   */
  addFiles(files: Iterable<FileInput | FileHandle>, onAll?: (count: number) => void): readonly UploadSnapshot[] {
    return this.#parts.additions.add(files, onAll);
  }

  /** Replaces all uploads on the list by a file; limits count it alone. A refused file replaces nothing. */
  replaceAll(file: FileInput): readonly UploadSnapshot[] {
    return this.#parts.additions.take([file], { replaceAll: true });
  }

  /** The chosen file; null for an unknown id, and for an upload whose file has to be chosen again. */
  fileOf(id: string): SourceFile | null {
    return this.#parts.list.get(id)?.content.chosen ?? null;
  }

  /** Starts queued uploads, for `autoStart: false`. */
  start(): void {
    this.#command(undefined, (uploads) => {
      for (const upload of uploads) if (upload.state.kind === 'queued') this.#parts.scheduler.ready(upload);
    });
  }

  /** Moves a queued upload before all other queued ones. */
  prioritize(id: string): void {
    for (const upload of this.#parts.list.chosen(id))
      if (upload.state.kind === 'queued') this.#record(this.#parts.list.prioritize(upload));
  }

  /** Pauses one upload, or all; confirmed bytes stay. A finishing upload cannot be paused. */
  pause(id?: string): void {
    this.#commandEach(id, (upload) => {
      if (this.#parts.resumption.ask(upload, 'pause') || upload.state.kind === 'paused') return;
      if (upload.dispatch({ type: 'pause', reason: 'user' })) this.#parts.scheduler.stop(upload);
    });
  }

  /** Continues paused uploads. Asks for permission where a file needs it, so call this from a click. */
  resume(id?: string): void {
    this.#commandEach(id, (upload) => {
      if (this.#parts.resumption.ask(upload, 'resume')) return;
      if (!isWithoutFile(upload) && upload.dispatch({ type: 'resume' })) this.#parts.scheduler.ready(upload);
    });
    this.#parts.askForFiles(this.#parts.list.chosen(id).filter(({ reason }) => reason === 'needs-permission'));
  }

  /**
   * Retries failed and canceled uploads, from the bytes that the server still has, and continues those that wait for a
   * sign-in.
   */
  retry(id?: string): void {
    this.#commandEach(id, (upload) => {
      // Without an endpoint nothing was begun, and the page may have set it since.
      if (upload.target.endpoint === '' && !upload.isOpened) upload.target = this.#parts.target;
      if (upload.reason !== 'needs-sign-in') this.#parts.removals.restart(upload);
      else if (upload.dispatch({ type: 'resume' })) this.#parts.scheduler.ready(upload);
    });
  }

  /**
   * Cancels one upload, or all: stops and deletes the record at once, and releases the session on the server ten
   * seconds later, so that `undo()` loses nothing. Uploads of other tabs are canceled there.
   */
  cancel(id?: string): void {
    this.#command(id, (uploads) => {
      // All are stopped before any event is emitted, so that no canceled upload starts in place of another.
      for (const upload of uploads) this.#parts.scheduler.stop(upload);
      this.#each(uploads, (upload) => this.#parts.removals.cancel(upload));
    });
  }

  /** Removes uploads from the list, and cancels those that have not ended. */
  remove(id: string | readonly string[]): void {
    this.#remove([id].flat().flatMap((one) => this.#parts.list.chosen(one)));
  }

  /** Removes stored and canceled uploads from the list; failed ones stay. */
  clear(): void {
    const isOver = ({ state }: Upload) => state.kind === 'done' || state.kind === 'canceled';
    this.#remove(this.#parts.list.chosen().filter(isOver));
  }

  /**
   * Restores uploads that were canceled, removed or cleared within the last ten seconds, with their places and states;
   * they continue from the confirmed bytes. Returns the restored ones.
   */
  undo(ids: Iterable<string>): readonly UploadSnapshot[] {
    return this.#parts.removals.undo(ids);
  }

  /**
   * Replaces the metadata of an upload. False once it is opened.
   * @throws UploadError `configuration` with the field that JSON cannot hold.
   */
  setMetadata(id: string, metadata: Metadata | null): boolean {
    return this.#edited(id, this.#edits.setMetadata(id, metadata));
  }

  /**
   * Renames an upload, with ` (2)` where another file has the name. False once it is opened, and for an invalid name.
   */
  rename(id: string, name: string): boolean {
    return this.#edited(id, this.#edits.rename(id, name));
  }

  /** Moves an upload to this index on the list; queued uploads start in that order. */
  move(id: string, index: number): boolean {
    const chosen = this.#parts.list.chosen(id);
    for (const upload of chosen) this.#record(this.#parts.list.place(new Map([[upload, index]])));
    return chosen.length > 0;
  }

  /**
   * Attaches the file to an upload again. True when it continues: from the confirmed parts if the content is the same,
   * or from zero if it had failed and the name is the same. False for another file.
   */
  reattach(id: string, file: FileInput): Promise<boolean> {
    return this.#parts.additions.reattach(id, file);
  }

  /**
   * Restores unfinished uploads of earlier pages and continues those that can; then also shows uploads of other tabs.
   */
  restore(): Promise<readonly UploadSnapshot[]> {
    return this.#parts.resumption.restore();
  }

  /**
   * Stops listening to other tabs until the engine is used again. False, without an effect, while uploads are pending,
   * failed or being restored.
   */
  close(): boolean {
    const { pending, failed } = this.progress;
    const isIdle = pending + failed === 0 && !this.#parts.resumption.isRestoring;
    if (isIdle) this.#parts.resumption.close();
    return isIdle;
  }

  /** Shows files that an earlier page stored, for example those that a form keeps. */
  restoreStored(files: Iterable<StoredFile>): void {
    this.#parts.restoreStored(files);
  }

  /** Acts on one upload, or on all; then also on those of `addFiles` that come onto the list later. */
  #command(id: string | undefined, act: Command): void {
    act(this.#parts.list.chosen(id));
    if (id === undefined) this.#parts.additions.later(act);
  }

  #commandEach(id: string | undefined, act: (upload: Upload) => void): void {
    this.#command(id, (uploads) => this.#each(uploads, act));
  }

  #each(uploads: readonly Upload[], act: (upload: Upload) => void): void {
    inSlices(uploads, (slice) => slice.forEach(act));
  }

  #remove(uploads: readonly Upload[]): void {
    inSlices(uploads, (slice) => this.#parts.removals.remove(slice));
  }

  #edited(id: string, isDone: boolean): boolean {
    if (isDone) this.#record(this.#parts.list.chosen(id));
    return isDone;
  }

  #record(uploads: readonly Upload[]): void {
    for (const upload of uploads) this.#parts.resumption.checkpoint(upload);
  }
}
