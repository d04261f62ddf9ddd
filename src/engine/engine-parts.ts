/** The parts of an engine, each told of the others only what it needs. */

import { never } from '../lib/abortable.js';
import { randomId } from '../lib/random-id.js';
import type { TypedEventTarget } from '../lib/typed-event-target.js';
import type { AnnouncedLimits } from '../ports/protocol.js';
import type { EnginePorts } from './engine-ports.js';
import type { EngineOptions } from './options.js';
import { ProtocolCache } from './protocol-cache.js';
import { RecordKeeper } from './records/record-keeper.js';
import { isElsewhere, type MakeUpload, Restorer } from './records/restorer.js';
import { Scheduler } from './schedule/scheduler.js';
import { Additions } from './source/additions.js';
import { Intake } from './source/intake.js';
import { OtherTabs } from './tabs/other-tabs.js';
import type { TabCommand } from './tabs/tabs.js';
import { Departures } from './upload/departures.js';
import type { EngineEventMap } from './upload/events.js';
import { Reporter } from './upload/reporter.js';
import type { UploadSnapshot } from './upload/snapshot.js';
import { optionsFor, scopesOf, targetOf, type UploadTarget } from './upload/target.js';
import { Upload } from './upload/upload.js';
import type { UploadObserver } from './upload/upload-init.js';
import { UploadList } from './upload/upload-list.js';
import { Withdrawals } from './upload/withdrawals.js';

/** What the parts know of the engine. */
export interface EngineHost {
  readonly ports: EnginePorts;
  readonly events: TypedEventTarget<EngineEventMap>;
  readonly options: () => EngineOptions;
  readonly limits: () => AnnouncedLimits | null;
  /** Does what another tab asks of an upload that this one drives. */
  readonly obey: (command: TabCommand, id: string) => void;
}

export class EngineParts {
  readonly list = new UploadList();
  readonly protocols: ProtocolCache;
  readonly reporter: Reporter;
  readonly keeper: RecordKeeper;
  readonly scheduler: Scheduler;
  readonly intake: Intake;
  readonly restorer: Restorer;
  readonly others: OtherTabs;
  readonly withdrawals: Withdrawals;
  readonly additions: Additions;
  /** Who is signed in, once the backend has said so. */
  user: string | null = null;
  readonly #host: EngineHost;
  /** The target that follows from these options. */
  #bound: { readonly options: EngineOptions; readonly target: UploadTarget } | null = null;
  readonly #observer: UploadObserver = {
    changed: (upload, previous) => {
      this.keeper.checkpoint(upload);
      this.reporter.changed(upload, previous);
    },
    progressed: (upload) => this.reporter.progressed(upload),
    moved: (bytes) => this.reporter.moved(bytes),
  };

  constructor(host: EngineHost) {
    const { ports, events, options, limits, obey } = host;
    const { list } = this;
    const { clock, channel, hasher } = ports;
    const target = () => this.target;
    const drop = (upload: Upload) => this.withdrawals.drop(upload);
    const make: MakeUpload = (init) => this.#make(init);
    this.#host = host;
    this.protocols = new ProtocolCache(ports.protocol, options);
    this.reporter = new Reporter(events, list, clock);
    this.keeper = new RecordKeeper(ports, {
      scopes: () => (options().resume ? scopesOf(this.target, options()) : []),
      user: () => this.learnUser(),
      onBroken: () => events.emit('resume-unavailable', {}),
      onOver: (id) => this.others.tellOver(id),
      onKept: () => this.others.announce(),
    });
    this.scheduler = new Scheduler({
      list,
      ports,
      keeper: this.keeper,
      options: (upload) => optionsFor(upload.target, options()),
      protocol: (upload) => this.protocols.for(upload.target),
      refuse: (upload) => this.#refuse(upload),
      checkUser: async ({ target, user }) => {
        if (user !== null) await this.learnUser({ target, isFresh: true });
      },
      batchWindow: () => this.#batchWindow(),
      emit: (name, detail) => events.emit(name, detail),
    });
    this.intake = new Intake({
      list,
      options,
      limits,
      target,
      make: (described) => make({ id: randomId(), ...described }),
      emit: (name, detail, cancelable) => events.emit(name, detail, cancelable),
    });
    const ready = (upload: Upload) => this.scheduler.ready(upload);
    this.restorer = new Restorer({ list, keeper: this.keeper, hasher, make, target, ready, drop });
    const over = (id: string) => this.keeper.over(id);
    this.others = new OtherTabs({ channel, clock, list, obey, over, lookUp: () => this.lookUp() });
    const release = (upload: Upload) => this.scheduler.releaseSession(upload);
    this.withdrawals = new Withdrawals({
      ...this.#own(),
      departures: new Departures({ list, clock, release }),
      isAutoStarted: () => options().autoStart,
      emit: (name, detail) => events.emit(name, detail),
    });
    this.additions = new Additions({
      list,
      intake: this.intake,
      restorer: this.restorer,
      enlist: (upload) => this.#enlist(upload),
      discard: (uploads) => this.withdrawals.discard(uploads),
    });
  }

  /** Where files go that are added now. */
  get target(): UploadTarget {
    const options = this.#host.options();
    if (this.#bound?.options !== options) this.#bound = { options, target: targetOf(options) };
    return this.#bound.target;
  }

  /**
   * Asks the backend who is signed in: files that are added from then on belong to that user, and those of another leave
   * the list. `isFresh` when it may be another one than before.
   */
  async learnUser({ target = this.target, isFresh = false } = {}): Promise<string | null> {
    let user: string | null = isFresh ? null : this.user;
    try {
      user = (await this.protocols.for(target).user?.({ signal: never(), isFresh })) ?? null;
    } catch {
      // A backend that cannot be reached says nothing.
    }
    if (target.endpoint === this.target.endpoint) this.user = user;
    const isOthers = (upload: Upload) =>
      upload.target.endpoint === target.endpoint && (upload.user ?? user) !== (user ?? upload.user);
    this.withdrawals.leaveToOwner(this.list.chosen().filter(isOthers));
    return user;
  }

  /** Puts what earlier pages left on the list; what can goes on. */
  async lookUp(): Promise<readonly UploadSnapshot[]> {
    const uploads = await this.restorer.restore();
    const snapshots = Object.freeze(uploads.map(({ snapshot }) => snapshot));
    if (uploads.length > 0) this.#host.events.emit('uploads-restored', { uploads: snapshots });
    for (const upload of uploads) {
      if (isElsewhere(upload)) this.others.watch(upload);
      this.restorer.goOn(upload);
    }
    return snapshots;
  }

  #own() {
    const { list, scheduler, keeper, restorer, others, reporter } = this;
    return { list, scheduler, keeper, restorer, others, reporter };
  }

  #refuse(upload: Upload): void {
    const { chosen } = upload.content;
    const detail = { code: 'rejected-before', message: 'the page refused the file' } as const;
    if (chosen !== null) this.#host.events.emit('upload-rejected', { file: chosen, ...detail });
    this.withdrawals.discard([upload]);
  }

  /** One that cannot be made speaks up in each upload. */
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
    this.others.listen();
    upload.user = this.user;
    this.list.add(upload);
    this.keeper.checkpoint(upload);
    this.#host.events.emit('upload-added', { upload: upload.snapshot });
    if (this.#host.options().autoStart && upload.state.kind === 'queued') this.scheduler.ready(upload);
  }
}
