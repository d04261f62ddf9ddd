/**
 * Files in folders. Documented: a file of the same name in the same folder replaces the first one, which keeps the
 * node's id and leaves the old bytes as a version (guides). Assumed: that an update keeps the node's name and place;
 * that the type is the form part's `Content-Type` for a whole file, and `application/octet-stream` for a chunked one,
 * for which no field is documented.
 */

import type { Readable } from 'node:stream';
import type { TempFile } from '../disk/disk.js';
import type { FileFacts, ObjectStore, StoredFile } from '../disk/object-store.js';
import { notFound } from './current-error.js';
import { isOpaqueId, newOpaqueId } from './opaque-id.js';
import type { Target } from './sessions/upload-session.js';

type Place = Pick<FileFacts, 'workspaceId' | 'folderId' | 'relativePath'>;

const keyOf = ({ workspaceId, folderId, relativePath }: Place): string =>
  JSON.stringify([workspaceId, folderId, relativePath]);

export interface Folder {
  readonly id: string;
  readonly name: string;
}

export class Nodes {
  readonly #store: ObjectStore;
  /** Ids by place, including files that are being stored. */
  readonly #ids: Map<string, string>;
  /** Folders that were listed, by id: `top` is the folder that uploads name, `path` the path below it. */
  readonly #folders = new Map<string, { readonly top: string; readonly path: string }>();

  constructor(store: ObjectStore) {
    this.#store = store;
    const earlier = store.list().filter(({ fileId }) => isOpaqueId(fileId));
    this.#ids = new Map(earlier.map((file) => [keyOf(file), file.fileId]));
  }

  /** @throws CurrentError 404 */
  find(instanceId: string, nodeId: string): StoredFile {
    const file = this.#store.get(nodeId);
    if (file?.workspaceId !== instanceId) throw notFound('node');
    return file;
  }

  /** @throws CurrentError 404 */
  findAnywhere(nodeId: string): StoredFile {
    const file = this.#store.get(nodeId);
    if (file === undefined) throw notFound('node');
    return file;
  }

  list(instanceId: string, folderId: string): StoredFile[] {
    return this.#store.list().filter((file) => file.workspaceId === instanceId && file.folderId === folderId);
  }

  /** Files and folders directly in the folder. A folder exists while it contains files. */
  children(
    instanceId: string,
    folderId: string,
  ): { readonly folders: readonly Folder[]; readonly files: StoredFile[] } {
    const { top, path } = this.#folders.get(folderId) ?? { top: folderId, path: '' };
    const below = this.list(instanceId, top).filter(({ relativePath }) => relativePath.startsWith(path));
    const names = below.map(({ relativePath }) => relativePath.slice(path.length).split('/'));
    const folders = new Set(
      names.flatMap(([name, ...rest]) => (rest.length === 0 || name === undefined ? [] : [name])),
    );
    return {
      folders: Array.from(folders, (name) => this.#folder(top, `${path}${name}/`, name)),
      files: below.filter((_, index) => names[index]?.length === 1),
    };
  }

  async remove(file: StoredFile): Promise<void> {
    this.#ids.delete(keyOf(file));
    await this.#store.remove(file.fileId);
  }

  #folder(top: string, path: string, name: string): Folder {
    const known = [...this.#folders].find(([, folder]) => folder.top === top && folder.path === path);
    if (known !== undefined) return { id: known[0], name };
    const id = newOpaqueId();
    this.#folders.set(id, { top, path });
    return { id, name };
  }

  /** The newest file with this SHA-256. @throws CurrentError 404 */
  findByHash(sha256: string): StoredFile {
    const file = this.#store.list().findLast((candidate) => candidate.sha256 === sha256);
    if (file === undefined) throw notFound('file of this hash');
    return file;
  }

  /** The bytes of a stored file. */
  read(file: StoredFile): Readable {
    return this.#store.read(file);
  }

  /** Stores the file under the name, as the next version of an existing one. */
  async place(
    file: TempFile<'sha256'>,
    { name, contentType }: Pick<FileFacts, 'name' | 'contentType'>,
    target: Target,
  ): Promise<StoredFile> {
    const { instanceId: workspaceId, folderId } = target;
    const place = { workspaceId, folderId, relativePath: `${target.relativePath}${name}` };
    const key = keyOf(place);
    const fileId = this.#ids.get(key) ?? newOpaqueId();
    this.#ids.set(key, fileId);
    const facts = { ...place, fileId, name, contentType, metadata: null };
    return this.#store.overwrite(file, facts);
  }

  /** Stores the file as the next version of the node. @throws CurrentError 404 */
  async update(file: TempFile<'sha256'>, instanceId: string, nodeId: string): Promise<StoredFile> {
    const { size: _, sha256: __, storedAt: ___, version: ____, ...facts } = this.find(instanceId, nodeId);
    return this.#store.overwrite(file, facts);
  }

  clear(): void {
    this.#ids.clear();
    this.#folders.clear();
  }
}
