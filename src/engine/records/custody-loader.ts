/** Loads the custody of uploads when there is something to keep or to restore. Nothing is kept where it does not come. */

import type { TabCommand } from '../tabs/tabs.js';
import type { UploadSnapshot } from '../upload/snapshot.js';
import type { Upload } from '../upload/upload.js';
import { isElsewhere } from '../upload/whereabouts.js';
import type { Custody } from './custody.js';

export interface CustodyLoaderInit {
  /** Rejects where its code does not come. */
  readonly make: () => Custody | Promise<Custody>;
  readonly list: Iterable<Upload>;
  /** Whether records are to be kept. */
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

  /** Null until its code is there. */
  get now(): Custody | null {
    return this.#custody;
  }

  /** Null where its code does not come; never rejects. It is asked for once: what came later would hold no lock. */
  load(): Promise<Custody | null> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** An upload was put on the list: what the other tabs say is heard, and it is kept. */
  listen(): void {
    this.#isListening = true;
    this.#custody?.others.listen();
  }

  /** No longer hears the other tabs, until it is used again. */
  close(): void {
    this.#isListening = false;
    this.#custody?.others.close();
  }

  /** True when another tab drives the upload, which has then been asked. */
  ask(upload: Upload, command: TabCommand): boolean {
    if (!isElsewhere(upload)) return false;
    this.#custody?.others.ask(upload, command);
    return true;
  }

  /** Soon writes where the upload stands, or forgets it once there is nothing to go on with. */
  checkpoint(upload: Upload): void {
    if (this.#custody !== null) this.#custody.keeper.checkpoint(upload);
    else if (this.#init.isKeeping()) void this.load();
  }

  /** Writes at once where the upload stands, and resolves when a later page could read it. */
  async write(upload: Upload): Promise<void> {
    if (this.#init.isKeeping()) await (await this.load())?.keeper.write(upload);
  }

  /** Gives the upload up, while its record stays. */
  async leave(upload: Upload): Promise<void> {
    if (this.#custody !== null || this.#init.isKeeping()) await (await this.load())?.keeper.leave(upload);
  }

  /** Makes this page the owner; false when another one is, which can only be so for what was restored. */
  async claim(id: string): Promise<boolean> {
    return this.#custody === null || this.#custody.keeper.claim(id);
  }

  /** Whether more uploads may come on the list in a moment. */
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
      // One that is there at once hears of the first upload already.
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
