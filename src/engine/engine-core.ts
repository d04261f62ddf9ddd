/**
 * The facade. It owns the list of uploads and says what happens by events; the runner decides who begins, and
 * `drive-upload.ts` drives each. It knows no page, no wire format and no storage: those are ports, bound in `../preset.ts`.
 *
 * Order of events for one upload: `upload-before`, `upload-added`, then `upload-state` for each change, with
 * `upload-complete`, `upload-failed` or `upload-canceled` right after the change that they name.
 */

import { never } from '../lib/abortable.js';
import { randomId } from '../lib/random-id.js';
import { TypedEventTarget } from '../lib/typed-event-target.js';
import type { AnnouncedLimits, Protocol } from '../ports/protocol.js';
import type { FileInput, SourceFile } from '../ports/source.js';
import type { EnginePorts } from './engine-ports.js';
import { DEFAULT_OPTIONS, type EngineOptions } from './options.js';
import { RecordKeeper } from './records/record-keeper.js';
import { isElsewhere, isWithoutFile, type MakeUpload, Restorer } from './records/restorer.js';
import { Scheduler } from './schedule/scheduler.js';
import { type AdmitOptions, type Described, describe, Intake } from './source/intake.js';
import { OtherTabs } from './tabs/other-tabs.js';
import type { EngineEventMap } from './upload/events.js';
import { Reporter } from './upload/reporter.js';
import type { AggregateProgress, UploadSnapshot } from './upload/snapshot.js';
import { type StoredFile, Upload, type UploadObserver } from './upload/upload.js';
import { UploadList } from './upload/upload-list.js';
import { isTerminal } from './upload/upload-state.js';

