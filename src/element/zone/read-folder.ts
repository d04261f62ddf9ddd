/** What is in a dropped folder, to its end, however deep. */

import { isJunk } from './collect-files.js';

/** Null where there is none: other browsers, items that a script made, folders that the browser protects. */
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
 * A reader gives at most 100 entries at a time (Chromium) and an empty batch at the end. Entries are what is walked, in
 * every browser: walking a folder's handle would leave out files whose names Chromium thinks unsafe (`page.url`). The
 * handle of a file is asked of its folder's, so that the permission for one folder brings all of its files back.
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
