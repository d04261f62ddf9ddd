/** The finished files of all dialects: `objects/<id>.bin` has the bytes, `objects/<id>.json` the facts. */

import { randomBytes } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isObject, type JsonObject, parseJson } from '../../lib/json.js';
import type { Disk, TempFile } from './disk.js';

/** The properties of a file that are known before its bytes. */
export interface FileFacts {
  readonly fileId: string;
  readonly name: string;
  /** Folder path and name; the bare name for a single file. */
  readonly relativePath: string;
  readonly contentType: string;
  readonly workspaceId: string | null;
  readonly folderId: string | null;
  readonly metadata: JsonObject | null;
}

export interface StoredFile extends FileFacts {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** Counts from 1, for files that can be overwritten. Earlier versions are not kept. */
  readonly version?: number;
}

/** The id is also the file's name on disk, so it is generated here and never read from a request. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(16).toString('hex')}`;

const isStoredFile = (value: unknown): value is StoredFile =>
  isObject(value) && typeof value.fileId === 'string' && typeof value.size === 'number';

export class ObjectStore {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #onStored: (file: StoredFile) => void;
  readonly #files = new Map<string, StoredFile>();
  readonly #placing = new Map<string, Promise<StoredFile>>();

  constructor(disk: Disk, now: () => number, onStored: (file: StoredFile) => void = () => {}) {
    this.#disk = disk;
    this.#folder = disk.folder('objects');
    this.#now = now;
    this.#onStored = onStored;
    this.#load();
  }

  /** In order of storing. */
  list(): StoredFile[] {
    return [...this.#files.values()];
  }

  get(fileId: string): StoredFile | undefined {
    return this.#files.get(fileId);
  }

  /** Streams the bytes of a file that `get` returned. */
  read(file: StoredFile): Readable {
    return createReadStream(this.#bytesOf(file.fileId), { highWaterMark: 2 ** 18 });
  }

  /** Makes the file visible in one step. If the id already has a file, that one is kept and returned. */
  async publish(temp: TempFile<'sha256'>, facts: FileFacts): Promise<StoredFile> {
    const earlier = this.#files.get(facts.fileId) ?? (await this.#placing.get(facts.fileId));
    if (earlier !== undefined) {
      await this.#disk.discard(temp);
      return earlier;
    }
    return this.#startPlacing(facts.fileId, () => this.#place(temp, facts));
  }

  /** Stores the next version of the file, or its first. */
  async overwrite(temp: TempFile<'sha256'>, facts: FileFacts): Promise<StoredFile> {
    const before = this.#placing.get(facts.fileId);
    return this.#startPlacing(facts.fileId, async () => {
      await before?.catch(() => {});
      return this.#place(temp, { ...facts, version: (this.#files.get(facts.fileId)?.version ?? 0) + 1 });
    });
  }

  /** Deletes the file; does nothing for an unknown id. */
  async remove(fileId: string): Promise<void> {
    const file = this.#files.get(fileId);
    if (file === undefined) return;
    this.#files.delete(fileId);
    await this.#disk.remove(this.#factsOf(fileId), 0);
    await this.#disk.remove(this.#bytesOf(fileId), file.size);
  }

  async clear(): Promise<void> {
    const files = this.list();
    this.#files.clear();
    for (const { fileId, size } of files) {
      await this.#disk.remove(this.#factsOf(fileId), 0);
      await this.#disk.remove(this.#bytesOf(fileId), size);
    }
  }

  #startPlacing(fileId: string, place: () => Promise<StoredFile>): Promise<StoredFile> {
    const placing = place().finally(() => {
      if (this.#placing.get(fileId) === placing) this.#placing.delete(fileId);
    });
    this.#placing.set(fileId, placing);
    return placing;
  }

  async #place(temp: TempFile<'sha256'>, facts: FileFacts & Pick<StoredFile, 'version'>): Promise<StoredFile> {
    const file = { ...facts, size: temp.size, sha256: temp.digests.sha256, storedAt: this.#now() };
    this.#disk.place(temp, this.#bytesOf(file.fileId));
    this.#disk.release(this.#files.get(file.fileId)?.size ?? 0);
    this.#files.delete(file.fileId);
    try {
      await this.#disk.writeText(this.#factsOf(file.fileId), JSON.stringify(file));
    } catch (error) {
      await this.#disk.remove(this.#bytesOf(file.fileId), file.size);
      throw error;
    }
    this.#files.set(file.fileId, file);
    this.#onStored(file);
    return file;
  }

  /** Reads the files of an earlier run. Bytes without facts, left by a crash within `#place`, are deleted. */
  #load(): void {
    const names = new Set(readdirSync(this.#folder));
    const files: StoredFile[] = [];
    for (const name of names) {
      const path = join(this.#folder, name);
      if (name.endsWith('.json')) {
        const file = parseJson(readFileSync(path, 'utf8'));
        if (isStoredFile(file) && names.has(`${file.fileId}.bin`)) files.push(file);
        else rmSync(path, { force: true });
      } else if (!names.has(name.replace(/\.bin$/, '.json'))) rmSync(path, { force: true });
    }
    for (const file of files.sort((a, b) => a.storedAt - b.storedAt)) {
      this.#disk.occupy(statSync(this.#bytesOf(file.fileId)).size);
      this.#files.set(file.fileId, file);
    }
  }

  #bytesOf(fileId: string): string {
    return join(this.#folder, `${fileId}.bin`);
  }

  #factsOf(fileId: string): string {
    return join(this.#folder, `${fileId}.json`);
  }
}
