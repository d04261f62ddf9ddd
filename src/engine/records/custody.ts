/**
 * What carries uploads from one page to another: their records, their restoration, and what tabs say to each other. An
 * upload can do without it, so its code is loaded beside the first requests.
 */

import type { TypedEventTarget } from '../../lib/typed-event-target.js';
import type { Channel } from '../../ports/channel.js';
import type { Clock } from '../../ports/clock.js';
import type { Hasher } from '../../ports/hasher.js';
import type { Locks } from '../../ports/locks.js';
import type { Store } from '../../ports/store.js';
import type { EngineOptions } from '../options.js';
import type { Additions } from '../source/additions.js';
import { OtherTabs } from '../tabs/other-tabs.js';
import type { TabCommand } from '../tabs/tabs.js';
import type { EngineEventMap } from '../upload/events.js';
import type { UploadSnapshot } from '../upload/snapshot.js';
import type { UploadTarget } from '../upload/target.js';
import type { Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isElsewhere } from '../upload/whereabouts.js';
import { RecordKeeper } from './record-keeper.js';
import { type MakeUpload, Restorer } from './restorer.js';
import { scopesOf } from './target-record.js';

/** What records and other tabs need of the outside world. */
export interface CustodyPorts {
  readonly store: Store;
  readonly locks: Locks;
  readonly channel: Channel;
}

export interface CustodyInit {
  readonly list: UploadList;
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly events: TypedEventTarget<EngineEventMap>;
  readonly options: () => EngineOptions;
  /** Where files go that are added now. */
  readonly target: () => UploadTarget;
  /** Who is signed in at the backend; null where it does not say. Must not reject. */
  readonly user: () => Promise<string | null>;
  readonly make: MakeUpload;
  readonly attach: Additions['attach'];
  /** The upload may begin when its turn comes. */
  readonly ready: (upload: Upload) => void;
  /** It leaves the list. */
  readonly drop: (upload: Upload) => void;
  /** Does what another tab asks of an upload that this one drives. */
  readonly obey: (command: TabCommand, id: string) => void;
  /** From now on nothing can be kept. */
  readonly onBroken: () => void;
}

export class Custody {
  readonly keeper: RecordKeeper;
  readonly restorer: Restorer;
  readonly others: OtherTabs;
  readonly #events: CustodyInit['events'];

  constructor({ store, locks, channel }: CustodyPorts, init: CustodyInit) {
    const { list, clock, hasher, options, target, user, make, attach, ready, drop, obey, onBroken } = init;
    this.#events = init.events;
    this.keeper = new RecordKeeper(
      { store, locks, clock },
      {
        scopes: () => (options().resume ? scopesOf(target(), options()) : []),
        user,
        onBroken,
        onOver: (id) => this.others.tellOver(id),
        onKept: () => this.others.announce(),
      },
    );
    this.restorer = new Restorer({ list, keeper: this.keeper, hasher, make, target, attach, ready, drop });
    const over = (id: string) => this.keeper.over(id);
    this.others = new OtherTabs({ channel, clock, list, obey, over, lookUp: () => this.lookUp() });
  }

  /** Whether more uploads may come on the list in a moment. */
  get isRestoring(): boolean {
    return this.restorer.isRestoring;
  }

  /** Puts what earlier pages left on the list; what can goes on. */
  async lookUp(): Promise<readonly UploadSnapshot[]> {
    const uploads = await this.restorer.restore();
    const snapshots = Object.freeze(uploads.map(({ snapshot }) => snapshot));
    if (uploads.length > 0) this.#events.emit('uploads-restored', { uploads: snapshots });
    for (const upload of uploads) this.goOn(upload);
    return snapshots;
  }

  /** An upload that has come on the list goes on where that can be done, or follows the tab that drives it. */
  goOn(upload: Upload): void {
    if (isElsewhere(upload)) this.others.watch(upload);
    this.restorer.goOn(upload);
  }
}
