/** Reopens a file from its handle after a reload. */

import { abortable } from '../../lib/abortable.js';
import type { FileHandle } from '../../ports/source.js';
import type { WaitReason } from '../upload/snapshot.js';
import { READ_MS } from './fingerprint.js';

export type Need = Extract<WaitReason, 'needs-file' | 'needs-permission'>;

/** The file, or what is needed to open it. */
export type Access = { readonly file: File } | { readonly needs: Need };

export const READ = { mode: 'read' } as const;
const NEEDS_FILE: Access = { needs: 'needs-file' };

/** Opens the file without asking the user. */
export const findFile = async (handle: FileHandle | null): Promise<Access> => {
  if (handle === null) return NEEDS_FILE;
  // Where the browser has no `queryPermission`, opening the file shows it.
  const permission = (await handle.queryPermission?.(READ).catch(() => null)) ?? 'granted';
  if (permission === 'prompt') return { needs: 'needs-permission' };
  return permission === 'granted' ? open(handle) : NEEDS_FILE;
};

export const open = async (handle: FileHandle): Promise<Access> => {
  try {
    return { file: await abortable(handle.getFile(), AbortSignal.timeout(READ_MS)) };
  } catch {
    // Moved, deleted, or on a drive that is not connected.
    return NEEDS_FILE;
  }
};
