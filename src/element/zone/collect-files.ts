/**
 * Collects files from inputs, drops and pastes. Folders are read completely; entries that cannot be read are reported
 * by name, and files that operating systems leave in folders are skipped.
 */

import type { FileInput } from '../../ports/source.js';
import type { Found, FoundFile, Handle, readEntry } from './read-folder.js';

export interface Collected {
  readonly files: readonly FileInput[];
  /** Paths of files and folders that the browser could not read. */
  readonly unreadable: readonly string[];
  /** Paths of dropped folders that contain no file at any depth. */
  readonly empty?: readonly string[];
}

export const NOTHING: Collected = { files: [], unreadable: [] };

const JUNK = new Set(['.ds_store', 'thumbs.db', 'desktop.ini']);

export const isJunk = (name: string): boolean => JUNK.has(name.toLowerCase());

const withoutJunk = (files: Iterable<File>): File[] => [...files].filter(({ name }) => !isJunk(name));

/** The files of an `<input type="file">`, which is emptied so that the same file can be chosen again. */
export const collectFromInput = (input: HTMLInputElement): Collected => {
  const files = withoutJunk(input.files ?? []);
  input.value = '';
  return { files, unreadable: [] };
};

export const collectFromClipboard = (data: DataTransfer | null): Collected => ({
  files: withoutJunk(data?.files ?? []),
  unreadable: [],
});

/** Entries and handles are invalid after the event, so they are collected at once and read afterwards. */
export const collectFromDrop = async (data: DataTransfer): Promise<Collected> => {
  const dropped = [...data.items].filter(({ kind }) => kind === 'file').map(takeItem);
  if (dropped.length === 0) return { files: withoutJunk(data.files), unreadable: [] };
  return collect((await Promise.all(dropped.map(readItem))).flat());
};

/** Only Chromium has this method. */
type HandleKeeper = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

interface DroppedItem {
  /** Null for items created by scripts, and in browsers without entries. */
  readonly entry: FileSystemEntry | null;
  /** Folders have one as well, which is useless. */
  readonly file: File | null;
  readonly handle: Handle;
}

const takeItem = (item: HandleKeeper): DroppedItem => ({
  entry: item.webkitGetAsEntry?.() ?? null,
  file: item.getAsFile(),
  // Chromium returns undefined for items created by scripts, against the specification.
  handle: Promise.resolve(item.getAsFileSystemHandle?.()).then(
    (handle) => handle ?? null,
    () => null,
  ),
});

/** Loads the code for folders when one is dropped; if that fails, the folder is reported as unreadable. */
const readLater: typeof readEntry = async (entry, findHandle) => {
  try {
    return await (await import('./read-folder.js')).readEntry(entry, findHandle);
  } catch {
    return [{ unreadable: entry.name }];
  }
};

const readItem = async ({ entry, file, handle }: DroppedItem): Promise<Found[]> => {
  const findHandle = () => handle;
  if (entry?.isDirectory || (entry && !file)) return readLater(entry, findHandle);
  return file && !isJunk(file.name) ? [{ file, findHandle }] : [];
};

/** With their handles, unless they are many and small. */
export const collect = async (found: readonly Found[]): Promise<Collected> => {
  const files = found.filter((one) => 'file' in one);
  const described = await Promise.all(files.map((file) => describe(file, files.length)));
  return {
    files: described,
    unreadable: found.flatMap((one) => ('unreadable' in one ? [one.unreadable] : [])),
    empty: found.flatMap((one) => ('empty' in one ? [one.empty] : [])),
  };
};

/**
 * With more files than this, only the large ones get handles: Chromium takes five times as long to write a record with
 * one (0.9 ms instead of 0.2 ms), and small files can be chosen or dropped again together.
 */
const MANY = 1_000;
const LARGE = 2 ** 20;

const describe = async ({ file, relativePath, findHandle }: FoundFile, count: number): Promise<FileInput> => {
  const handle = count <= MANY || file.size >= LARGE ? await findHandle() : null;
  if (handle === null && relativePath === undefined) return file;
  return {
    file,
    ...(relativePath !== undefined && { relativePath }),
    handle: handle as FileSystemFileHandle | null,
  };
};
