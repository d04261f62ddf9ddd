/**
 * Keeps the files that a form's page says are stored on the list, beside what is uploaded: those that stay are in the
 * form's value, those that the user took off are known as removed. A list that is set again brings back none of these.
 */

import type { EngineCore } from '../../engine/engine-core.js';
import type { StoredFile } from '../../engine/upload/file-description.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { readStored, type StoredEntry } from '../engine/customization.js';

export interface StoredFilesHost {
  readonly stored: readonly StoredEntry[];
  readonly uploads: readonly UploadSnapshot[];
}

/** What a user has made of the files of an edit form. */
export interface StoredChanges {
  /** Ids of stored files that are still on the list. */
  readonly kept: readonly string[];
  /** Ids of stored files that were taken off the list. */
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
  /** The list as it was set last. */
  #given: readonly StoredEntry[] | null = null;
  #entries: ReadonlyMap<string, StoredEntry> = new Map();

  constructor(host: StoredFilesHost) {
    this.#host = host;
  }

  /** As the page set them last, by their ids. */
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

  /** The page has set another list since the last call. */
  get isStale(): boolean {
    const { stored } = this.#host;
    return this.#given !== stored && (this.#given !== null || stored.length > 0);
  }

  /** Brings the list of uploads in line with what the page has set. */
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

  /** As the page set it, whatever the user did. The list is empty by then. */
  reset(engine: EngineCore): void {
    this.#show(engine, () => true);
  }

  /** The browser brings a form back as the user left it. */
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
