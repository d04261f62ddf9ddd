/**
 * Keeps the `stored` files on the list beside the uploads: those that stay are in the form's value, those that the user
 * removed are known as removed. Setting the list again does not restore removed ones.
 */

import type { EngineCore } from '../../engine/engine-core.js';
import type { StoredFile } from '../../engine/upload/file-description.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { readStored, type StoredEntry } from '../engine/customization.js';

export interface StoredFilesHost {
  readonly stored: readonly StoredEntry[];
  readonly uploads: readonly UploadSnapshot[];
}

/** The user's changes of the `stored` files. */
export interface StoredChanges {
  /** Ids of stored files that are still on the list. */
  readonly kept: readonly string[];
  /** Ids of stored files that were removed from the list. */
  readonly removed: readonly string[];
  /** Ids of files that were uploaded since. */
  readonly added: readonly string[];
}

const toStoredFile = (entry: StoredEntry): StoredFile => {
  const { fileId, name, size = 0, type = '' } = entry;
  return { fileId, name, size, type, lastModified: 0, relativePath: name, result: entry };
};

export class StoredFiles {
  readonly #host: StoredFilesHost;
  /** The list as it was last set. */
  #given: readonly StoredEntry[] | null = null;
  #entries: ReadonlyMap<string, StoredEntry> = new Map();

  constructor(host: StoredFilesHost) {
    this.#host = host;
  }

  /** The entries that the page last set, by file id. */
  get entries(): ReadonlyMap<string | null, StoredEntry> {
    return this.#entries;
  }

  get changes(): StoredChanges {
    const ids = this.#host.uploads.flatMap(({ fileId }) => fileId ?? []);
    const onList = new Set(ids);
    const stored = [...this.#entries.keys()];
    return Object.freeze({
      kept: Object.freeze(stored.filter((id) => onList.has(id))),
      removed: Object.freeze(stored.filter((id) => !onList.has(id))),
      added: Object.freeze(ids.filter((id) => !this.#entries.has(id))),
    });
  }

  /** Whether the page has set another list since the last call. */
  get isStale(): boolean {
    const { stored } = this.#host;
    return this.#given !== stored && (this.#given !== null || stored.length > 0);
  }

  /** Updates the list of uploads to what the page has set. */
  sync(engine: EngineCore): void {
    if (!this.isStale) return;
    this.#given = this.#host.stored;
    const before = this.#entries;
    this.#entries = new Map(readStored(this.#given).map((entry) => [entry.fileId, entry]));
    for (const { id, fileId } of engine.uploads) {
      if (fileId !== null && before.has(fileId) && !this.#entries.has(fileId)) engine.remove(id);
    }
    this.#show(engine, (id) => !before.has(id));
  }

  /** Shows all entries again, including removed ones. The list is empty at this point. */
  reset(engine: EngineCore): void {
    this.#show(engine, () => true);
  }

  /** Restores a form with the changes that the user had made. */
  restore(engine: EngineCore, files: readonly StoredFile[]): void {
    const ids = new Set(files.map(({ fileId }) => fileId));
    for (const { id, fileId } of engine.uploads) {
      if (fileId !== null && this.#entries.has(fileId) && !ids.has(fileId)) engine.remove(id);
    }
    const onList = new Set(engine.uploads.map(({ fileId }) => fileId));
    engine.restoreStored(files.filter(({ fileId }) => !onList.has(fileId)));
  }

  #show(engine: EngineCore, isWanted: (fileId: string) => boolean): void {
    const onList = new Set(engine.uploads.map(({ fileId }) => fileId));
    const wanted = [...this.#entries.values()].filter(({ fileId }) => isWanted(fileId) && !onList.has(fileId));
    if (wanted.length > 0) engine.restoreStored(wanted.map(toStoredFile));
  }
}
