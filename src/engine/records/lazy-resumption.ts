/** Loads the code for resumption when there is something to keep or restore. If loading fails, nothing is recorded. */

import type { TabCommand } from '../tabs/tab-messages.js';
import type { UploadSnapshot } from '../upload/snapshot.js';
import type { Upload } from '../upload/upload.js';
import { isElsewhere } from '../upload/wait-reasons.js';
import type { Resumption } from './resumption.js';

export interface LazyResumptionInit {
  /** Rejects when the code cannot be loaded. */
  readonly make: () => Resumption | Promise<Resumption>;
  readonly list: Iterable<Upload>;
  /** The `resume` option. */
  readonly isKeeping: () => boolean;
  readonly onBroken: () => void;
}

export class LazyResumption {
  readonly #init: LazyResumptionInit;
  #resumption: Resumption | null = null;
  #loading: Promise<Resumption | null> | null = null;
  #isListening = false;
  #lookUps = 0;

  constructor(init: LazyResumptionInit) {
    this.#init = init;
  }

  /** Null until the code is loaded. */
  get now(): Resumption | null {
    return this.#resumption;
  }

  /** Null when the code cannot be loaded; never rejects. Not tried again: uploads that run already hold no locks. */
  load(): Promise<Resumption | null> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Receives messages of other tabs, from now or once the code is loaded. */
  listen(): void {
    this.#isListening = true;
    this.#resumption?.others.listen();
  }

  /** Stops receiving messages of other tabs, until it is used again. */
  close(): void {
    this.#isListening = false;
    this.#resumption?.others.close();
  }

  /** Sends the command to the tab that drives the upload; false when this tab does. */
  ask(upload: Upload, command: TabCommand): boolean {
    if (!isElsewhere(upload)) return false;
    this.#resumption?.others.send(command, upload.id);
    return true;
  }

  /** Schedules a write of the record, or deletes it once there is nothing to continue. */
  checkpoint(upload: Upload): void {
    if (this.#resumption !== null) this.#resumption.keeper.checkpoint(upload);
    else if (this.#init.isKeeping()) void this.load();
  }

  /** Writes the record and releases the lock, so that another page can continue the upload. */
  async leave(upload: Upload): Promise<void> {
    if (this.#resumption !== null || this.#init.isKeeping()) await (await this.load())?.keeper.leave(upload);
  }

  /** Makes this page the owner; false when another page is, which is possible only for restored uploads. */
  async claim(id: string): Promise<boolean> {
    return this.#resumption === null || this.#resumption.keeper.claim(id);
  }

  /** True while records are being restored. */
  get isRestoring(): boolean {
    return this.#lookUps > 0 || this.#resumption?.isRestoring === true;
  }

  async restore(): Promise<readonly UploadSnapshot[]> {
    this.#isListening = true;
    this.#lookUps += 1;
    try {
      const resumption = await this.load();
      resumption?.others.show();
      return (await resumption?.lookUp()) ?? [];
    } finally {
      this.#lookUps -= 1;
    }
  }

  async #load(): Promise<Resumption | null> {
    const { make, list, onBroken } = this.#init;
    try {
      const made = make();
      // Assigned in the same task when nothing has to be loaded, so that the first checkpoint is not missed.
      this.#resumption = 'then' in made ? await made : made;
    } catch {
      onBroken();
      return null;
    }
    const { keeper, others } = this.#resumption;
    if (this.#isListening) others.listen();
    for (const upload of list) keeper.checkpoint(upload);
    return this.#resumption;
  }
}
