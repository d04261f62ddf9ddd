/** The way back to a file whose page is gone. */

import { abortable } from '../../lib/abortable.js';
import type { FileHandle } from '../../ports/source.js';
import type { WaitReason } from '../upload/snapshot.js';
import { READ_MS } from './fingerprint.js';

export type Need = Extract<WaitReason, 'needs-file' | 'needs-permission'>;

/** The file, or what is missing to get it. */
export type Access = { readonly file: File } | { readonly needs: Need };

const READ = { mode: 'read' } as const;
const NEEDS_FILE: Access = { needs: 'needs-file' };
/** The user was asked and said no. */
export const REFUSED: Access = { needs: 'needs-file' };

/** Without asking the user. */
export const findFile = async (handle: FileHandle | null): Promise<Access> => {
  if (handle === null) return NEEDS_FILE;
  // Where the browser does not say, opening it tells.
  const permission = (await handle.queryPermission?.(READ).catch(() => null)) ?? 'granted';
  if (permission === 'prompt') return { needs: 'needs-permission' };
  return permission === 'granted' ? open(handle) : NEEDS_FILE;
};

/** Asks the user if need be; call it from a click. Without one the browser does not ask, and the need stays. */
export const askForFile = async (handle: FileHandle | null): Promise<Access> => {
  const access = await findFile(handle);
  if (handle === null || 'file' in access || access.needs === 'needs-file') return access;
  const permission = await handle.requestPermission?.(READ).catch(() => null);
  if (permission === null) return access;
  return permission === 'granted' ? open(handle) : REFUSED;
};

const open = async (handle: FileHandle): Promise<Access> => {
  try {
    return { file: await abortable(handle.getFile(), AbortSignal.timeout(READ_MS)) };
  } catch {
    // Moved, deleted, or on a drive that is not there.
    return NEEDS_FILE;
  }
};
