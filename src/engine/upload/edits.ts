/** What the user or the page may still change of an upload: name and metadata before it is opened, its place at any time. */

import { TakenNames } from '../source/duplicates.js';
import type { FileDescription } from './file-description.js';
import { type Metadata, plainMetadata } from './metadata.js';
import { targetKey } from './target.js';
import type { Upload } from './upload.js';
import type { UploadList } from './upload-list.js';

/** A name that would be read as a path, or as none. */
const NO_NAME = /^\.{0,2}$|[/\\\0]/;

const isFixed = ({ isOpened, state, reason }: Upload): boolean =>
  isOpened || state.kind === 'done' || reason === 'other-tab';

/** Other uploads to the same target whose names must not be taken twice. */
const rivalsOf = (upload: Upload, list: Iterable<Upload>): FileDescription[] =>
  Array.from(list)
    .filter((other) => other !== upload && other.state.kind !== 'canceled')
    .filter((other) => targetKey(other.target) === targetKey(upload.target))
    .map(({ description }) => description);

/** Gives the upload a name that no other of its target on the list has: its own if possible. */
export const makeDistinct = (
  upload: Upload,
  list: Iterable<Upload>,
  { isFlat }: { readonly isFlat: boolean },
): void => {
  const named = new TakenNames(rivalsOf(upload, list), { isFlat }).distinct(upload.description);
  if (named !== upload.description) upload.redescribe(named);
};

export class Edits {
  readonly #list: UploadList;

  constructor(list: UploadList) {
    this.#list = list;
  }

  /** @throws UploadError `configuration` that names the field which cannot be sent. */
  setMetadata(id: string, metadata: Metadata | null): boolean {
    const upload = this.#changeable(id);
    upload?.redescribe({ metadata: plainMetadata(metadata) });
    return upload !== undefined;
  }

  rename(id: string, name: string): boolean {
    const upload = this.#changeable(id);
    const trimmed = name.trim();
    if (upload === undefined || NO_NAME.test(trimmed)) return false;
    upload.redescribe(renamedTo(upload.description, trimmed));
    makeDistinct(upload, this.#list, { isFlat: false });
    return true;
  }

  move(id: string, index: number): boolean {
    const upload = this.#list.get(id);
    if (upload !== undefined) this.#list.place(upload, index);
    return upload !== undefined;
  }

  #changeable(id: string): Upload | undefined {
    const upload = this.#list.get(id);
    return upload === undefined || isFixed(upload) ? undefined : upload;
  }
}

/** In the same folder. */
export const renamedTo = (
  { name: before, relativePath }: FileDescription,
  name: string,
): Pick<FileDescription, 'name' | 'relativePath'> => ({
  name,
  relativePath: relativePath.slice(0, relativePath.length - before.length) + name,
});
