/**
 * What this tab and the others do for each other: an upload that another tab drives is shown here and can be steered from
 * here; of those that are ours the others are told; and records that another tab begins to keep are looked up.
 */

import { never } from '../../lib/abortable.js';
import type { Channel } from '../../ports/channel.js';
import type { Clock } from '../../ports/clock.js';
import type { Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isElsewhere } from '../upload/whereabouts.js';
import { type TabCommand, Tabs } from './tabs.js';

export interface OtherTabsInit {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly list: UploadList;
  /** Does what another tab asks of an upload that this one drives. */
  readonly obey: (command: TabCommand, id: string) => void;
  /** An upload is over in another tab, whatever its record says. */
  readonly over: (id: string) => void;
  /** Puts records on the list that are not there yet. */
  readonly lookUp: () => Promise<unknown>;
}

/** Records come in batches: they are looked up this long after the first, in milliseconds. */
const LOOK_UP_MS = 300;

export class OtherTabs {
  readonly #init: OtherTabsInit;
  readonly #tabs: Tabs;
  /** Whether this list shows what others keep. */
  #isShowing = false;
  #isLookingUp = false;
  #hasNews = false;

  constructor(init: OtherTabsInit) {
    this.#init = init;
    this.#tabs = new Tabs({
      channel: init.channel,
      onCommand: (id, command) => this.#ours(id) && init.obey(command, id),
      onProgress: (id, progress) => {
        const upload = init.list.get(id);
        if (upload && isElsewhere(upload)) upload.mirror(progress);
      },
      onWatch: (id) => this.tell(id),
      onOver: (id) => {
        if (this.#ours(id) === undefined) init.over(id);
      },
      onKept: () => void this.#lookUp(),
    });
  }

  /** From now on hears what the others ask. */
  listen(): void {
    this.#tabs.listen();
  }

  /** From now on the list shows what the others keep, too. */
  show(): void {
    this.#isShowing = true;
    this.listen();
  }

  /** No longer hears the others, until it is used again. */
  close(): void {
    this.#isShowing = false;
    this.#tabs.close();
  }

  /** Wants to be told how far it is. */
  watch({ id }: Upload): void {
    this.#tabs.watch(id);
  }

  /** Tells those who watch. Of what another tab drives only that one tells, or two who watch would answer for ever. */
  tell(id: string): void {
    const upload = this.#ours(id);
    if (upload) this.#tabs.tell(upload.snapshot);
  }

  /** The others can see records of ours that they could not see before. */
  announce(): void {
    this.#tabs.announce();
  }

  /** Tells the others that an upload is over whose record may still be there. */
  tellOver(id: string): void {
    this.#tabs.over(id);
  }

  /** Asks the tab that drives the upload. */
  ask({ id }: Upload, command: TabCommand): void {
    this.#tabs.ask(id, command);
  }

  #ours(id: string): Upload | undefined {
    const upload = this.#init.list.get(id);
    return upload && isElsewhere(upload) ? undefined : upload;
  }

  async #lookUp(): Promise<void> {
    this.#hasNews = this.#isShowing;
    if (this.#isLookingUp) return;
    this.#isLookingUp = true;
    while (this.#hasNews) {
      await this.#init.clock.delay(LOOK_UP_MS, { signal: never() });
      this.#hasNews = false;
      if (this.#isShowing) await this.#init.lookUp();
    }
    this.#isLookingUp = false;
  }
}
