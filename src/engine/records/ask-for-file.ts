/** The question to the user for a file whose page is gone. */

import type { FileHandle } from '../../ports/source.js';
import { type Access, findFile, open, READ } from '../source/file-access.js';

/** The user was asked and said no. */
export const REFUSED: Access = { needs: 'needs-file' };

/** Asks the user if need be; call it from a click. Without one the browser does not ask, and the need stays. */
export const askForFile = async (handle: FileHandle | null): Promise<Access> => {
  const access = await findFile(handle);
  if (handle === null || 'file' in access || access.needs === 'needs-file') return access;
  const permission = await handle.requestPermission?.(READ).catch(() => null);
  if (permission === null) return access;
  return permission === 'granted' ? open(handle) : REFUSED;
};
