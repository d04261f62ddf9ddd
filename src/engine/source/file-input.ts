/** What scripts hand to `addFiles()`, sorted and checked before any of it comes on the list. */

import { isObject } from '../../lib/json.js';
import type { FileHandle, FileInput } from '../../ports/source.js';

/** Also of a frame, or of a test environment with classes of its own. */
const isBlob = (value: unknown): boolean =>
  isObject(value) && typeof value.slice === 'function' && typeof value.size === 'number';

const isFileInput = (value: unknown): value is FileInput => isBlob(value) || (isObject(value) && isBlob(value.file));

export const isFileHandle = (value: unknown): value is FileHandle =>
  isObject(value) && typeof value.getFile === 'function';

/** @throws TypeError for anything else than a file, with or without more facts, or the handle of one. */
export const sortInputs = (
  inputs: Iterable<unknown>,
): { readonly files: readonly FileInput[]; readonly handles: readonly FileHandle[] } => {
  const files: FileInput[] = [];
  const handles: FileHandle[] = [];
  for (const input of inputs) {
    if (isFileInput(input)) files.push(input);
    else if (isFileHandle(input)) handles.push(input);
    else throw new TypeError('addFiles() takes File objects, handles of files, and {file, relativePath?, handle?}');
  }
  return { files, handles };
};

/** Those that can be opened. */
export const openHandles = async (handles: readonly FileHandle[]): Promise<readonly FileInput[]> => {
  const opened = await Promise.all(
    handles.map(async (handle) => ({ file: await handle.getFile().catch(() => null), handle })),
  );
  return opened.flatMap(({ file, handle }) => (file === null ? [] : { file, handle }));
};
