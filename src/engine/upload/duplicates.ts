/** Detects files that are equal in path, size and date, and makes names unique. */

import type { FileDescription } from './file-description.js';

/** Equal for duplicates. */
export const duplicateKey = ({ relativePath, size, lastModified }: Omit<FileDescription, 'name' | 'type'>): string =>
  `${size}/${lastModified}/${relativePath}`;

/** The description under another name in the same folder. */
export const underName = (file: FileDescription, name: string): FileDescription => ({
  ...file,
  name,
  relativePath: file.relativePath.slice(0, file.relativePath.length - file.name.length) + name,
});

/** The first of `photo (2).jpg`, `photo (3).jpg`, … that is not taken. */
const renamed = (file: FileDescription, isTaken: (file: FileDescription) => boolean): FileDescription => {
  const dot = file.name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [file.name.slice(0, dot), file.name.slice(dot)] : [file.name, ''];
  for (let number = 2; ; number++) {
    const named = underName(file, `${stem} (${number})${extension}`);
    if (!isTaken(named)) return named;
  }
};

/**
 * The paths that the files of one list and target use. Paths are compared in Unicode normal form, because many storages
 * do the same.
 */
export class TakenNames {
  readonly #taken: Set<string>;
  /** In storages without folders only the name counts. */
  readonly #keyOf: (file: FileDescription) => string;

  constructor(taken: Iterable<FileDescription> = [], { isFlat = false }: { readonly isFlat?: boolean } = {}) {
    this.#keyOf = ({ name, relativePath }) => (isFlat ? name : relativePath).normalize();
    this.#taken = new Set(Array.from(taken, this.#keyOf));
  }

  /** The file under a name that is not taken: its own if possible. */
  distinct(file: FileDescription): FileDescription {
    const isTaken = (candidate: FileDescription) => this.#taken.has(this.#keyOf(candidate));
    return isTaken(file) ? renamed(file, isTaken) : file;
  }

  take(file: FileDescription): void {
    this.#taken.add(this.#keyOf(file));
  }
}
