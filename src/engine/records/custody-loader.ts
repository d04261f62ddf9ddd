/** Loads the code for records when there is something to keep or restore. If loading fails, nothing is recorded. */

import type { TabCommand } from '../tabs/tab-messages.js';
import type { UploadSnapshot } from '../upload/snapshot.js';
import type { Upload } from '../upload/upload.js';
import { isElsewhere } from '../upload/wait-reasons.js';
import type { Custody } from './custody.js';

export interface CustodyLoaderInit {
  /** Rejects when the code cannot be loaded. */
  readonly make: () => Custody | Promise<Custody>;
  readonly list: Iterable<Upload>;
  /** The `resume` option. */
  readonly isKeeping: () => boolean;
  readonly onBroken: () => void;
}

export class CustodyLoader {
  readonly #init: CustodyLoaderInit;
  #custody: Custody | null = null;
  #loading: Promise<Custody | null> | null = null;
  #isListening = false;
  #lookUps = 0;

  constructor(init: CustodyLoaderInit) {
    this.#init = init;
  }

  /** Null until the code is loaded. */
  get now(): Custody | null {
    return this.#custody;
  }

  /** Null when the code cannot be loaded; never rejects. Not tried again: uploads that run already hold no locks. */
  load(): Promise<Custody | null> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Receives messages of other tabs, from now or once the code is loaded. */
  listen(): void {
    this.#isListening = true;
    this.#custody?.others.listen();
  }

  /** Stops receiving messages of other tabs, until it is used again. */
  close(): void {
    this.#isListening = false;
    this.#custody?.others.close();
  }

  /** Sends the command to the tab that drives the upload; false when this tab does. */
  ask(upload: Upload, command: TabCommand): boolean {
    if (!isElsewhere(upload)) return false;
    this.#custody?.others.ask(upload, command);
    return true;
  }

  /** Schedules a write of the record, or deletes it once there is nothing to continue. */
  checkpoint(upload: Upload): void {
    if (this.#custody !== null) this.#custody.keeper.checkpoint(upload);
    else if (this.#init.isKeeping()) void this.load();
  }

  /** Writes the record and releases the lock, so that another page can continue the upload. */
  async leave(upload: Upload): Promise<void> {
    if (this.#custody !== null || this.#init.isKeeping()) await (await this.load())?.keeper.leave(upload);
  }

  /** Makes this page the owner; false when another page is, which is possible only for restored uploads. */
  async claim(id: string): Promise<boolean> {
    return this.#custody === null || this.#custody.keeper.claim(id);
  }

  /** True while records are being restored. */
  get isRestoring(): boolean {
    return this.#lookUps > 0 || this.#custody?.isRestoring === true;
  }

  async restore(): Promise<readonly UploadSnapshot[]> {
    this.#isListening = true;
    this.#lookUps += 1;
    try {
      const custody = await this.load();
      custody?.others.show();
      return (await custody?.lookUp()) ?? [];
    } finally {
      this.#lookUps -= 1;
    }
  }

  async #load(): Promise<Custody | null> {
    const { make, list, onBroken } = this.#init;
    try {
      const made = make();
      // Assigned in the same task when nothing has to be loaded, so that the first checkpoint is not missed.
      this.#custody = 'then' in made ? await made : made;
    } catch {
      onBroken();
      return null;
    }
    const { keeper, others } = this.#custody;
    if (this.#isListening) others.listen();
    for (const upload of list) keeper.checkpoint(upload);
    return this.#custody;
  }
}
