/**
 * Input, drop and paste → files. Folders are read to their end, however deep; what cannot be read is named; files that
 * operating systems leave behind in folders are left out.
 */

import type { FileInput } from '../ports/source.js';

export interface Collected {
  readonly files: readonly FileInput[];
  /** Paths of files and folders that the browser could not read. */
  readonly unreadable: readonly string[];
}

const JUNK = new Set(['.ds_store', 'thumbs.db', 'desktop.ini']);

const isJunk = (name: string): boolean => JUNK.has(name.toLowerCase());

const withoutJunk = (files: Iterable<File>): File[] => [...files].filter(({ name }) => !isJunk(name));

/** With the path that a folder button gives; a plain file has none. */
const withPath = (file: File): FileInput =>
  file.webkitRelativePath === '' ? file : { file, relativePath: file.webkitRelativePath };

/** What an `<input type="file">` holds. It is emptied, so that the same file can be chosen again. */
export const collectFromInput = (input: HTMLInputElement): Collected => {
  const files = withoutJunk(input.files ?? []).map(withPath);
  input.value = '';
  return { files, unreadable: [] };
};

export const collectFromClipboard = (data: DataTransfer | null): Collected => ({
  files: withoutJunk(data?.files ?? []),
  unreadable: [],
});

/** Entries die with the event, so they are taken out at once and read afterwards. */
export const collectFromDrop = async (data: DataTransfer): Promise<Collected> => {
  const dropped = [...data.items].filter(({ kind }) => kind === 'file').map(takeItem);
  if (dropped.length === 0) return { files: withoutJunk(data.files), unreadable: [] };
  const found = await Promise.all(dropped.map(readItem));
  return { files: found.flatMap(({ files }) => files), unreadable: found.flatMap(({ unreadable }) => unreadable) };
};

interface DroppedItem {
  /** Null for items that a script made, and in browsers without entries. */
  readonly entry: FileSystemEntry | null;
  /** A folder has one too, of no use. */
  readonly file: File | null;
}

const takeItem = (item: DataTransferItem): DroppedItem => ({
  entry: item.webkitGetAsEntry?.() ?? null,
  file: item.getAsFile(),
});

const NOTHING: Collected = { files: [], unreadable: [] };

const readItem = async ({ entry, file }: DroppedItem): Promise<Collected> => {
  if (entry?.isDirectory || (entry && !file)) return readEntry(entry);
  return file && !isJunk(file.name) ? { files: [file], unreadable: [] } : NOTHING;
};

const pathOf = (entry: FileSystemEntry): string => entry.fullPath.replace(/^\//, '');

const readEntry = async (entry: FileSystemEntry): Promise<Collected> => {
  try {
    if (entry.isDirectory) return await readFolder(entry as FileSystemDirectoryEntry);
    return isJunk(entry.name) ? NOTHING : await readFile(entry as FileSystemFileEntry);
  } catch {
    return { files: [], unreadable: [pathOf(entry)] };
  }
};

const readFile = async (entry: FileSystemFileEntry): Promise<Collected> => {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return { files: [{ file, relativePath: pathOf(entry) }], unreadable: [] };
};

/** A reader gives at most 100 entries at a time (Chromium) and an empty batch at the end. */
const readFolder = async (folder: FileSystemDirectoryEntry): Promise<Collected> => {
  const reader = folder.createReader();
  const files: FileInput[] = [];
  const unreadable: string[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return { files, unreadable };
    for (const found of await Promise.all(batch.map(readEntry))) {
      for (const file of found.files) files.push(file);
      unreadable.push(...found.unreadable);
    }
  }
};
