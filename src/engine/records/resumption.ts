/**
 * Continues uploads across pages: their records, their restoration, and the messages between tabs. Uploads work without
 * it, so its code is loaded in parallel with the first requests.
 */

import type { Listener, TypedEventTarget } from '../../lib/typed-event-target.js';
import type { Channel } from '../../ports/channel.js';
import type { Clock } from '../../ports/clock.js';
import type { Hasher } from '../../ports/hasher.js';
import type { Locks } from '../../ports/locks.js';
import type { Store } from '../../ports/store.js';
import type { EngineOptions } from '../options.js';
import type { Additions } from '../source/additions.js';
import { OtherTabs } from '../tabs/other-tabs.js';
import type { EngineCommand } from '../tabs/tab-messages.js';
import type { EngineEventMap } from '../upload/events.js';
import type { UploadSnapshot } from '../upload/snapshot.js';
import type { UploadTarget } from '../upload/target.js';
import type { Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isElsewhere, isWithoutFile } from '../upload/wait-reasons.js';
import { RecordKeeper } from './record-keeper.js';
import { type MakeUpload, Restorer } from './restorer.js';
import { scopesOf } from './target-record.js';

/** The adapters for records and for other tabs. */
export interface ResumptionPorts {
  readonly store: Store;
  readonly locks: Locks;
  readonly channel: Channel;
}

export interface ResumptionInit {
  readonly list: UploadList;
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly events: TypedEventTarget<EngineEventMap>;
  readonly options: () => EngineOptions;
  /** The target of files that are added now. */
  readonly target: () => UploadTarget;
  /** The current user at the backend; null where it reports none. Must not reject. */
  readonly user: () => Promise<string | null>;
  readonly make: MakeUpload;
  readonly attach: Additions['attach'];
  /** Queues the upload. */
  readonly ready: (upload: Upload) => void;
  /** Removes the upload from the list. */
  readonly unlist: (upload: Upload) => void;
  /** Runs the command of another tab on an upload that this tab drives. */
  readonly onCommand: (command: EngineCommand, id: string) => void;
  /** Called when records can no longer be kept. */
  readonly onBroken: () => void;
}

export class Resumption {
  readonly keeper: RecordKeeper;
  readonly restorer: Restorer;
  readonly others: OtherTabs;
  readonly #events: ResumptionInit['events'];
  readonly #list: UploadList;

  constructor({ store, locks, channel }: ResumptionPorts, init: ResumptionInit) {
    const { list, clock, hasher, events, options, target, user, make, attach, ready, unlist, onCommand, onBroken } =
      init;
    this.#events = events;
    this.#list = list;
    this.keeper = new RecordKeeper(
      { store, locks, clock, hasher },
      {
        isKeeping: () => options().resume,
        scopes: () => (options().resume ? scopesOf(target(), options()) : []),
        user,
        onBroken,
        onOver: (id) => this.others.send('over', id),
        onKept: () => this.others.announce(),
      },
    );
    const onMissing = (id: string) => this.others.send('missing', id);
    this.restorer = new Restorer({ list, keeper: this.keeper, hasher, make, target, attach, ready, unlist, onMissing });
    const tell: Listener<EngineEventMap['upload-progress']> = ({ detail }) => this.others.tell(detail.upload.id);
    this.others = new OtherTabs({
      channel,
      clock,
      list,
      onCommand: (command, id) => (command === 'yield' ? void this.#yield(id) : onCommand(command, id)),
      over: (id) => this.keeper.over(id),
      // Not before, because an event with a listener takes time for each small file.
      onWatched: () => events.addEventListener('upload-progress', tell),
      lookUp: () => this.lookUp(),
    });
  }

  /** True while records are being restored. */
  get isRestoring(): boolean {
    return this.restorer.isRestoring;
  }

  /** Puts the recorded uploads on the list and continues those that can. */
  async lookUp(): Promise<readonly UploadSnapshot[]> {
    const uploads = await this.restorer.restore();
    const snapshots = Object.freeze(uploads.map(({ snapshot }) => snapshot));
    if (uploads.length > 0) this.#events.emit('uploads-restored', { uploads: snapshots });
    for (const upload of uploads) this.goOn(upload);
    return snapshots;
  }

  /** Continues an upload, or shows the progress of the tab that drives it. */
  goOn(upload: Upload): void {
    if (isElsewhere(upload)) this.others.watch(upload);
    this.restorer.goOn(upload);
  }

  /** Another tab has the file that this one lacks: that tab drives the upload, and this one waits in its turn. */
  async #yield(id: string): Promise<void> {
    const upload = this.#list.get(id);
    if (upload === undefined || !isWithoutFile(upload)) return;
    upload.dispatch({ type: 'resume' });
    upload.dispatch({ type: 'wait', reason: 'other-tab', resumesAt: null });
    // The other tab may open another one; the record says which.
    upload.session = null;
    await this.keeper.leave(upload);
    this.goOn(upload);
  }
}
