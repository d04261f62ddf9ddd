/** Checks the arguments of `addFiles()` before any file is added. */

import { isObject } from '../../lib/json.js';
import type { FileHandle, FileInput } from '../../ports/source.js';
import { open } from './file-access.js';

/** Duck-typed, because blobs of frames and test environments have other classes. */
export const isBlob = (value: unknown): value is Blob =>
  isObject(value) && typeof value.slice === 'function' && typeof value.size === 'number';

const isFileInput = (value: unknown): value is FileInput => isBlob(value) || (isObject(value) && isBlob(value.file));

export const isFileHandle = (value: unknown): value is FileHandle =>
  isObject(value) && typeof value.getFile === 'function';

/** @throws TypeError for anything else than files, `{file, relativePath?, handle?}` and file handles. */
export const sortInputs = (
  inputs: Iterable<unknown>,
): { readonly files: readonly FileInput[]; readonly handles: readonly FileHandle[] } => {
  const files: FileInput[] = [];
  const handles: FileHandle[] = [];
  for (const input of inputs) {
    if (isFileInput(input)) files.push(input);
    else if (isFileHandle(input)) handles.push(input);
    else throw new TypeError('addFiles() takes files, handles and {file, relativePath?, handle?}');
  }
  return { files, handles };
};

/** Opens the handles; those that cannot be opened are left out. */
export const openHandles = async (handles: readonly FileHandle[]): Promise<readonly FileInput[]> => {
  const opened = await Promise.all(handles.map(async (handle) => ({ handle, ...(await open(handle)) })));
  return opened.filter((access) => 'file' in access);
};
