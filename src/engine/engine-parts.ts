/** Creates the parts of an engine and connects them; each receives only what it needs of the others. */

import { never } from '../lib/abortable.js';
import { randomId } from '../lib/random-id.js';
import type { TypedEventTarget } from '../lib/typed-event-target.js';
import type { AnnouncedLimits } from '../ports/protocol.js';
import type { EnginePorts } from './engine-ports.js';
import type { EngineOptions } from './options.js';
import { ProtocolCache } from './protocol-cache.js';
import { LazyResumption } from './records/lazy-resumption.js';
import type { MakeUpload } from './records/restorer.js';
import { Removals } from './removals.js';
import { Scheduler } from './scheduler.js';
import { Additions } from './source/additions.js';
import { Intake } from './source/intake.js';
import type { EngineCommand } from './tabs/tab-messages.js';
import type { EngineEventMap } from './upload/events.js';
import type { StoredFile } from './upload/file-description.js';
import { Reporter } from './upload/reporter.js';
import { optionsFor, targetOf, type UploadTarget } from './upload/target.js';
import { UndoBuffer } from './upload/undo-buffer.js';
import { Upload } from './upload/upload.js';
import type { UploadObserver } from './upload/upload-init.js';
import { UploadList } from './upload/upload-list.js';
import type { UploadState } from './upload/upload-state.js';

/** What the parts receive from the engine. */
export interface EngineHost {
  readonly ports: EnginePorts;
  readonly events: TypedEventTarget<EngineEventMap>;
  readonly options: () => EngineOptions;
  readonly limits: () => AnnouncedLimits | null;
  /** Runs the command of another tab on an upload that this tab drives. */
  readonly onCommand: (command: EngineCommand, id: string) => void;
}