export class EngineCore extends TypedEventTarget<EngineEventMap> {
  readonly #ports: EnginePorts;
  readonly #list = new UploadList();
  readonly #keeper: RecordKeeper;
  readonly #reporter: Reporter;
  readonly #scheduler: Scheduler;
  readonly #intake: Intake;
  readonly #restorer: Restorer;
  readonly #others: OtherTabs;
  readonly #observer: UploadObserver = {
    changed: (upload, previous) => {
      this.#keeper.checkpoint(upload);
      this.#reporter.changed(upload, previous);
    },
    progressed: (upload) => this.#reporter.progressed(upload),
    moved: (bytes) => this.#reporter.moved(bytes),
  };
  #options: EngineOptions = { ...DEFAULT_OPTIONS };
  #protocol: Protocol | null = null;
  #limits: AnnouncedLimits | null = null;

  constructor(ports: EnginePorts, options: Partial<EngineOptions> = {}) {
    super();
    this.#ports = ports;
    this.#reporter = new Reporter(this, this.#list, ports.clock);
    this.#keeper = new RecordKeeper(ports, {
      scope: () => (this.#options.resume ? `${this.#options.endpoint} ${this.#options.listName}` : null),
      onBroken: () => this.emit('resume-unavailable', {}),
      onKept: () => this.#others.announce(),
    });
    this.#scheduler = new Scheduler({
      list: this.#list,
      ports,
      keeper: this.#keeper,
      options: () => this.#options,
      protocol: () => this.#currentProtocol(),
      emit: (name, detail) => this.emit(name, detail),
    });
    this.#intake = new Intake({
      list: this.#list,
      options: () => this.#options,
      limits: () => this.#limits,
      make: (described) => this.#make({ id: randomId(), ...described }),
      emit: (name, detail, cancelable) => this.emit(name, detail, cancelable),
    });
    this.#restorer = new Restorer({
      list: this.#list,
      keeper: this.#keeper,
      hasher: ports.hasher,
      make: (init) => this.#make(init),
      ready: (upload) => this.#scheduler.ready(upload),
      drop: (upload) => this.#drop(upload),
    });
    this.#others = new OtherTabs({
      channel: ports.channel,
      clock: ports.clock,
      list: this.#list,
      obey: (command, id) => this[command](id),
      lookUp: () => this.#lookUp(),
    });
    this.addEventListener('upload-progress', ({ detail }) => this.#others.tell(detail.upload.id));
    this.configure(options);
  }

  /** In the order they were added; the same array until something changes. */
  get uploads(): readonly UploadSnapshot[] {
    return this.#list.snapshots;
  }

  get progress(): AggregateProgress {
    return this.#list.aggregate(this.#reporter.bytesPerSecond);
  }

  get options(): Readonly<EngineOptions> {
    return this.#options;
  }

  /** What the backend at the endpoint announced; null before `discover()` and where it announces nothing. */
  get limits(): AnnouncedLimits | null {
    return this.#limits;
  }

  /** Uploads that run keep what they began with. */
  configure(options: Partial<EngineOptions>): void {
    const { endpoint } = this.#options;
    this.#options = { ...this.#options, ...options };
    this.#protocol = null;
    if (this.#options.endpoint !== endpoint) this.#limits = null;
  }

  /** Asks the backend for its limits; never rejects: a backend that cannot be reached speaks up when a file is added. */
  async discover(): Promise<void> {
    const { endpoint } = this.#options;
    try {
      const limits = (await this.#currentProtocol().limits?.({ signal: never() })) ?? null;
      if (limits === null || endpoint !== this.#options.endpoint) return;
      this.#limits = limits;
      for (const upload of this.#intake.nowRefused()) this.#discard(upload);
      this.emit('limits-changed', { limits });
      this.#scheduler.pump();
    } catch {
      // Uploads meet the same answer and show it.
    }
  }

  /** Puts files on the list; answers with those that are on it now. Refused ones are told by `upload-rejected`. */
  addFiles(files: Iterable<FileInput>): readonly UploadSnapshot[] {
    return this.#take(files);
  }

  /** Puts a file on the list in place of all that is there; limits count it alone. One that is refused replaces nothing. */
  replaceAll(file: FileInput): readonly UploadSnapshot[] {
    return this.#take([file], { replaceAll: true });
  }

  /** Null for an unknown id, and for an upload whose file has to be chosen again. */
  fileOf(id: string): SourceFile | null {
    return this.#list.get(id)?.file ?? null;
  }

  /** Starts what waits for it (`autoStart: false`). */
  start(): void {
    for (const upload of this.#list) if (upload.state.kind === 'queued') this.#scheduler.ready(upload);
  }

  /** Lets an upload that waits for its turn begin before all others that wait, and puts it before them on the list. */
  prioritize(id: string): void {
    for (const upload of this.#list.chosen(id)) if (upload.state.kind === 'queued') this.#list.prioritize(upload);
  }

  /** Stops sending; what the server confirmed stays. A finishing upload has nothing left to hold back. */
  pause(id?: string): void {
    for (const upload of this.#list.chosen(id)) {
      if (this.#others.ask(upload, 'pause') || upload.state.kind === 'paused') continue;
      if (upload.dispatch({ type: 'pause', reason: 'user' })) this.#scheduler.stop(upload);
    }
  }

  /** Goes on with what the user paused. Where a file needs permission it asks for it, so call this from a click. */
  resume(id?: string): void {
    const uploads = this.#list.chosen(id);
    for (const upload of uploads) {
      if (this.#others.ask(upload, 'resume')) continue;
      if (!isWithoutFile(upload) && upload.dispatch({ type: 'resume' })) this.#scheduler.ready(upload);
    }
    void this.#restorer.askForFiles(uploads.filter(({ reason }) => reason === 'needs-permission'));
  }

  /** Tries failed uploads again, from what the server confirmed, and those that wait for a sign-in. */
  retry(id?: string): void {
    for (const upload of this.#list.chosen(id)) {
      const type = upload.reason === 'needs-sign-in' ? 'resume' : 'restart';
      if (upload.dispatch({ type })) this.#scheduler.ready(upload);
    }
  }

  /** Gives up: stops, lets the server forget, forgets the record. The tab that drives an upload does it for the others. */
  cancel(id?: string): void {
    for (const upload of this.#list.chosen(id)) {
      if (this.#others.ask(upload, 'cancel') || !upload.dispatch({ type: 'cancel' })) continue;
      this.#scheduler.stop(upload);
      void this.#scheduler.releaseSession(upload);
    }
  }

  /** Takes an upload off the list; one that is not over is canceled first. */
  remove(id: string): void {
    for (const upload of this.#list.chosen(id)) this.#discard(upload);
  }

  /** Takes finished, failed and canceled uploads off the list. */
  clear(): void {
    for (const upload of this.#list.chosen()) if (isTerminal(upload.state.kind)) this.#discard(upload);
  }

  /**
   * Gives an upload its file back. True when it goes on: from the confirmed parts when the content is the same; from the
   * beginning when its own file changed or vanished. False when this is another file.
   */
  async reattach(id: string, input: FileInput): Promise<boolean> {
    const upload = this.#list.get(id);
    if (upload === undefined) return false;
    const { file, handle } = describe(input);
    if (await this.#restorer.attach(upload, file, handle)) return !isTerminal(upload.state.kind);
    const mayStartOver = upload.state.kind === 'failed' && upload.facts.name === file.name;
    if (!mayStartOver || !this.#list.has(id)) return false;
    this.#discard(upload);
    this.addFiles([{ file, handle, relativePath: upload.facts.relativePath }]);
    return true;
  }

  /** Brings back what earlier pages left unfinished; what can goes on at once. Then also shows what other tabs begin. */
  restore(): Promise<readonly UploadSnapshot[]> {
    this.#others.show();
    return this.#lookUp();
  }

  /**
   * Stops listening to other tabs until it is used again. False, and it goes on, while uploads are to do or failed, or
   * being restored.
   */
  close(): boolean {
    const { pending, failed } = this.progress;
    const isIdle = pending + failed === 0 && !this.#restorer.isRestoring;
    if (isIdle) this.#others.close();
    return isIdle;
  }

  /** Puts files back on the list that are stored since an earlier page, as a form keeps them. */
  restoreStored(files: Iterable<StoredFile>): void {
    this.#restorer.restoreStored(files);
  }

  async #lookUp(): Promise<readonly UploadSnapshot[]> {
    const uploads = await this.#restorer.restore();
    const snapshots = Object.freeze(uploads.map(({ snapshot }) => snapshot));
    if (uploads.length > 0) this.emit('uploads-restored', { uploads: snapshots });
    for (const upload of uploads) {
      if (isElsewhere(upload)) this.#others.watch(upload);
      this.#restorer.goOn(upload);
    }
    return snapshots;
  }

  #currentProtocol(): Protocol {
    this.#protocol ??= this.#ports.protocol(this.#options);
    return this.#protocol;
  }

  #make(init: Parameters<MakeUpload>[0]): Upload {
    const { clock } = this.#ports;
    return new Upload({ ...init, metadata: this.#options.metadata, observer: this.#observer, clock });
  }

  #enlist(upload: Upload): void {
    this.#others.listen();
    this.#list.add(upload);
    this.#keeper.checkpoint(upload);
    this.emit('upload-added', { upload: upload.snapshot });
    if (this.#options.autoStart && upload.state.kind === 'queued') this.#scheduler.ready(upload);
  }

  #discard(upload: Upload): void {
    if (isElsewhere(upload)) this.#restorer.leave(upload);
    else if (upload.state.kind === 'failed') {
      void this.#scheduler.releaseSession(upload);
      void this.#keeper.forget(upload.id);
    } else this.cancel(upload.id);
    this.#drop(upload);
  }

  #drop(upload: Upload): void {
    this.#list.remove(upload);
    this.#reporter.removed(upload);
  }

  #take(files: Iterable<FileInput>, how: AdmitOptions = {}): readonly UploadSnapshot[] {
    const admitted = this.#intake.admit(files, how);
    for (const { upload, rejoins, replaces } of admitted) {
      for (const replaced of replaces) if (replaced !== upload) this.#discard(replaced);
      if (rejoins !== null) void this.#rejoin(upload, rejoins, how);
      else this.#enlist(upload);
    }
    return admitted.map(({ upload }) => upload.snapshot);
  }

  /** A file that looks like the one an upload waits for; if it turns out to be another, it is an upload of its own. */
  async #rejoin(except: Upload, { file, handle, description }: Described, how: AdmitOptions): Promise<void> {
    if (await this.#restorer.attach(except, file, handle)) return;
    this.#take([{ file, handle, relativePath: description.relativePath }], { ...how, except });
  }
}
