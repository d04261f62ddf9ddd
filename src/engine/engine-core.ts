/**
 * The facade: what a page asks of an engine, and what it hears by events. The scheduler decides which upload begins,
 * and `drive-upload.ts` drives each. It knows no page, no wire format and no storage: those are ports, bound in
 * `../preset.ts`.
 *
 * Order of events for one upload: `upload-before`, `upload-added`, then `upload-state` for each change, with
 * `upload-complete`, `upload-failed` or `upload-canceled` right after the change that they name.
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
import { Edits } from './upload/edits.js';
import type { EngineEventMap } from './upload/events.js';
import type { StoredFile } from './upload/file-description.js';
import type { Metadata } from './upload/metadata.js';
import type { AggregateProgress, UploadSnapshot } from './upload/snapshot.js';
import type { Upload } from './upload/upload.js';
import { isWithoutFile } from './upload/whereabouts.js';

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
    this.addEventListener('upload-progress', ({ detail }) => this.#parts.custody.now?.others.tell(detail.upload.id));
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

  /** Uploads go where they were to go when they were added: endpoint, protocol, target and list hold for later ones. */
  configure(options: Partial<EngineOptions>): void {
    const { endpoint } = this.#parts.target;
    this.#options = { ...this.#options, ...options };
    if (options.accept) void loadTypes();
    if (this.#parts.target.endpoint === endpoint) return;
    this.#limits = null;
    this.#parts.user = null;
  }

  /**
   * Asks the backend for its limits; never rejects: a backend that cannot be reached speaks up when a file is added.
   */
  async discover(): Promise<void> {
    const { endpoint } = this.#parts.target;
    try {
      // One that asks again may have another user.
      if (this.#parts.user !== null) await this.#parts.learnUser({ isFresh: true });
      const limits = (await this.#parts.protocols.for(this.#parts.target).limits?.({ signal: never() })) ?? null;
      await this.#parts.learnUser();
      if (limits?.accept) await loadTypes();
      if (limits === null || endpoint !== this.#parts.target.endpoint) return;
      this.#limits = limits;
      this.#parts.withdrawals.discard(this.#parts.intake.nowRefused());
      this.emit('limits-changed', { limits });
      this.#parts.scheduler.pump();
    } catch {
      // Uploads meet the same answer and show it.
    }
  }

  /**
   * Puts files on the list; answers with those that are on it now: of thousands the rest follows in later tasks, and
   * the files of handles once they are opened. Refused ones are told by `upload-rejected`.
   * @throws TypeError for anything else, and then puts nothing on the list.
   */
  addFiles(files: Iterable<FileInput | FileHandle>): readonly UploadSnapshot[] {
    return this.#parts.additions.add(files);
  }

  /**
   * Puts a file on the list in place of all that is there; limits count it alone. One that is refused replaces nothing.
   */
  replaceAll(file: FileInput): readonly UploadSnapshot[] {
    return this.#parts.additions.take([file], { replaceAll: true });
  }

  /** Null for an unknown id, and for an upload whose file has to be chosen again. */
  fileOf(id: string): SourceFile | null {
    return this.#parts.list.get(id)?.content.chosen ?? null;
  }

  /** Starts what waits for it (`autoStart: false`). */
  start(): void {
    for (const upload of this.#parts.list) if (upload.state.kind === 'queued') this.#parts.scheduler.ready(upload);
  }

  /** Lets an upload that waits for its turn begin before all others that wait, and puts it before them on the list. */
  prioritize(id: string): void {
    for (const upload of this.#parts.list.chosen(id))
      if (upload.state.kind === 'queued') this.#parts.list.prioritize(upload);
  }

  /** Stops sending; what the server confirmed stays. A finishing upload has nothing left to hold back. */
  pause(id?: string): void {
    this.#each(this.#parts.list.chosen(id), (upload) => {
      if (this.#parts.custody.ask(upload, 'pause') || upload.state.kind === 'paused') return;
      if (upload.dispatch({ type: 'pause', reason: 'user' })) this.#parts.scheduler.stop(upload);
    });
  }

  /** Goes on with what the user paused. Where a file needs permission it asks for it, so call this from a click. */
  resume(id?: string): void {
    const uploads = this.#parts.list.chosen(id);
    this.#each(uploads, (upload) => {
      if (this.#parts.custody.ask(upload, 'resume')) return;
      if (!isWithoutFile(upload) && upload.dispatch({ type: 'resume' })) this.#parts.scheduler.ready(upload);
    });
    this.#parts.askForFiles(uploads.filter(({ reason }) => reason === 'needs-permission'));
  }

  /**
   * Tries failed and canceled uploads again, from what the server confirmed and still has, and those that wait for a
   * sign-in.
   */
  retry(id?: string): void {
    this.#each(this.#parts.list.chosen(id), (upload) => {
      if (upload.reason !== 'needs-sign-in') this.#parts.withdrawals.restart(upload);
      else if (upload.dispatch({ type: 'resume' })) this.#parts.scheduler.ready(upload);
    });
  }

  /**
   * Gives up: stops and forgets the record at once, and lets the server forget some seconds later, until which `undo()`
   * loses nothing. The tab that drives an upload does it for the others.
   */
  cancel(id?: string): void {
    const uploads = this.#parts.list.chosen(id);
    // Before any of them is told of: nothing may begin in the place of what has ended.
    for (const upload of uploads) this.#parts.scheduler.stop(upload);
    this.#each(uploads, (upload) => this.#parts.withdrawals.cancel(upload));
  }

  /** Takes uploads off the list; what is not over is canceled first. */
  remove(id: string | readonly string[]): void {
    this.#discard([id].flat().flatMap((one) => this.#parts.list.chosen(one)));
  }

  /** Takes stored and canceled uploads off the list; failed ones stay until they are removed. */
  clear(): void {
    const isOver = ({ state }: Upload) => state.kind === 'done' || state.kind === 'canceled';
    this.#discard(this.#parts.list.chosen().filter(isOver));
  }

  /**
   * Takes back that these uploads were canceled, removed or cleared, if that was within the last eight seconds: they
   * are where and as they were, and go on from what is confirmed. Answers with those that came back.
   */
  undo(ids: Iterable<string>): readonly UploadSnapshot[] {
    return this.#parts.withdrawals.undo(ids);
  }

  /**
   * What is sent with the file when it is opened; it takes the place of what was to be sent. False once it is opened.
   * @throws UploadError `configuration` that names the field which JSON cannot hold.
   */
  setMetadata(id: string, metadata: Metadata | null): boolean {
    return this.#edited(id, this.#edits.setMetadata(id, metadata));
  }

  /**
   * The name under which it is sent, with ` (2)` where another file has it. False once it is opened, and for no name.
   */
  rename(id: string, name: string): boolean {
    return this.#edited(id, this.#edits.rename(id, name));
  }

  /** Moves it to this place on the list, from 0; those that wait for their turn begin in that order. */
  move(id: string, index: number): boolean {
    return this.#edits.move(id, index);
  }

  /**
   * Gives an upload its file back. True when it goes on: from the confirmed parts when the content is the same; from
   * the beginning when its own file changed or vanished. False when this is another file.
   */
  reattach(id: string, file: FileInput): Promise<boolean> {
    return this.#parts.additions.reattach(id, file);
  }

  /**
   * Brings back what earlier pages left unfinished; what can goes on at once. Then also shows what other tabs begin.
   */
  restore(): Promise<readonly UploadSnapshot[]> {
    return this.#parts.custody.restore();
  }

  /**
   * Stops listening to other tabs until it is used again. False, and it goes on, while uploads are to do or failed, or
   * being restored.
   */
  close(): boolean {
    const { pending, failed } = this.progress;
    const isIdle = pending + failed === 0 && !this.#parts.custody.isRestoring;
    if (isIdle) this.#parts.custody.close();
    return isIdle;
  }

  /** Puts files back on the list that are stored since an earlier page, as a form keeps them. */
  restoreStored(files: Iterable<StoredFile>): void {
    this.#parts.restoreStored(files);
  }

  #each(uploads: readonly Upload[], act: (upload: Upload) => void): void {
    inSlices(uploads, (slice) => slice.forEach(act));
  }

  #discard(uploads: readonly Upload[]): void {
    inSlices(uploads, (slice) => this.#parts.withdrawals.discard(slice));
  }

  #edited(id: string, isDone: boolean): boolean {
    const upload = isDone ? this.#parts.list.get(id) : undefined;
    if (upload !== undefined) this.#parts.custody.checkpoint(upload);
    return isDone;
  }
}