export class EngineParts {
  readonly list = new UploadList();
  readonly protocols: ProtocolCache;
  readonly reporter: Reporter;
  readonly resumption: LazyResumption;
  readonly scheduler: Scheduler;
  readonly intake: Intake;
  readonly removals: Removals;
  readonly additions: Additions;
  /** The current user, once the backend has reported it. */
  user: string | null = null;
  readonly #host: EngineHost;
  /** The target of the current options, cached. */
  #bound: { readonly options: EngineOptions; readonly target: UploadTarget } | null = null;
  /** Once an upload is removed its run may still be ending, of which no record and no event may tell. */
  readonly #observer: UploadObserver = {
    changed: (upload, previous) => {
      if (!this.list.holds(upload)) return;
      this.resumption.checkpoint(upload);
      this.reporter.changed(upload, previous);
    },
    progressed: (upload) => {
      if (this.list.holds(upload)) this.reporter.progressed(upload);
    },
    described: () => this.intake.forget(),
    moved: (bytes) => this.reporter.moved(bytes),
  };

  constructor(host: EngineHost) {
    const { ports, events, options, limits, onCommand } = host;
    const { list } = this;
    const { clock, hasher } = ports;
    const target = () => this.target;
    const unlist = (upload: Upload) => this.removals.unlist(upload);
    const make: MakeUpload = (init) => this.#make(init);
    this.#host = host;
    this.protocols = new ProtocolCache(ports.protocol, options);
    this.reporter = new Reporter(events, list, clock);
    const emit = events.emit.bind(events);
    const onBroken = () => void emit('resume-unavailable', {});
    const ready = (upload: Upload) => this.scheduler.ready(upload);
    const user = () => this.learnUser();
    const attach: Additions['attach'] = (...given) => this.additions.attach(...given);
    const shared = {
      list,
      clock,
      hasher,
      events,
      options,
      target,
      user,
      make,
      attach,
      ready,
      unlist,
      onCommand,
      onBroken,
    };
    this.resumption = new LazyResumption({
      list,
      make: () => ports.resumption(shared),
      isKeeping: () => options().resume,
      onBroken,
    });
    this.scheduler = new Scheduler({
      list,
      ports,
      resumption: this.resumption,
      options: (upload) => optionsFor(upload.target, options()),
      protocol: (upload) => this.protocols.for(upload.target),
      refuse: (upload) => this.#refuse(upload),
      checkUser: async ({ target, user }) => {
        if (user !== null) await this.learnUser({ target, isFresh: true });
      },
      batchWindow: () => this.#batchWindow(),
      emit,
    });
    this.intake = new Intake({
      list,
      options,
      limits,
      target,
      make: (described) => make({ id: randomId(), ...described }),
      emit,
    });
    const release = (upload: Upload) => this.scheduler.releaseSession(upload);
    this.removals = new Removals({
      list,
      scheduler: this.scheduler,
      resumption: this.resumption,
      reporter: this.reporter,
      undoBuffer: new UndoBuffer({ list, clock, release }),
      isAutoStarted: () => options().autoStart,
      emit,
    });
    this.additions = new Additions({
      list,
      intake: this.intake,
      hasher,
      target,
      ready,
      enlist: (upload) => this.#enlist(upload),
      pump: () => this.scheduler.pump(),
      remove: (uploads) => this.removals.remove(uploads),
      offer: (upload) => this.resumption.ask(upload, 'yield'),
    });
  }

  /** The target of files that are added now. */
  get target(): UploadTarget {
    const options = this.#host.options();
    if (this.#bound?.options !== options) this.#bound = { options, target: targetOf(options) };
    return this.#bound.target;
  }

  /**
   * Requests the current user from the backend: files that are added from then on belong to that user, and uploads of
   * others are removed from the list. `isFresh` when the user may have changed.
   */
  async learnUser({ target = this.target, isFresh = false } = {}): Promise<string | null> {
    let user: string | null = isFresh ? null : this.user;
    // What is added before the answer belongs to the user that it names.
    if (target.endpoint === this.target.endpoint) this.user = user;
    try {
      user = (await this.protocols.for(target).user?.({ signal: never(), isFresh })) ?? null;
    } catch {
      // Without an answer the user is unknown.
    }
    if (target.endpoint === this.target.endpoint) this.user = user;
    const isOthers = (upload: Upload) =>
      upload.target.endpoint === target.endpoint && (upload.user ?? user) !== (user ?? upload.user);
    this.removals.removeKeepingRecords(this.list.chosen().filter(isOthers));
    return user;
  }

  /** Asks the user for the permissions that these uploads wait for; call it from a click. */
  askForFiles(uploads: readonly Upload[]): void {
    if (uploads.length > 0) void this.resumption.load().then((resumption) => resumption?.restorer.askForFiles(uploads));
  }

  /** Shows stored files like uploads of this page. */
  restoreStored(files: Iterable<StoredFile>): void {
    for (const description of files) {
      const { fileId, result: response = null } = description;
      const state: UploadState = { kind: 'done', result: { fileId, response } };
      this.list.add(this.#make({ id: randomId(), description, file: null, handle: null, state }));
    }
  }

  #refuse(upload: Upload): void {
    const { chosen } = upload.content;
    const detail = { code: 'rejected-before', message: 'the page refused the file' } as const;
    if (chosen !== null) this.#host.events.emit('upload-rejected', { file: chosen, ...detail });
    this.removals.remove([upload]);
  }

  /** Undefined when the protocol cannot be created; each upload then fails with the error. */
  #batchWindow(): number | undefined {
    try {
      return this.protocols.for(this.target).batchWindow;
    } catch {
      return undefined;
    }
  }

  #make(init: Parameters<MakeUpload>[0]): Upload {
    const { ports, options } = this.#host;
    const { metadata } = options();
    return new Upload({ target: this.target, metadata, ...init, observer: this.#observer, clock: ports.clock });
  }

  #enlist(upload: Upload): void {
    this.resumption.listen();
    upload.user = this.user;
    this.list.add(upload);
    this.resumption.checkpoint(upload);
    this.#host.events.emit('upload-added', { upload: upload.snapshot });
    if (this.#host.options().autoStart && upload.state.kind === 'queued') this.list.ready(upload);
  }
}
