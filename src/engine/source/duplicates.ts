/** What becomes of a file equal in path, size and date to one on the list. */

import type { FileDescription } from '../upload/upload.js';

/** Equal for files that count as the same. */
export const duplicateKey = ({ relativePath, size, lastModified }: Omit<FileDescription, 'name' | 'type'>): string =>
  `${size}/${lastModified}/${relativePath}`;

/** The first of `photo (2).jpg`, `photo (3).jpg`, … whose path is not taken. */
export const renamed = (file: FileDescription, isTaken: (relativePath: string) => boolean): FileDescription => {
  const folder = file.relativePath.slice(0, file.relativePath.length - file.name.length);
  const dot = file.name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [file.name.slice(0, dot), file.name.slice(dot)] : [file.name, ''];
  for (let number = 2; ; number++) {
    const name = `${stem} (${number})${extension}`;
    if (!isTaken(folder + name)) return { ...file, name, relativePath: folder + name };
  }
};
