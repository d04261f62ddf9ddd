/** Changes of an upload by the user or the page: its name and metadata, before it is opened. */

import { TakenNames, underName } from './duplicates.js';
import type { FileDescription } from './file-description.js';
import { type Metadata, plainMetadata } from './metadata.js';
import { targetKey } from './target.js';
import type { Upload } from './upload.js';
import type { UploadList } from './upload-list.js';

/** Names that could be read as a path, and empty ones. */
const NO_NAME = /^\.{0,2}$|[/\\\0]/;

const isFixed = ({ isOpened, state, reason }: Upload): boolean =>
  isOpened || state.kind === 'done' || reason === 'other-tab';

const toSameTarget = (upload: Upload, list: Iterable<Upload>): Upload[] => {
  const target = targetKey(upload.target);
  return Array.from(list).filter(
    (other) => other !== upload && other.state.kind !== 'canceled' && targetKey(other.target) === target,
  );
};

/**
 * Renames an upload that is about to be opened if another upload to the same folderless target has its name: uploads
 * before it on the list, and opened ones, keep theirs.
 */
export const makeDistinct = (upload: Upload, list: Iterable<Upload>): void => {
  const { name } = upload.facts;
  let isBefore = true;
  let isTaken = false;
  for (const other of list) {
    if (other === upload) isBefore = false;
    // A fast path, because this runs for each of thousands of files and most names differ.
    else if (other.facts.name !== name && other.facts.name.normalize() !== name.normalize()) continue;
    else isTaken ||= isBefore || other.isOpened || other.state.kind === 'done';
  }
  if (!isTaken) return;
  const rivals = toSameTarget(upload, list).map(({ description }) => description);
  const named = new TakenNames(rivals, { isFlat: true }).distinct(upload.description);
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
    upload.redescribe(renamed(upload, trimmed, this.#list));
    return true;
  }

  #changeable(id: string): Upload | undefined {
    const upload = this.#list.get(id);
    return upload === undefined || isFixed(upload) ? undefined : upload;
  }
}

/** The description under another name in its folder, with ` (2)` where another upload to the same target has that name. */
export const renamed = (upload: Upload, name: string, list: Iterable<Upload>): FileDescription => {
  const names = new TakenNames(toSameTarget(upload, list).map((other) => other.description));
  return names.distinct(underName(upload.description, name));
};
