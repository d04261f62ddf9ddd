/**
 * Connects the lists of several tabs: an upload that another tab drives is shown here and sends its commands there; the
 * progress of this tab's uploads is sent to the tabs that show them; and new records of other tabs are looked up.
 */

import { never } from '../../lib/abortable.js';
import type { Channel } from '../../ports/channel.js';
import type { Clock } from '../../ports/clock.js';
import type { Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isElsewhere } from '../upload/wait-reasons.js';
import { type TabCommand, type TabMessage, Tabs } from './tab-messages.js';

export interface OtherTabsInit {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly list: UploadList;
  /** Runs the command of another tab on an upload that this tab drives. */
  readonly onCommand: (command: TabCommand, id: string) => void;
  /** An upload has ended in another tab, although its record may still exist. */
  readonly over: (id: string) => void;
  /** Called when a tab watches an upload: from then on `tell` has to be called. */
  readonly onWatched: () => void;
  /** Puts new records on the list. */
  readonly lookUp: () => Promise<unknown>;
}

/** Time from the first message about new records to the look-up, in milliseconds: records are written in batches. */
const LOOK_UP_MS = 300;

export class OtherTabs {
  readonly #init: OtherTabsInit;
  readonly #tabs: Tabs;
  /** True when this list shows the uploads of other tabs. */
  #isShowing = false;
  #isLookingUp = false;
  #hasNews = false;

  constructor(init: OtherTabsInit) {
    this.#init = init;
    this.#tabs = new Tabs({
      channel: init.channel,
      onCommand: (id, command) => this.#driven(id) && init.onCommand(command, id),
      onProgress: (id, progress) => {
        const upload = init.list.get(id);
        if (upload && isElsewhere(upload)) upload.mirror(progress);
      },
      onWatch: (id) => {
        init.onWatched();
        this.tell(id);
      },
      onOver: (id) => {
        if (this.#driven(id) === undefined) init.over(id);
      },
      onMissing: (id) => {
        const upload = init.list.get(id);
        if (upload && isElsewhere(upload) && upload.file !== null) this.send('yield', id);
      },
      onKept: () => void this.#lookUp(),
    });
  }

  /** Starts receiving messages. */
  listen(): void {
    this.#tabs.listen();
  }

  /** Starts showing the uploads of other tabs. */
  show(): void {
    this.#isShowing = true;
    this.listen();
  }

  /** Stops receiving messages, until it is used again. */
  close(): void {
    this.#isShowing = false;
    this.#tabs.close();
  }

  /** Requests the progress of an upload that another tab drives. */
  watch({ id }: Upload): void {
    this.#tabs.watch(id);
  }

  /**
   * Sends the progress to watching tabs; only the driving tab does, or two watching tabs would answer each other
   * forever.
   */
  tell(id: string): void {
    const upload = this.#driven(id);
    if (upload) this.#tabs.tell(upload.snapshot);
  }

  /** Reports that records of this tab became visible. */
  announce(): void {
    this.#tabs.announce();
  }

  /** Commands are for the tab that drives the upload, reports for all tabs. */
  send(type: TabMessage, id: string): void {
    this.#tabs.send(type, id);
  }

  #driven(id: string): Upload | undefined {
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
