/** Reads a dropped folder completely, at any depth. */

import { isJunk } from './collect-files.js';

/** Null in other browsers, for items created by scripts, and for folders that the browser protects. */
export type Handle = Promise<FileSystemHandle | null>;

export interface FoundFile {
  readonly file: File;
  /** Set for files in folders. */
  readonly relativePath?: string;
  readonly findHandle: () => Handle;
}

export type Found = FoundFile | { readonly unreadable: string } | { readonly empty: string };

const pathOf = (entry: FileSystemEntry): string => entry.fullPath.replace(/^\//, '');

export const readEntry = async (entry: FileSystemEntry, findHandle: () => Handle): Promise<Found[]> => {
  try {
    if (entry.isDirectory) return await readFolder(entry as FileSystemDirectoryEntry, findHandle());
    return isJunk(entry.name) ? [] : [await readFile(entry as FileSystemFileEntry, findHandle)];
  } catch {
    return [{ unreadable: pathOf(entry) }];
  }
};

const readFile = async (entry: FileSystemFileEntry, findHandle: () => Handle): Promise<FoundFile> => {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return { file, relativePath: pathOf(entry), findHandle };
};

/**
 * A reader returns at most 100 entries at a time (Chromium) and an empty batch at the end. Entries are read in every
 * browser, because reading a folder's handle would skip files whose names Chromium considers unsafe (`page.url`). The
 * handle of a file comes from its folder's, so that one permission restores all files of the folder.
 */
const readFolder = async (folder: FileSystemDirectoryEntry, handle: Handle): Promise<Found[]> => {
  const reader = folder.createReader();
  const found: Found[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found.some((one) => !('empty' in one)) ? found : [{ empty: pathOf(folder) }];
    const read = batch.map((entry) => readEntry(entry, () => handleIn(handle, entry)));
    for (const inside of await Promise.all(read)) for (const one of inside) found.push(one);
  }
};

const handleIn = async (folder: Handle, { name, isDirectory }: FileSystemEntry): Handle => {
  const parent = (await folder) as FileSystemDirectoryHandle | null;
  return (isDirectory ? parent?.getDirectoryHandle(name) : parent?.getFileHandle(name))?.catch(() => null) ?? null;
};
