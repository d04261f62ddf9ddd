/** Asks the user for permission to reopen a file after a reload. */

import type { FileHandle } from '../../ports/source.js';
import { type Access, findFile, open, READ } from '../source/file-access.js';

/** The user was asked and refused. */
export const REFUSED: Access = { needs: 'needs-file' };

/** Asks the user if necessary. Call it from a click: without one the browser does not ask, and the need stays. */
export const askForFile = async (handle: FileHandle | null): Promise<Access> => {
  const access = await findFile(handle);
  if (handle === null || 'file' in access || access.needs === 'needs-file') return access;
  const permission = await handle.requestPermission?.(READ).catch(() => null);
  if (permission === null) return access;
  return permission === 'granted' ? open(handle) : REFUSED;
};
