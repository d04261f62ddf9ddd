/** The way back to a file whose page is gone. */

import type { FileHandle } from '../ports/source.js';
import type { WaitReason } from './snapshot.js';

/** The file, or what is missing to get it. */
export type Access =
  | { readonly file: File }
  | { readonly needs: Extract<WaitReason, 'needs-file' | 'needs-permission'> };

const READ = { mode: 'read' } as const;
const NEEDS_FILE: Access = { needs: 'needs-file' };

/** Without asking the user. */
export const findFile = async (handle: FileHandle | null): Promise<Access> => {
  if (handle === null) return NEEDS_FILE;
  return open(handle, (await handle.queryPermission?.(READ)) ?? 'granted');
};

/** Asks the user if need be; call it from a click. */
export const askForFile = async (handle: FileHandle | null): Promise<Access> => {
  if (handle === null) return NEEDS_FILE;
  return open(handle, (await handle.requestPermission?.(READ)) ?? 'granted');
};

const open = async (handle: FileHandle, permission: PermissionState): Promise<Access> => {
  if (permission === 'prompt') return { needs: 'needs-permission' };
  if (permission === 'denied') return NEEDS_FILE;
  try {
    return { file: await handle.getFile() };
  } catch {
    // Moved, deleted, or on a drive that is not there.
    return NEEDS_FILE;
  }
};
